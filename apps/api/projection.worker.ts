import { parentPort, workerData } from 'node:worker_threads';
import { SqliteEventStore } from '#event-store/adapters/sqlite/sqlite-event-store.js';
import { SqliteViewStore } from '#view-store/adapters/sqlite/view-store.js';
import { SqliteWorkStore } from '#platform/work-store/adapters/sqlite/sqlite-work-store.js';
import { ProjectionEngine } from '#projection/engine.js';
import { allReactors, runReactors } from '#application/reactors/all-reactors.js';
import { Streams } from '#application/streams.js';
import { ALL_VIEWS } from '#views/all-views.js';
import type { ProjectionMessage, ProjectionTask } from './projection-thread.js';

/** Some of the views, and perhaps the reactors, on a thread of their own: the HTTP event loop never waits for a fold. */
const STATUS_EVERY_MS = 250;

const port = parentPort;
if (port === null) throw new Error('the projection worker runs as a worker thread');
const tell = (message: ProjectionMessage): void => port.postMessage(message);

const { files, views: names, reactors } = workerData as ProjectionTask;
const events = await SqliteEventStore.open(files.events);
const views = SqliteViewStore.open(files.views);
const work = reactors ? new SqliteWorkStore(files.work) : null;
const textOf = (error: unknown): string => (error instanceof Error ? (error.stack ?? error.message) : String(error));

const engine = new ProjectionEngine({
  events,
  views,
  definitions: ALL_VIEWS.filter(({ schema }) => names.includes(schema.view)),
  log: ({ level, view, message, error }) =>
    tell({ kind: 'log', level, text: message, view, detail: error === undefined ? null : textOf(error) }),
});
await engine.start();
const stop = new AbortController();
const streams = new Streams(events, 1_000);
const reacting =
  work === null
    ? null
    : runReactors(allReactors(streams), streams, work, stop.signal, ({ failing }, error) =>
        tell({ kind: 'log', level: 'error', text: failing, view: null, detail: textOf(error) }),
      );
const status = setInterval(() => tell({ kind: 'status', views: engine.status() }), STATUS_EVERY_MS);
tell({ kind: 'status', views: engine.status() });

port.on('message', (message: unknown) => {
  if (message === 'stop') void shutdown();
});

async function shutdown(): Promise<void> {
  clearInterval(status);
  stop.abort();
  await engine.stop();
  await reacting;
  await Promise.all([events.close(), views.close(), work?.close()]);
  tell({ kind: 'stopped' });
  port?.close();
}
