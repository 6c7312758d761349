import type { Logger } from '#platform/logger.js';
import type { ViewStatus } from '#projection/progress.js';
import { ALL_VIEWS } from '#views/all-views.js';
import type { Engines } from '../stores/engines.js';
import { ProjectionThread } from './projection-thread.js';

/** The view that costs as much as all the others together. */
const HEAVIEST = 'deal-history';

/**
 * Hosts the projection threads. Embedded views are files of their own, so two threads write them at the same time; for
 * a server's one is enough, with one subscription. A thread that dies is started again, and health says so meanwhile.
 */
export class ProjectionHost {
  readonly #threads: readonly ProjectionThread[];

  constructor(engines: Engines, master: Buffer, log: Logger) {
    const names = ALL_VIEWS.map(({ schema }) => schema.view);
    const heavy = engines.viewStore.kind === 'sqlite' ? [HEAVIEST] : [];
    const light = names.filter((name) => !heavy.includes(name));
    this.#threads = [
      new ProjectionThread({ engines, master, views: light, reactors: true }, log),
      ...heavy.map((name) => new ProjectionThread({ engines, master, views: [name], reactors: false }, log)),
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
