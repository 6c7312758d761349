import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { EventStoreDbEventStore } from '#event-store/adapters/eventstoredb/eventstoredb-event-store.js';
import { startStandInProcess, type EventStoreProcess } from '../engines/eventstoredb/child.js';
import { Client } from '../support/client.js';
import { MASTER_KEY, runCli, startProgram } from '../support/cli-process.js';
import { dataFolder, type DataFolder } from '../support/data-folder.js';
import { chainFaults } from '../support/hash-chain.js';
import { eventsIn } from '../support/import-files.js';
import { startServer } from '../support/server-process.js';

const STOPPING = fileURLToPath(new URL('../chaos/stopping-copy.js', import.meta.url));
/** More than two pages of the copy. */
const LEADS = 2_100;

describe('a store that is copied to another engine and back', () => {
  let home: DataFolder;
  let original: string;
  let production: EventStoreProcess;

  const withKey = { headers: { 'Idempotency-Key': 'once' } };
  const lead = { title: 'Known by its key', person: { name: 'N' } };
  let keyed: any;

  beforeAll(async () => {
    home = dataFolder();
    production = await startStandInProcess();
    original = join(home.path, 'original');
    mkdirSync(original);
    const server = await startServer(original, { MASTER_KEY });
    const client = new Client(server.url);
    const pipelineId = (await client.post('/v1/pipelines', { name: 'P', template: 'startup' })).body.id;
    const deal = (await client.post('/v1/deals', { title: 'D', pipelineId })).body.id;
    await client.post(`/v1/deals/${deal}/win`);
    keyed = (await client.post('/v1/leads', lead, withKey)).body;
    const commands = Array.from({ length: LEADS / 3 }, (_, index) => ({
      path: '/v1/leads',
      body: { title: `Lead ${index}`, person: { name: 'N' } },
    }));
    for (let round = 0; round < 3; round++) await client.post('/v1/batch', { commands });
    await server.stop();
  });
  afterAll(async () => {
    await production.stop();
    home.remove();
  });

  /** Copies, ended at some moments; then to the end, and once more. */
  async function copy(from: string, to: string, moments: readonly string[]): Promise<void> {
    for (const moment of moments) {
      const { code } = await startProgram(STOPPING, { STOP_AT: moment }, home.path, ['copy', from, to]).result;
      expect(code).toBeNull();
    }
    const events = LEADS + 4;
    const last = await runCli(home.path, 'copy', from, to);
    expect([last.code, last.errors]).toEqual([0, expect.not.stringContaining('Error')]);
    expect(last.output).toContain(`${events} events of ${LEADS + 3} streams`);
    expect(last.output).toContain('Verified');
    const again = await runCli(home.path, 'copy', from, to);
    expect(again.output).toContain(`${events} of them were there before`);
  }

  it('is killed on both ways at several moments, and comes back the same', async () => {
    const back = join(home.path, 'back');
    await copy(original, production.url, ['1:before', '1:after', '700:before', '600:after']);
    await copy(production.url, back, ['1:before', '1:after', '1:before', '1:after']);

    const events = await eventsIn(original);
    expect(await eventsIn(back)).toEqual(events);
    const store = await EventStoreDbEventStore.open(production.url);
    const there = await store.readAll(null, events.length + 1);
    await store.close();
    const anywhere = (list: typeof events) => list.map(({ position: _, ...event }) => event);
    expect(anywhere(there)).toEqual(anywhere(events));
    expect(chainFaults(events)).toEqual([]);

    const keys = await runCli(home.path, 'copy-keys', original, back);
    expect([keys.code, keys.errors]).toEqual([0, '']);
    const server = await startServer(back, { MASTER_KEY });
    const replayed = await new Client(server.url).post('/v1/leads', lead, withKey);
    await server.stop();
    expect([replayed.headers.get('idempotency-replayed'), replayed.body]).toEqual(['true', keyed]);
    expect((await runCli(back, 'verify')).output).toContain('all whole');
  }, 300_000);

  it('is not copied onto other events, onto itself, or from nowhere', async () => {
    const other = dataFolder();
    const nowhere = join(home.path, 'nowhere');
    try {
      const server = await startServer(other.path, { MASTER_KEY });
      await new Client(server.url).post('/v1/leads', lead);
      await server.stop();
      const before = await eventsIn(other.path);
      const onto = await runCli(home.path, 'copy', original, other.path);
      expect([onto.code, onto.errors]).toEqual([1, expect.stringContaining('The target holds revision 0 of lead-')]);
      expect(await eventsIn(other.path)).toEqual(before);
      expect((await runCli(home.path, 'copy', original, original)).errors).toContain('not onto itself');
      expect((await runCli(home.path, 'copy', nowhere, other.path)).errors).toContain('There is no event log in');
      expect((await runCli(home.path, 'copy', original)).code).toBe(2);
    } finally {
      other.remove();
    }
  });
});
