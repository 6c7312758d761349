import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from '../support/client.js';
import { dataFolder } from '../support/data-folder.js';
import { chainFaults } from '../support/hash-chain.js';
import { startStandIns } from '../support/pairs.js';
import { PROJECTOR, startServer, type ServerProcess } from '../support/server-process.js';
import { Ledger } from './ledger.js';
import { ObservedLog, readLog } from './log-checks.js';
import { Random } from './random.js';
import { afterRestart, makePipelines, UNLIMITED } from './rounds.js';
import { checkViewsOnServers } from './view-checks.js';
import { Violation, write } from './writers.js';

// The last of four is the api: then the views need not wait for the end of a lease.
const VICTIMS = ['both', 'api', 'projector'] as const;
const WRITERS = 30;
const COMMANDS_A_ROUND = 400;
/** From the first answer of the round on, in milliseconds. */
const KILL_WITHIN_MS = 600;
/** A view whose leader was killed is taken over when the lease has run out, and then has to catch up. */
const VIEWS_WITHIN_MS = 120_000;

export interface ServerRoundReport {
  readonly round: number;
  readonly killed: (typeof VICTIMS)[number];
  readonly acknowledged: number;
  readonly unanswered: number;
  readonly storedUnanswered: number;
  readonly events: number;
}

/**
 * Kills the api, the projector or both under many writers, again and again over one EventStoreDB and one MongoDB, and
 * checks as `killRounds` does; in the end the views against a clean fold of the log.
 * @throws Violation the first thing found that must not be
 */
export async function serverKillRounds(
  rounds: number,
  seed: number,
  report: (round: ServerRoundReport) => void,
): Promise<void> {
  const engines = await startStandIns();
  const folder = dataFolder();
  const environment = { ...UNLIMITED, ...engines.environment, PROJECTIONS: 'external' };
  const start = (main?: string): Promise<ServerProcess> => startServer(folder.path, environment, main);
  const random = new Random(seed);
  const ledger = new Ledger();
  const log = new ObservedLog();
  let [api, projector] = await Promise.all([start(), start(PROJECTOR)]);
  try {
    await makePipelines(new Client(api.url), ledger);
    for (let round = 1; round <= rounds; round++) {
      const before = ledger.answers;
      const killed = VICTIMS[round % VICTIMS.length] ?? 'both';
      const clients = [new Client(api.url)];
      const writing = write({ clients, ledger, random, writers: WRITERS, commands: COMMANDS_A_ROUND });
      while (ledger.answers === before) await sleep(1);
      await Promise.race([sleep(random.integer(1, KILL_WITHIN_MS)), writing]);
      await Promise.all([killed !== 'projector' && api.kill(), killed !== 'api' && projector.kill()]);
      await writing;
      const acknowledged = ledger.answers - before;
      if (killed !== 'projector') api = await start();
      if (killed !== 'api') projector = await start(PROJECTOR);
      const found = await afterRestart(new Client(api.url), ledger, log, random);
      report({ round, killed, acknowledged, ...found, events: log.events.length });
    }
    const client = new Client(api.url);
    const faults = chainFaults(await readLog(client, null));
    if (faults.length > 0) throw new Violation(`hash chains: ${faults.slice(0, 5).join('; ')}`);
    await untilViewsReach(client, log.head);
    await Promise.all([api.stop(), projector.stop()]);
    await checkViewsOnServers(environment);
  } finally {
    await Promise.all([api.kill(), projector.kill()]);
    await engines.stop();
    folder.remove();
  }
}

/** Waits until all views have folded in the event at a position. */
export async function untilViewsReach(client: Client, position: string): Promise<void> {
  const deadline = Date.now() + VIEWS_WITHIN_MS;
  // Each of these waits for views that the others do not ask. The timeline is folded before the pipelines.
  const paths = [
    '/v1/leads',
    '/v1/stalled',
    '/v1/performance?from=2026-01-01&to=2026-01-02',
    '/v1/pipelines',
    '/v1/products',
    '/v1/people',
    '/v1/activities',
  ];
  for (const path of paths) {
    for (;;) {
      const { status, body } = await client.getAfter(position, path);
      if (status === 200) break;
      if (Date.now() > deadline) throw new Violation(`the views do not go on: ${JSON.stringify(body)}`);
      await sleep(100);
    }
  }
}
