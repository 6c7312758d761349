import { setTimeout as sleep } from 'node:timers/promises';
import { Client, type Answer } from '../support/client.js';
import { dataFolder } from '../support/data-folder.js';
import { chainFaults } from '../support/hash-chain.js';
import { startStandIns, type StandIns } from '../support/pairs.js';
import { untilReady } from '../support/readiness.js';
import { PROJECTOR, startServer, type ServerProcess } from '../support/server-process.js';
import { Ledger, type SentCommand } from './ledger.js';
import { checkCommands, checkConversions, ObservedLog, readLog } from './log-checks.js';
import { Random } from './random.js';
import { finishedByReactor, makePipelines, UNLIMITED } from './rounds.js';
import { untilViewsReach } from './server-rounds.js';
import { randomCommand } from './traffic.js';
import { checkViewsOnServers } from './view-checks.js';
import { post, Violation } from './writers.js';

const WRITERS = 12;
/** Far beyond the deadline of a command: who waits for so long is never answered. */
const NEVER_MS = 60_000;
/** Of the commands that are answered "nothing was written", this share is not sent again, so that it shows. */
const GIVEN_UP = 0.2;

/** Something that happens to an engine, until it recovers. */
interface Outage {
  readonly name: string;
  begin(engines: StandIns): Promise<void>;
  end(engines: StandIns): Promise<void>;
  /** The check of `/health/ready` that has to say so; null: it is over too soon, or is no more than slow. */
  readonly told: 'event-store' | 'view-store' | null;
}

const eventsRecover = (engines: StandIns) => engines.events({ kind: 'recover' });
const viewsRecover = (engines: StandIns) => engines.views({ kind: 'recover' });

export const OUTAGES: readonly Outage[] = [
  {
    name: 'EventStoreDB refuses connections',
    begin: (engines) => engines.events({ kind: 'refuse' }),
    end: (engines) => engines.events({ kind: 'accept' }),
    told: 'event-store',
  },
  {
    name: 'EventStoreDB hangs',
    begin: (engines) => engines.events({ kind: 'suffer', faults: { hang: true } }),
    end: eventsRecover,
    told: 'event-store',
  },
  {
    name: 'EventStoreDB answers late',
    begin: (engines) => engines.events({ kind: 'suffer', faults: { delayMs: 700 } }),
    end: eventsRecover,
    told: null,
  },
  {
    name: 'EventStoreDB loses connections around writes, and restarts',
    begin: async (engines) => {
      const faults = { dropBeforeWrite: 3, dropAfterWrite: 3, swallowAnswers: 3, timeOut: 3 };
      await engines.events({ kind: 'suffer', faults });
      await sleep(500);
      await engines.events({ kind: 'restart' });
    },
    end: eventsRecover,
    told: null,
  },
  {
    name: 'MongoDB refuses connections',
    begin: (engines) => engines.views({ kind: 'refuse' }),
    end: viewsRecover,
    told: 'view-store',
  },
  {
    name: 'MongoDB hangs',
    begin: (engines) => engines.views({ kind: 'suffer', fault: { hang: true, times: 'always' } }),
    end: viewsRecover,
    told: 'view-store',
  },
  {
    name: 'MongoDB answers late',
    begin: (engines) => engines.views({ kind: 'suffer', fault: { delayMs: 300, times: 'always' } }),
    end: viewsRecover,
    told: null,
  },
  {
    name: 'MongoDB loses its primary, and restarts',
    begin: async (engines) => {
      await engines.views({ kind: 'step-down', forMs: 700 });
      await sleep(1_000);
      await engines.views({ kind: 'restart' });
    },
    end: viewsRecover,
    told: null,
  },
];

export interface OutageReport {
  readonly outage: string;
  readonly acknowledged: number;
  /** Answers of 503, to commands and to queries. */
  readonly unavailable: number;
  /** The longest that a command waited for its answer, milliseconds. */
  readonly slowestMs: number;
}

interface Tally {
  unavailable: number;
  slowestMs: number;
}

/**
 * Each outage in turn, for at least so long, under writers that send a command again under its key until they know
 * what became of it. In the end nothing is lost or doubled, and the views are the fold of the log.
 * @throws Violation the first thing found that must not be
 */
export async function sufferOutages(
  forMs: number,
  seed: number,
  report: (outage: OutageReport) => void,
): Promise<void> {
  const engines = await startStandIns();
  const folder = dataFolder();
  const environment = { ...UNLIMITED, ...engines.environment, LOG_LEVEL: 'silent', PROJECTIONS: 'external' };
  const processes: ServerProcess[] = [];
  try {
    processes.push(await startServer(folder.path, environment), await startServer(folder.path, environment, PROJECTOR));
    for (const { url } of processes) await untilReady(url);
    const client = new Client(processes[0]?.url ?? '');
    const random = new Random(seed);
    const ledger = new Ledger();
    const givenUp: SentCommand[] = [];
    await makePipelines(client, ledger);
    for (const outage of OUTAGES) {
      const tally: Tally = { unavailable: 0, slowestMs: 0 };
      const before = ledger.answers;
      let over = false;
      const load = Array.from({ length: WRITERS }, async () => {
        while (!over) await sendUntilKnown(client, ledger, randomCommand(random, ledger), random, tally, givenUp);
      });
      load.push(askUntil(() => over, client, ledger, tally));
      await sleep(300);
      await outage.begin(engines);
      const lasting = sleep(forMs);
      if (outage.told !== null) await Promise.all(processes.map(({ url }) => untilTold(url, outage.told ?? '')));
      await lasting;
      await outage.end(engines);
      over = true;
      await Promise.all(load);
      report({ outage: outage.name, acknowledged: ledger.answers - before, ...tally });
    }
    await check(client, ledger, givenUp);
    for (const { url } of processes) await untilReady(url);
    for (const each of processes) await each.stop();
    await checkViewsOnServers(environment);
  } finally {
    await Promise.all(processes.map((each) => each.kill()));
    await engines.stop();
    folder.remove();
  }
}

async function sendUntilKnown(
  client: Client,
  ledger: Ledger,
  command: SentCommand,
  random: Random,
  tally: Tally,
  givenUp: SentCommand[],
): Promise<void> {
  let mayBeStored = false;
  for (;;) {
    const startedAt = performance.now();
    const answer = await orNever(post(client, command), command.path);
    if (answer === null) throw new Violation(`${command.path} was not answered by a server that nobody killed`);
    tally.slowestMs = Math.max(tally.slowestMs, Math.round(performance.now() - startedAt));
    if (answer.status !== 503) {
      if (answer.status >= 500 || answer.status === 400) throw unexpected(command.path, answer);
      ledger.answered(command, answer);
      return;
    }
    checkUnavailable(command.path, answer, ['store-unavailable', 'outcome-unknown']);
    tally.unavailable += 1;
    mayBeStored ||= answer.body.code === 'outcome-unknown';
    if (!mayBeStored && random.chance(GIVEN_UP)) {
      givenUp.push(command);
      return;
    }
    await sleep(random.integer(50, 300));
  }
}

/** Queries go on during an outage: they are answered, or told that they cannot be. */
async function askUntil(isOver: () => boolean, client: Client, ledger: Ledger, tally: Tally): Promise<void> {
  while (!isOver()) {
    for (const path of ['/v1/leads', '/v1/stalled', `/v1/deals/${ledger.deals.at(-1) ?? ''}`]) {
      const answer = await orNever(client.get(path), path);
      if (answer.status === 503) {
        checkUnavailable(path, answer, ['store-unavailable']);
        tally.unavailable += 1;
      } else if (answer.status >= 500) {
        throw unexpected(path, answer);
      }
    }
    await sleep(50);
  }
}

function checkUnavailable(path: string, answer: Answer, codes: readonly string[]): void {
  if (!codes.includes(answer.body.code) || answer.headers.get('retry-after') === null) throw unexpected(path, answer);
}

function unexpected(path: string, { status, body }: Answer): Violation {
  return new Violation(`${path} was answered ${status}: ${JSON.stringify(body)}`);
}

/** Waits until `/health/ready` names the store that is out of reach. */
async function untilTold(url: string, store: string): Promise<void> {
  const probe = new Client(url);
  const deadline = Date.now() + NEVER_MS;
  for (;;) {
    const { status, body } = await probe.get('/health/ready', { key: null });
    if (status === 503 && body.checks.some(({ name, ok }: any) => name === store && ok === false)) return;
    if (Date.now() > deadline) throw new Violation(`the ${store} is out of reach, but ${url} does not say so`);
    await sleep(50);
  }
}

async function orNever<T>(work: Promise<T>, path: string): Promise<T> {
  const timer = new AbortController();
  const never = sleep(NEVER_MS, null, { signal: timer.signal }).then(() => {
    throw new Violation(`${path} is never answered`);
  });
  never.catch(() => undefined);
  try {
    return await Promise.race([work, never]);
  } finally {
    timer.abort();
  }
}

async function check(client: Client, ledger: Ledger, givenUp: readonly SentCommand[]): Promise<void> {
  const log = new ObservedLog();
  await finishedByReactor(client, log);
  checkCommands(log, ledger);
  checkConversions(log);
  const faults = chainFaults(await readLog(client, null));
  if (faults.length > 0) throw new Violation(`hash chains: ${faults.slice(0, 5).join('; ')}`);
  for (const { path, id } of givenUp) {
    if (log.commandIds().includes(id))
      throw new Violation(`${path}: nothing was written, it was said, but it is there`);
  }
  await untilViewsReach(client, log.head);
}
