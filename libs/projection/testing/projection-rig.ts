import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import type { RecordedEvent } from '#event-store/event.js';
import { SqliteViewStore } from '#view-store/adapters/sqlite/view-store.js';
import type { ViewSchema, ViewStore } from '#view-store/port.js';
import { ProjectionEngine, type EngineSettings } from '../engine.js';
import { foldView } from '../fold.js';
import type { EngineLogEntry } from '../log.js';
import type { EngineOptions } from '../options.js';
import type { View } from '../view.js';
import { waitForPosition } from '../wait-for.js';
import { FailingViewStore, type Mishap } from './failing-view-store.js';
import { type MemoryEventStore } from './memory-event-store.js';
import { comparable, storedView } from './stored-view.js';

const FAST: Partial<EngineOptions> = {
  tickMs: 15,
  backoffMs: [2, 20],
  lingerMs: 5,
  chunkSize: 4,
  batchSize: 11,
  sharedBatchSize: 3,
  heldStates: 5,
  heldRows: 5,
  cachedStates: 3,
  liveLingerMs: [3, 10],
  retireAfterMs: 50,
};
const PATIENCE_MS = 120_000;

export interface RunningEngine {
  readonly engine: ProjectionEngine;
  readonly log: readonly EngineLogEntry[];
  /** The process dies: nothing it does reaches the store any more. */
  kill(): void;
}

/** A log, a folder with views, and any number of engines over them as if each were a process. */
export class ProjectionRig {
  private readonly engines: ProjectionEngine[] = [];
  private readonly stores: ViewStore[] = [];

  private constructor(
    private readonly folder: string,
    readonly events: MemoryEventStore,
    readonly definitions: readonly View[],
    readonly store: ViewStore,
  ) {}

  static async with(
    definitions: readonly View[],
    events: MemoryEventStore,
    test: (rig: ProjectionRig) => Promise<void>,
  ): Promise<void> {
    const folder = await mkdtemp(join(tmpdir(), 'projection-'));
    const rig = new ProjectionRig(folder, events, definitions, SqliteViewStore.open(join(folder, 'views')));
    try {
      await test(rig);
    } finally {
      events.setDown(false);
      for (const engine of rig.engines) await engine.stop();
      for (const store of [rig.store, ...rig.stores]) await store.close();
      await rm(folder, { recursive: true, force: true });
    }
  }

  async start(
    options: Partial<EngineOptions> = {},
    mishap: (call: string, view: ViewSchema) => Mishap = () => 'none',
    settings: Partial<EngineSettings> = {},
  ): Promise<RunningEngine> {
    const log: EngineLogEntry[] = [];
    let dead = false;
    const real = SqliteViewStore.open(join(this.folder, 'views'));
    this.stores.push(real);
    const engine = new ProjectionEngine({
      events: this.events,
      views: new FailingViewStore(real, (call, view) => (dead ? 'never-returns' : mishap(call, view))),
      definitions: this.definitions,
      options: { ...FAST, ...options },
      log: (entry) => log.push(entry),
      ...settings,
    });
    await engine.start();
    const running = {
      engine,
      log,
      kill: () => {
        dead = true;
      },
    };
    this.engines.push(engine);
    return running;
  }

  /** A dead process does not stop in an orderly way. */
  bury(engine: RunningEngine): void {
    engine.kill();
    this.engines.splice(this.engines.indexOf(engine.engine), 1);
  }

  /** Waits until all views hold all of the log, and compares them with one clean fold of it. */
  async expectCurrent(
    events: readonly RecordedEvent[],
    definitions: readonly View[] = this.definitions,
  ): Promise<void> {
    const last = events.at(-1);
    const schemas = definitions.map(({ schema }) => schema);
    if (last !== undefined)
      expect(await waitForPosition(this.store, schemas, last.position, PATIENCE_MS)).toEqual({ ok: true });
    for (const view of definitions) {
      const stored = await storedView(this.store, view.schema);
      expect(comparable(view.schema, stored)).toEqual(comparable(view.schema, foldView(view, events)));
    }
  }
}

/** Waits until something holds. */
export async function eventually(holds: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error('it did not come to hold');
    await new Promise((resolve) => setTimeout(resolve, 3));
  }
}
