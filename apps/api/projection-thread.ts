import { Worker } from 'node:worker_threads';
import type { Logger } from '#platform/logger.js';
import type { ViewStatus } from '#projection/progress.js';
import type { Engines } from '../stores/engines.js';

/** What one projection thread does. */
export interface ProjectionTask {
  readonly engines: Engines;
  readonly master: Uint8Array;
  /** Names of the views that it keeps. */
  readonly views: readonly string[];
  /** Whether it runs the reactors as well. */
  readonly reactors: boolean;
}

export type ProjectionMessage =
  | { readonly kind: 'status'; readonly views: readonly ViewStatus[] }
  | {
      readonly kind: 'log';
      readonly level: 'info' | 'warn' | 'error';
      readonly text: string;
      readonly view: string | null;
      readonly detail: string | null;
    }
  | { readonly kind: 'stopped' };

/**
 * A fold makes much that is soon forgotten: with room for it less is copied. What lasts, above all the states that wait
 * for a commit, takes about 40 MB of the old generation. The limit decides how much more is left lying about before it
 * is collected: with 256 MB a third of a catch-up is spent on that, with 2 GB 150 MB more are taken.
 */
const RESOURCES = { maxYoungGenerationSizeMb: 48, maxOldGenerationSizeMb: 1_024 };

/** One projection thread seen from outside; one that dies is started again. */
export class ProjectionThread {
  #worker: Worker | null = null;
  #stopping = false;
  #failures = 0;
  #status: readonly ViewStatus[] = [];
  #heardAt = -Infinity;
  #restart: NodeJS.Timeout | null = null;

  constructor(
    private readonly task: ProjectionTask,
    private readonly log: Logger,
  ) {}

  start(): void {
    const worker = new Worker(new URL('./projection.worker.js', import.meta.url), {
      workerData: this.task,
      resourceLimits: RESOURCES,
    });
    this.#worker = worker;
    worker.on('message', (message: ProjectionMessage) => {
      if (message.kind === 'log') this.log[message.level]({ view: message.view, detail: message.detail }, message.text);
      if (message.kind !== 'status') return;
      this.#status = message.views;
      this.#heardAt = performance.now();
      this.#failures = 0;
    });
    worker.on('error', (error) => this.log.error({ err: error }, 'the projection thread failed'));
    worker.on('exit', () => {
      this.#worker = null;
      if (this.#stopping) return;
      this.#failures += 1;
      this.#restart = setTimeout(() => this.start(), Math.min(10_000, 100 * 2 ** this.#failures));
    });
  }

  /** What the thread last said; null when it has been silent for too long to be believed. */
  status(): readonly ViewStatus[] | null {
    return performance.now() - this.#heardAt > 10_000 ? null : this.#status;
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    if (this.#restart !== null) clearTimeout(this.#restart);
    const worker = this.#worker;
    if (worker === null) return;
    const ended = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
    worker.postMessage('stop');
    const timer = setTimeout(() => void worker.terminate(), 10_000);
    await ended;
    clearTimeout(timer);
  }
}
