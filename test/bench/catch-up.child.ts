import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { SqliteEventStore } from '#event-store/adapters/sqlite/sqlite-event-store.js';
import { destination, pino } from 'pino';
import { loadConfiguration } from '#platform/configuration.js';
import { ProjectionHost } from '../../apps/api/projection-host.js';
import { enginesOf } from '../../apps/stores/engines.js';

/**
 * One measurement in a process of its own, so that memory is its own too. Arguments: `read` or `project`, the folder.
 * Prints `{events, ms, rssMb}`.
 */
const [mode, folder] = process.argv.slice(2);
if (folder === undefined) throw new Error('which folder?');
const events = await SqliteEventStore.open(join(folder, 'events.db'));
const head = await events.head();
let count = 0;
const startedAt = performance.now();
if (mode === 'read') {
  for (let after: bigint | null = null; ;) {
    const page = await events.readAll(after, 1_000);
    const last = page[page.length - 1];
    if (last === undefined) break;
    count += page.length;
    after = last.position;
  }
} else {
  const projections = new ProjectionHost(
    enginesOf(loadConfiguration({ DATA_DIR: folder })),
    Buffer.alloc(32),
    pino({ level: 'warn' }, destination(2)),
  );
  projections.start();
  const isDone = (): boolean => {
    const views = projections.status() ?? [];
    return views.length > 0 && views.every(({ position }) => position !== null && head !== null && position >= head);
  };
  while (!isDone()) await pause(5);
  count = Number(head);
  // The end of the catch-up is when the indexes stand and the threads have nothing left to do.
  await projections.stop();
}
const ms = performance.now() - startedAt;
await events.close();
process.stdout.write(JSON.stringify({ events: count, ms, rssMb: process.resourceUsage().maxRSS / 1_024 }));
