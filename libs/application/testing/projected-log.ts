import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SqliteWorkStore } from '#platform/work-store/adapters/sqlite/sqlite-work-store.js';
import { ProjectionEngine } from '#projection/engine.js';
import type { View } from '#projection/view.js';
import { SqliteViewStore } from '#view-store/adapters/sqlite/view-store.js';
import { embeddedLog, type EmbeddedLog } from './embedded-log.js';

/** A real event store with views that an engine keeps up to date, and a work store. */
export interface ProjectedLog {
  readonly log: EmbeddedLog;
  readonly views: SqliteViewStore;
  readonly work: SqliteWorkStore;
  /** Stops the engine, closes the stores and removes the folders. */
  remove(): Promise<void>;
}

export async function projectedLog(definitions: readonly View[]): Promise<ProjectedLog> {
  const log = await embeddedLog();
  const folder = mkdtempSync(join(tmpdir(), 'pipeledger-views-'));
  const views = SqliteViewStore.open(join(folder, 'views'));
  const work = new SqliteWorkStore(join(folder, 'work.db'));
  const engine = new ProjectionEngine({ events: log.store, views, definitions });
  await engine.start();
  return {
    log,
    views,
    work,
    remove: async () => {
      await engine.stop();
      await Promise.all([views.close(), work.close()]);
      await log.remove();
      rmSync(folder, { recursive: true });
    },
  };
}
