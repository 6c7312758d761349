import { cpSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { SqliteKeyVault } from '#platform/key-vault/adapters/sqlite/sqlite-key-vault.js';
import { Client } from '../support/client.js';
import { dataFolder, type DataFolder } from '../support/data-folder.js';
import { chainFaults } from '../support/hash-chain.js';
import { PAIRS, type RunningPair } from '../support/pairs.js';
import { startServer, type ServerProcess } from '../support/server-process.js';

/** Words that are nobody's but hers. */
const NAME = 'Wilhelmine Quistorp';
const WORDS = ['Quistorp', 'wilhelmine', 'q@quistorp-mail.test', '+49301239876', '49 30 1239876'];
const TEXT = 'zinnober';

describe.each(PAIRS)('personal data on $name', (pair) => {
  let folder: DataFolder;
  let engines: RunningPair;
  let server: ServerProcess;
  let client: Client;

  beforeAll(async () => {
    folder = dataFolder();
    engines = await pair.start();
    server = await startServer(folder.path, engines.environment);
    client = new Client(server.url);
  });
  afterAll(async () => {
    await server.kill();
    await engines.stop();
    folder.remove();
  });

  const post = async (path: string, body: unknown): Promise<any> => {
    const answer = await client.post(path, body);
    if (answer.status >= 300) throw new Error(`${path}: ${JSON.stringify(answer.body)}`);
    return answer.body;
  };
  const get = async (path: string): Promise<any> => (await client.get(path)).body;

  /** A person with a lead, converted to a deal, and texts about her in all of them. */
  async function story() {
    const pipeline = await post('/v1/pipelines', { name: 'P', template: 'traditional' });
    const person = await post('/v1/people', { name: NAME, emails: [WORDS[2]], phones: ['+49 30 1239876'] });
    const lead = await post('/v1/leads', {
      title: `Boiler, ${TEXT}`,
      person: { name: NAME, emails: [WORDS[2]] },
      value: { amount: '10', currency: 'EUR' },
    });
    await client.getAfter(lead.position, '/v1/people');
    await post(`/v1/leads/${lead.id}/add-note`, { text: `${TEXT} on the phone` });
    const facts = { confirmed: true, facts: `${TEXT} said so` };
    await post(`/v1/leads/${lead.id}/qualify`, {
      criteria: { budget: facts, authority: facts, need: facts, timeline: facts },
    });
    // Also where a sentence tells of a name, it is the name.
    const asked = await client.post(`/v1/leads/${lead.id}/convert`, { pipelineId: pipeline.id });
    expect(asked.body).toMatchObject({
      code: 'duplicate-contact',
      detail: expect.stringContaining(`already: ${NAME}`),
    });
    const { deal } = await post(`/v1/leads/${lead.id}/convert`, {
      pipelineId: pipeline.id,
      contacts: { person: { use: person.id } },
    });
    const last = await post(`/v1/deals/${deal.id}/add-note`, { text: `${TEXT} wrote` });
    return { pipeline, person, lead, deal, last };
  }

  const told = async ({ person, lead, deal, pipeline }: Awaited<ReturnType<typeof story>>): Promise<string> => {
    const paths = [
      `/v1/people/${person.id}`,
      `/v1/people/${person.id}/timeline`,
      `/v1/leads/${lead.id}`,
      `/v1/leads/${lead.id}/timeline`,
      `/v1/deals/${deal.id}`,
      `/v1/deals/${deal.id}/timeline`,
      `/v1/boards/${pipeline.id}`,
      '/v1/people',
      '/v1/leads',
      '/v1/deals',
    ];
    return JSON.stringify(await Promise.all(paths.map(get)));
  };

  it('is in no event, is found, and is gone when it is erased, with all numbers and hashes as they were', async () => {
    const all = await story();
    const { person, lead, deal, pipeline, last } = all;
    const found = (q: string) =>
      client.getAfter(last.position, `/v1/leads?q=${q}`).then(({ body }) => body.items.length);
    expect([await found('quistorp'), await found(TEXT), await found('elsewhere')]).toEqual([1, 1, 0]);
    const before = await told(all);
    for (const word of [NAME, TEXT, WORDS[2] ?? '']) expect(before).toContain(word);
    const feed = String((await client.get('/v1/events')).body);
    for (const word of [...WORDS, TEXT]) expect(feed.toLowerCase()).not.toContain(word.toLowerCase());
    const board = async () => (await get(`/v1/boards/${pipeline.id}?cards=0`)).totals;
    const totals = await board();

    const erased = await post(`/v1/people/${person.id}/erase`, {});
    for (let tries = 0; tries < 100 && (await erasures(lead.id, deal.id)) < 3; tries++) await sleep(100);
    // One of the deal, and of the lead one for her and one for whom it knew inline.
    expect(await erasures(lead.id, deal.id)).toBe(3);
    const after = await client.getAfter(erased.position, `/v1/leads?q=quistorp`);
    expect(after.body.items).toEqual([]);
    const left = await told(all);
    for (const word of [TEXT, ...WORDS]) expect(left).not.toContain(word);
    expect(await get(`/v1/people/${person.id}`)).toMatchObject({ name: '[erased]', emails: [], erased: true });
    expect(await board()).toEqual(totals);
    const lines = String((await client.get('/v1/events')).body)
      .split('\n')
      .filter(Boolean);
    expect(chainFaults(lines.map((line) => JSON.parse(line)))).toEqual([]);
  });

  async function erasures(lead: string, deal: string): Promise<number> {
    const events = [...(await get(`/v1/leads/${lead}/events`)).items, ...(await get(`/v1/deals/${deal}/events`)).items];
    return events.filter(({ type }: any) => type === 'TextsErased').length;
  }

  it('of somebody whom only a lead names can be erased, before and after a conversion', async () => {
    const lead = await post('/v1/leads', { title: 'T', person: { name: NAME, phones: [WORDS[3]] } });
    const { person } = await get(`/v1/leads/${lead.id}`);
    expect(person.name).toBe(NAME);
    await client.getAfter(lead.position, '/v1/people');
    expect((await client.post(`/v1/people/${person.id}/erase`, {})).status).toBe(200);
    expect((await get(`/v1/leads/${lead.id}`)).person).toMatchObject({ name: '[erased]', phones: ['[erased]'] });
    expect((await client.post('/v1/people/00000000-0000-4000-8000-00000000dead/erase', {})).status).toBe(404);
  });

  it('of somebody who was merged goes with the survivor, and what is left to do is said', async () => {
    const [survivor, other] = [await post('/v1/people', { name: 'S' }), await post('/v1/people', { name: NAME })];
    const lead = await post('/v1/leads', { title: TEXT, person: { id: other.id } });
    await client.getAfter(lead.position, '/v1/people');
    await post(`/v1/people/${survivor.id}/merge`, { otherId: other.id });
    expect(await post(`/v1/people/${survivor.id}/erase`, {})).toMatchObject({ complete: false });
    const types = async () => (await get(`/v1/leads/${lead.id}/events`)).items.map(({ type }: any) => type);
    for (let tries = 0; tries < 200 && !(await types()).includes('TextsErased'); tries++) await sleep(50);
    expect(await types()).toEqual(['LeadCaptured', 'TextsErased']);
    expect((await get(`/v1/people/${other.id}`)).name).toBe('[erased]');
  });

  it('is taken out of a text by its revision, and of what was handed on from it', async () => {
    const { lead, deal } = await story();
    const path = `/v1/deals/${deal.id}`;
    const note = (await get(`${path}/events`)).items.findIndex(({ type }: any) => type === 'NoteAdded');
    expect((await client.post(`${path}/redact-text`, { revision: note })).status).toBe(200);
    expect(JSON.stringify(await get(`${path}/timeline`))).not.toContain(`${TEXT} wrote`);
    expect((await get(path)).title).toContain(TEXT);
    expect((await client.post(`/v1/leads/${lead.id}/redact-text`, { revision: 0 })).status).toBe(200);
    expect((await get(path)).title).toBe('[erased]');
    expect((await client.post(`${path}/redact-text`, { revision: 99 })).body).toMatchObject({
      code: 'unknown-revision',
    });
    expect((await client.post(`/v1/deals/${deal.id}/add-note`, { text: 'sealed:1:t-x:y' })).status).toBe(400);
  });
});

describe('the files of a server', () => {
  it('hold nothing of who was erased, nor after the keys of a backup came back, nor in views that are built anew', async () => {
    const folder = dataFolder();
    let server = await startServer(folder.path);
    let client = new Client(server.url);
    const { body: person } = await client.post('/v1/people', { name: NAME, emails: [WORDS[2]] });
    const { body: lead } = await client.post('/v1/leads', { title: TEXT, person: { id: person.id } });
    const { body: inline } = await client.post('/v1/leads', { title: TEXT, person: { name: NAME } });
    await client.getAfter(inline.position, '/v1/leads?q=quistorp');
    const her = (await client.get(`/v1/leads/${inline.id}`)).body.person.id;
    await server.stop();
    cpSync(join(folder.path, 'keys.db'), join(folder.path, '..', `${person.id}.keys`));
    server = await startServer(folder.path);
    client = new Client(server.url);
    for (const id of [person.id, her]) {
      await client.getAfter(inline.position, '/v1/people');
      expect((await client.post(`/v1/people/${id}/erase`, {})).status).toBe(200);
    }
    await expectGone(folder.path);
    await server.stop();

    for (const file of ['keys.db', 'keys.db-wal', 'keys.db-shm']) rmSync(join(folder.path, file), { force: true });
    cpSync(join(folder.path, '..', `${person.id}.keys`), join(folder.path, 'keys.db'));
    rmSync(join(folder.path, '..', `${person.id}.keys`));
    rmSync(join(folder.path, 'views'), { recursive: true });
    server = await startServer(folder.path);
    client = new Client(server.url);
    // A server that has read a key knows it for a minute: it is asked once the keys are destroyed.
    const vault = await SqliteKeyVault.open(join(folder.path, 'keys.db'));
    const ids = [`person-${person.id}`, `person-${her}`];
    for (let tries = 0; tries < 600 && (await destroyed(vault, ids)) < 2; tries++) await sleep(100);
    await vault.close();
    expect((await client.get(`/v1/leads/${lead.id}`)).body.title).toBe('[erased]');
    expect((await client.get(`/v1/leads/${inline.id}`)).body.person.name).toBe('[erased]');
    await expectGone(folder.path);
    await server.stop();
    folder.remove();
  });

  async function destroyed(vault: SqliteKeyVault, ids: readonly string[]): Promise<number> {
    return [...(await vault.get(ids)).values()].filter((key) => key === null).length;
  }

  /** Waits for the views, and for their files to be cut. */
  async function expectGone(folder: string): Promise<void> {
    for (let tries = 0; tries < 200 && holding(folder).length > 0; tries++) await sleep(100);
    expect(holding(folder)).toEqual([]);
  }

  function holding(folder: string): readonly string[] {
    const found: string[] = [];
    for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
      const path = join(folder, name);
      if (!statSync(path, { throwIfNoEntry: false })?.isFile()) continue;
      const content = readFileSync(path).toString('latin1').toLowerCase();
      for (const word of [...WORDS, TEXT]) if (content.includes(word.toLowerCase())) found.push(`${name}: ${word}`);
    }
    return found;
  }
});
