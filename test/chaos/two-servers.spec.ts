import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from '../support/client.js';
import { dataFolder, type DataFolder } from '../support/data-folder.js';
import { chainFaults } from '../support/hash-chain.js';
import { startServer, type ServerProcess } from '../support/server-process.js';
import { verify } from './cli-process.js';
import { Ledger } from './ledger.js';
import { checkCommands, checkConversions, ObservedLog } from './log-checks.js';
import { Random } from './random.js';
import { finishedByReactor, makePipelines, retryAll, UNLIMITED } from './rounds.js';
import { answersTo, checkSameAnswers, checkStoredViews, questions } from './view-checks.js';
import { write } from './writers.js';

describe('two servers on one data folder', () => {
  let folder: DataFolder;
  let servers: ServerProcess[] = [];
  const start = async (): Promise<ServerProcess> => {
    const server = await startServer(folder.path, UNLIMITED);
    servers.push(server);
    return server;
  };
  beforeEach(() => {
    folder = dataFolder();
  });
  afterEach(async () => {
    await Promise.all(servers.splice(0).map((server) => server.kill()));
    folder.remove();
  });

  it('start at the same moment in an empty folder', async () => {
    servers = await Promise.all([startServer(folder.path), startServer(folder.path), startServer(folder.path)]);
    const clients = servers.map(({ url }) => new Client(url));
    // One master key among them: a key that one has answered is known to the others.
    const body = { title: 'Boiler', person: { name: 'Ada' } };
    const headers = { 'Idempotency-Key': 'once' };
    const answers = await Promise.all(clients.map((client) => client.post('/v1/leads', body, { headers })));
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201]);
    expect(new Set(answers.map((answer) => JSON.stringify(answer.body))).size).toBe(1);
    for (const client of clients) {
      expect((await client.getAfter(answers[0]?.body.position, '/v1/leads')).body.items).toHaveLength(1);
    }
  });

  it('take commands on the same deals at once, while a third process verifies, and answer alike', async () => {
    const random = new Random(51);
    const ledger = new Ledger();
    const clients = [new Client((await start()).url), new Client((await start()).url)];
    const [one, other] = clients as [Client, Client];
    await makePipelines(one, ledger);
    const writing = write({ clients, ledger, random, writers: 30, commands: 500 });
    const verified = await Promise.all([verify(folder.path), sleep(300).then(() => verify(folder.path))]);
    await writing;
    for (const { code, output } of verified) expect([code, output]).toEqual([0, expect.stringContaining('all whole')]);

    const log = new ObservedLog();
    await finishedByReactor(other, log);
    checkCommands(log, ledger);
    checkConversions(log);
    expect(chainFaults(log.events)).toEqual([]);
    expect(ledger.unanswered()).toEqual([]);
    // Both servers have written to the same deals.
    const asked = questions(ledger, Date.now());
    checkSameAnswers(await answersTo(one, asked, log.head), await answersTo(other, asked, log.head));
  });

  it('lead the views in turn: when one is killed the other takes over, whichever led', async () => {
    const random = new Random(53);
    const ledger = new Ledger();
    const log = new ObservedLog();
    let [staying, going] = [await start(), await start()];
    await makePipelines(new Client(staying.url), ledger);
    // One of two leads. After two kills, each time of the one that has been there for longer, a leader was killed.
    for (let kill = 0; kill < 2; kill++) {
      [going, staying] = [staying, going];
      const [survivor, victim] = [new Client(staying.url), new Client(going.url)];
      const writing = write({ clients: [survivor, victim], ledger, random, writers: 20, commands: 300 });
      await sleep(random.integer(50, 400));
      await going.kill();
      await writing;
      // Nothing was stopped for the survivor: it answers, and its views go on.
      await retryAll(survivor, ledger, ledger.unanswered());
      await finishedByReactor(survivor, log);
      checkCommands(log, ledger);
      checkConversions(log);
      await answersTo(survivor, questions(ledger, Date.now()), log.head);
      const ready = await survivor.get('/health/ready');
      expect([ready.status, ready.body]).toEqual([200, { status: 'ready' }]);
      going = await start();
    }
    await Promise.all([going.stop(), staying.stop()]);
    await checkStoredViews(folder.path);
  });
});
