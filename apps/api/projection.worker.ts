import { setMaxListeners } from 'node:events';
import { setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import { ProjectionEngine, type EngineSettings } from '#projection/engine.js';
import { allReactors, runReactors } from '#application/reactors/all-reactors.js';
import { ANNOUNCING_FAILS, DueAnnouncer } from '#application/reactors/announce-due.js';
import { CommandExecutor } from '#application/execute.js';
import { LeadScoreModels } from '#application/scoring/lead-score-models.js';
import { LeadScoreProjection } from '#application/scoring/lead-score-projection.js';
import { SealedTexts } from '#application/personal/personal-texts.js';
import { Streams } from '#application/streams.js';
import { ALL_VIEWS } from '#views/all-views.js';
import { openEvents } from '../stores/open-events.js';
import { openKeys } from '../stores/open-keys.js';
import { openErasureCheckpoints, openViewStore, openWorkStore } from '../stores/open-views.js';
import type { ProjectionMessage, ProjectionTask } from './projection-thread.js';

/** Some of the views, and perhaps the reactors, on a thread of their own: the HTTP event loop never waits for a fold. */
const STATUS_EVERY_MS = 250;

/** Of nice(2): where cores are short, a projection thread has a tenth of the time that one with commands has. */
const PRIORITY = 10;

const port = parentPort;
if (port === null) throw new Error('the projection worker runs as a worker thread');
const tell = (message: ProjectionMessage): void => port.postMessage(message);

/** A server's transaction is kept small: it holds what it writes in memory, and is lost when it takes a minute. */
const SERVER_PACE = { batchSize: 2_000, sharedBatchSize: 1_000, heldStates: 2_000, heldRows: 2_000 };

const { engines, master, views: names, reactors } = workerData as ProjectionTask;
const events = await openEvents(engines, (lost) => {
  const text = lost === null ? 'the subscription is back' : 'the subscription has lost the event store';
  const detail = lost === null ? null : `attempt ${lost.attempts}: ${lost.reason}`;
  tell({ kind: 'log', level: lost === null ? 'info' : 'warn', text, view: null, detail });
});
const keys = await openKeys(engines, Buffer.from(master), events);
const views = await openViewStore(engines);
const work = reactors ? await openWorkStore(engines) : null;
const erasures = reactors ? await openErasureCheckpoints(engines) : null;
const personal = new SealedTexts(keys.ring);
const textOf = (error: unknown): string => (error instanceof Error ? (error.stack ?? error.message) : String(error));

const around: Omit<EngineSettings, 'definitions'> = {
  events,
  views,
  open: async (sealed) => {
    const plain = await personal.open(sealed.map(({ data }) => data));
    return sealed.map((event, index) => ({ ...event, plain: plain[index] ?? event.data }));
  },
  ...(engines.viewStore.kind === 'sqlite' ? {} : { options: SERVER_PACE }),
  log: ({ level, view, message, error }) =>
    tell({ kind: 'log', level, text: message, view, detail: error === undefined ? null : textOf(error) }),
};
const engine = new ProjectionEngine({
  ...around,
  retireEarlier: true,
  definitions: ALL_VIEWS.filter(({ schema }) => names.includes(schema.view)),
});
await engine.start();
// Commands come first: where there are not cores enough for all, they are answered, and the views' batches grow, of which
// each event then costs less. Only Linux gives threads priorities of their own; elsewhere it would be the process's.
if (process.platform === 'linux') setPriority(PRIORITY);
const stop = new AbortController();
// Each reactor listens, and waits.
setMaxListeners(0, stop.signal);
const streams = new Streams(events, personal, 1_000);
const commands = new CommandExecutor(streams);
const tellFailure = (text: string, error: unknown): void =>
  tell({ kind: 'log', level: 'error', text, view: null, detail: textOf(error) });
const reacting =
  work === null || erasures === null
    ? null
    : Promise.all([
        runReactors(
          allReactors(commands, views, keys.ring, erasures),
          streams,
          work,
          stop.signal,
          ({ failing }, error) => tellFailure(failing, error),
        ),
        new DueAnnouncer(commands, views).run(stop.signal, (error) => tellFailure(ANNOUNCING_FAILS, error)),
      ]);
// Beside the reactors, so that one thread of the process keeps it.
const scores = reactors ? new LeadScoreProjection(new LeadScoreModels(streams), around) : null;
const scoring = scores?.run(stop.signal);
const tellStatus = (): void => tell({ kind: 'status', views: [...engine.status(), ...(scores?.status() ?? [])] });
const status = setInterval(tellStatus, STATUS_EVERY_MS);
tellStatus();

port.on('message', (message: unknown) => {
  if (message === 'stop') void shutdown();
});

async function shutdown(): Promise<void> {
  clearInterval(status);
  stop.abort();
  await engine.stop();
  await reacting;
  await scoring;
  await Promise.all([events.close(), views.close(), work?.close(), erasures?.close(), keys.vault.close()]);
  tell({ kind: 'stopped' });
  port?.close();
}
