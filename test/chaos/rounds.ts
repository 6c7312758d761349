import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from '../support/client.js';
import { dataFolder } from '../support/data-folder.js';
import { chainFaults } from '../support/hash-chain.js';
import { startServer, type ServerProcess } from '../support/server-process.js';
import { interruptedStart } from './interrupted-start.js';
import { Ledger, type SentCommand } from './ledger.js';
import { checkCommands, checkConversions, finishedAfter, ObservedLog, readLog } from './log-checks.js';
import { Random } from './random.js';
import { answersTo, checkSameAnswers, checkStoredViews, copyWithoutViews, questions } from './view-checks.js';
import { post, send, Violation, write } from './writers.js';

const WRITERS = 50;
/** A round is killed earlier than this on any machine that is not very fast. */
const COMMANDS_A_ROUND = 600;
/** From the first answer of the round on, in milliseconds. */
const KILL_WITHIN_MS = 500;
/** The reactor has this long to finish what a crash left. */
const REACTOR_MS = 20_000;
export const UNLIMITED = { RATE_LIMIT: '1000000000' };

export interface RoundReport {
  readonly round: number;
  /** From its first answer on; 0: before it. */
  readonly killedAfterMs: number;
  readonly acknowledged: number;
  /** Commands that were under way when the server was killed. */
  readonly unanswered: number;
  /** Of these, the ones that had been stored. */
  readonly storedUnanswered: number;
  /** Conversions that the crash had cut in two. */
  readonly cutConversions: number;
  readonly events: number;
}

/**
 * Kills a server at random moments under many writers, again and again over one data folder, and checks after each
 * restart that what was acknowledged is there, once, and that nothing else is.
 * @throws Violation the first thing found that must not be
 */
export async function killRounds(rounds: number, seed: number, report: (round: RoundReport) => void): Promise<void> {
  const folder = dataFolder();
  const random = new Random(seed);
  const ledger = new Ledger();
  const log = new ObservedLog();
  let server = await startServer(folder.path, UNLIMITED);
  try {
    await makePipelines(new Client(server.url), ledger);
    for (let round = 1; round <= rounds; round++) {
      const client = new Client(server.url);
      const before = ledger.answers;
      const killedAfterMs = random.chance(0.15) ? 0 : random.integer(1, KILL_WITHIN_MS);
      const writing = write({ clients: [client], ledger, random, writers: WRITERS, commands: COMMANDS_A_ROUND });
      while (killedAfterMs > 0 && ledger.answers === before) await sleep(1);
      await Promise.race([sleep(killedAfterMs), writing]);
      await server.kill();
      const killedAt = Date.now();
      await writing;
      const acknowledged = ledger.answers - before;
      if (random.chance(0.15)) await interruptedStart(folder.path, random.integer(100, 1_500));
      server = await startServer(folder.path, UNLIMITED);
      const found = await afterRestart(new Client(server.url), ledger, log, random);
      const cutConversions = finishedAfter(log, killedAt);
      report({ round, killedAfterMs, acknowledged, ...found, cutConversions, events: log.events.length });
    }
    await finalChecks(server, folder.path, ledger, log);
  } finally {
    await server.kill();
    folder.remove();
  }
}

export async function makePipelines(client: Client, ledger: Ledger): Promise<void> {
  for (const template of ['traditional', 'startup']) {
    const command = ledger.sending('create-pipeline', '/v1/pipelines', { name: template, template });
    if (!(await send(client, ledger, command))) throw new Violation('a quiet server does not answer');
    const { body } = await client.get(`/v1/pipelines/${command.answer?.body.id}`);
    ledger.pipelines.push({ id: body.id, stages: body.stages.map((stage: any) => stage.id) });
  }
}

/** The checks of every round: cheap, over what is new in the log. */
export async function afterRestart(client: Client, ledger: Ledger, log: ObservedLog, random: Random) {
  await log.readOn(client);
  checkCommands(log, ledger);
  const unanswered = ledger.unanswered();
  const storedUnanswered = unanswered.filter((command) => log.of(command).length > 0).length;
  // Half of the time the reactor is alone with what the crash left; else it competes with the retries.
  if (random.chance(0.5)) await finishedByReactor(client, log);
  await retryAll(client, ledger, unanswered);
  await replaySome(client, ledger, random);
  await finishedByReactor(client, log);
  await log.readOn(client);
  checkCommands(log, ledger);
  checkConversions(log);
  return { unanswered: unanswered.length, storedUnanswered };
}

export async function finishedByReactor(client: Client, log: ObservedLog): Promise<void> {
  const deadline = Date.now() + REACTOR_MS;
  for (;;) {
    await log.readOn(client);
    const [unfinished] = log.unfinishedConversions();
    if (unfinished === undefined) return;
    if (Date.now() > deadline) throw new Violation(`the conversion of ${unfinished.stream} is not finished`);
    await sleep(50);
  }
}

export async function retryAll(client: Client, ledger: Ledger, commands: readonly SentCommand[]): Promise<void> {
  const answered = await Promise.all(commands.map((command) => send(client, ledger, command)));
  if (answered.includes(false)) throw new Violation('a retry was not answered by a server that nobody killed');
}

/** What was acknowledged is answered the same again, from whatever restart on. */
async function replaySome(client: Client, ledger: Ledger, random: Random): Promise<void> {
  const commands = ledger.acknowledged().filter(({ kind }) => kind !== 'assign' && kind !== 'change-value');
  for (const command of Array.from({ length: 5 }, () => random.pick(commands))) {
    const again = await post(client, command);
    const same = JSON.stringify(again?.body) === JSON.stringify(command.answer?.body);
    if (again?.status === command.answer?.status && same && again?.headers.get('idempotency-replayed') === 'true')
      continue;
    throw new Violation(
      `${command.path} under ${command.key} was answered ${JSON.stringify(again?.body)} when sent again`,
    );
  }
}

/** The whole log once more from its first event; the views against a clean start and against a clean fold. */
async function finalChecks(server: ServerProcess, path: string, ledger: Ledger, log: ObservedLog): Promise<void> {
  const client = new Client(server.url);
  const whole = await readLog(client, null);
  const faults = chainFaults(whole);
  if (faults.length > 0) throw new Violation(`hash chains: ${faults.slice(0, 5).join('; ')}`);
  if (JSON.stringify(whole) !== JSON.stringify(log.events)) throw new Violation('the log is not what it was before');
  const asked = questions(ledger, Date.now());
  const answers = await answersTo(client, asked, log.head);
  await server.stop();
  await checkStoredViews(path);
  const copy = dataFolder();
  copyWithoutViews(path, copy.path);
  const fresh = await startServer(copy.path, UNLIMITED);
  try {
    checkSameAnswers(answers, await answersTo(new Client(fresh.url), asked, log.head));
  } finally {
    await fresh.kill();
    copy.remove();
  }
}
