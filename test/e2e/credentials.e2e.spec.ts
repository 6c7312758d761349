import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { refusedStart } from '../chaos/cli-process.js';
import { EventStoreDbStandIn } from '../engines/eventstoredb/stand-in.js';
import { MongoDbStandIn } from '../engines/mongodb/stand-in.js';
import { startTlsFront, type TlsFront } from '../engines/tls-front.js';
import { Client } from '../support/client.js';
import { dataFolder, type DataFolder } from '../support/data-folder.js';
import { untilReady } from '../support/readiness.js';
import { PROJECTOR, startServer, type ServerProcess } from '../support/server-process.js';

const PASSWORD = 'pa:ss/w@rd';
const WRITTEN = encodeURIComponent(PASSWORD);

describe('engines behind TLS, with a user and a password', () => {
  let folder: DataFolder;
  let events: EventStoreDbStandIn;
  let views: MongoDbStandIn;
  let fronts: TlsFront[];
  let environment: Record<string, string>;
  const running: ServerProcess[] = [];

  beforeAll(async () => {
    folder = dataFolder();
    events = await EventStoreDbStandIn.start();
    let viewsFront: TlsFront | null = null;
    const user = { name: 'crm', password: PASSWORD };
    views = await MongoDbStandIn.start({ user, advertised: () => `localhost:${viewsFront?.port ?? 0}` });
    viewsFront = await startTlsFront(() => Number(new URL(views.url).port));
    fronts = [await startTlsFront(() => events.port, ['h2']), viewsFront];
    const [eventsCa, viewsCa] = fronts.map(({ certificate }, index) => {
      const file = join(folder.path, `ca-${index}.pem`);
      writeFileSync(file, certificate);
      return file;
    });
    environment = {
      EVENT_STORE: 'eventstoredb',
      EVENT_STORE_URL: `esdb://crm:${WRITTEN}@localhost:${fronts[0]?.port}?tls=true&tlsCAFile=${eventsCa}`,
      VIEW_STORE: 'mongodb',
      VIEW_STORE_URL: `mongodb://crm:${WRITTEN}@localhost:${fronts[1]?.port}/crm?authSource=admin&tls=true&tlsCAFile=${viewsCa}`,
      MASTER_KEY: Buffer.alloc(32, 7).toString('base64'),
      LOG_LEVEL: 'trace',
    };
  });
  afterAll(async () => {
    await Promise.all(running.map((each) => each.kill()));
    for (const each of [...fronts, events, views]) await each.stop();
    folder.remove();
  });

  function expectNoSecret(text: string): void {
    expect(text).not.toContain(PASSWORD);
    expect(text).not.toContain(WRITTEN);
    expect(text).not.toContain('w@rd');
  }

  it('serve, and their credentials are in no log, error or answer, also when they go away', async () => {
    for (const main of [undefined, PROJECTOR]) {
      running.push(await startServer(folder.path, { ...environment, PROJECTIONS: 'external' }, main));
    }
    for (const { url } of running) await untilReady(url);
    const client = new Client(running[0]?.url ?? '');
    const lead = { title: 'Boiler', person: { name: 'Ada' } };
    const captured = await client.post('/v1/leads', lead);
    expect(captured.status).toBe(201);
    expect((await client.getAfter(captured.body.position, '/v1/leads')).body.items).toHaveLength(1);

    const said: unknown[] = [];
    await Promise.all(fronts.map((front) => front.stop()));
    for (const answer of await Promise.all([client.post('/v1/leads', lead), client.get('/v1/leads')])) {
      expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '1']);
      said.push(answer.body);
    }
    for (const { url } of running) {
      const { status, body } = await new Client(url).get('/health/ready', { key: null });
      expect(status).toBe(503);
      expect(body.checks.map(({ name }: any) => name)).toEqual(
        expect.arrayContaining(['event-store', 'view-store', 'key-vault']),
      );
      said.push(body);
    }
    for (const each of running.splice(0)) {
      await each.stop();
      said.push(each.output());
    }
    const text = JSON.stringify(said);
    // Otherwise nothing was tried.
    expect(text).toContain('the event-store does not answer');
    expect(text).toContain('the view-store does not answer');
    expect(text).toContain('the key-vault does not answer');
    expectNoSecret(text);
  }, 120_000);

  it.each([
    [
      'VIEW_STORE_URL',
      { VIEW_STORE_URL: `mongodb://crm:${WRITTEN}@one:two` },
      /VIEW_STORE_URL: The URL of MongoDB is wrong/,
    ],
    ['EVENT_STORE_URL', { EVENT_STORE_URL: `esdb://crm:${WRITTEN}@one:two` }, /EVENT_STORE_URL: The connection string/],
    ['MASTER_KEY', { MASTER_KEY: '' }, /MASTER_KEY must be given/],
  ])('stop the start with a sentence when %s cannot be used, without what is in it', async (_, wrong, sentence) => {
    const settings = { EVENT_STORE: 'sqlite', DATA_DIR: folder.path };
    const { code, output } = await refusedStart({
      ...environment,
      ...('EVENT_STORE_URL' in wrong ? {} : settings),
      ...wrong,
      ...('EVENT_STORE_URL' in wrong ? {} : { EVENT_STORE_URL: '' }),
    });
    expect([code, output]).toEqual([1, expect.stringMatching(sentence)]);
    expectNoSecret(output);
  });
});

describe('a MongoDB that cannot serve', () => {
  const settings = { EVENT_STORE: 'sqlite', VIEW_STORE: 'mongodb', MASTER_KEY: Buffer.alloc(32, 7).toString('base64') };
  let folder: DataFolder;
  let views: MongoDbStandIn;
  beforeEach(async () => {
    folder = dataFolder();
    views = await MongoDbStandIn.start({ user: { name: 'crm', password: PASSWORD } });
  });
  afterEach(async () => {
    await views.stop();
    folder.remove();
  });
  const refused = (url: string) => refusedStart({ ...settings, DATA_DIR: folder.path, VIEW_STORE_URL: url });

  it('as it stands alone is refused at the start', async () => {
    views.faults.standAlone();
    const { code, output } = await refused(views.url.replace('//', `//crm:${WRITTEN}@`));
    expect([code, output]).toEqual([1, expect.stringContaining('VIEW_STORE_URL: The MongoDB server stands alone')]);
    expect(output).not.toContain(WRITTEN);
  });

  it('as it refuses the password is refused at the start', async () => {
    const { code, output } = await refused(views.url.replace('//', '//crm:another-secret@'));
    expect([code, output]).toEqual([1, expect.stringContaining('VIEW_STORE_URL: MongoDB refuses the user name')]);
    expect(output).not.toContain('another-secret');
  });
});
