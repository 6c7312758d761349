import type { Logger } from '#platform/logger.js';
import type { ViewStatus } from '#projection/progress.js';
import { ALL_VIEWS } from '#views/all-views.js';
import type { DataFiles } from './embedded-stores.js';
import { ProjectionThread } from './projection-thread.js';

/** The view that costs as much as all the others together. */
const HEAVIEST = 'deal-history';

/**
 * Hosts the projection threads: views are files of their own, so two threads write them at the same time. One that dies
 * is started again, and health says so meanwhile.
 */
export class ProjectionHost {
  readonly #threads: readonly ProjectionThread[];

  constructor(files: DataFiles, log: Logger) {
    const names = ALL_VIEWS.map(({ schema }) => schema.view);
    this.#threads = [
      new ProjectionThread({ files, views: names.filter((name) => name !== HEAVIEST), reactors: true }, log),
      new ProjectionThread({ files, views: [HEAVIEST], reactors: false }, log),
    ];
  }

  start(): void {
    for (const thread of this.#threads) thread.start();
  }

  /** What the threads last said; null when one of them has been silent for too long to be believed. */
  status(): readonly ViewStatus[] | null {
    const all: ViewStatus[] = [];
    for (const thread of this.#threads) {
      const status = thread.status();
      if (status === null) return null;
      all.push(...status);
    }
    return all;
  }

  async stop(): Promise<void> {
    await Promise.all(this.#threads.map((thread) => thread.stop()));
  }
}
