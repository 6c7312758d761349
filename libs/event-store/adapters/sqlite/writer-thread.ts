import type { Worker } from 'node:worker_threads';
import { messageOf } from './sqlite-errors.js';

/** To the thread: jobs in order, or the wish to finish them and stop. */
export type ToWriter<Job> = { readonly jobs: readonly Job[] } | { readonly stop: true };

/** From the thread: the answers to the oldest jobs that have none yet, in their order, sent after the commit. */
export type FromWriter<Answer> = readonly Answer[];

export interface WriterThreadSettings<Answer> {
  /** For sentences: `the event log's writer`. */
  readonly name: string;
  /** Makes the error for jobs that the thread did not answer. */
  readonly lost: (message: string, nothingWritten: boolean) => Error;
  /** Told of the answers after those who wait for them. */
  readonly onAnswers?: (answers: readonly Answer[]) => void;
}

interface Waiting<Job, Answer> {
  readonly job: Job;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: Error) => void;
}

/**
 * The caller's side of a thread that writes (see writer-loop.ts). The thread is started by the first job. Should it
 * die, the jobs that it had are rejected with an unknown outcome, and the next job starts a new one.
 */
export class WriterThread<Job, Answer> {
  #worker: Worker | null = null;
  /** Without an answer, oldest first; the first `#sent` of them are with the thread. */
  readonly #waiting: Waiting<Job, Answer>[] = [];
  #sent = 0;
  #scheduled = false;
  #death: unknown;

  constructor(
    private readonly start: () => Worker,
    private readonly settings: WriterThreadSettings<Answer>,
  ) {}

  do(job: Job): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ job, resolve, reject });
      this.#schedule();
    });
  }

  /** Resolves when all jobs have their answers and the thread has let go of the file. */
  async close(): Promise<void> {
    this.#send();
    const worker = this.#worker;
    if (worker === null) return;
    worker.ref();
    await new Promise<void>((resolve) => {
      worker.once('exit', () => resolve());
      worker.postMessage({ stop: true } satisfies ToWriter<Job>);
    });
  }

  /** All jobs of one turn of the event loop travel in one message. */
  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.#send();
    });
  }

  #send(): void {
    const unsent = this.#waiting.slice(this.#sent);
    if (unsent.length === 0) return;
    try {
      const worker = (this.#worker ??= this.#startWorker());
      worker.postMessage({ jobs: unsent.map(({ job }) => job) } satisfies ToWriter<Job>);
      worker.ref();
      this.#sent = this.#waiting.length;
    } catch (error) {
      this.#waiting.splice(this.#sent);
      const failure = this.settings.lost(`${this.settings.name} does not start: ${messageOf(error)}`, true);
      for (const { reject } of unsent) reject(failure);
    }
  }

  #startWorker(): Worker {
    const worker = this.start();
    worker.unref();
    worker.on('message', (answers: FromWriter<Answer>) => this.#settle(worker, answers));
    worker.on('error', (error) => (this.#death = error));
    worker.on('exit', () => this.#bury(worker));
    return worker;
  }

  #settle(worker: Worker, answers: FromWriter<Answer>): void {
    this.#sent -= answers.length;
    const settled = this.#waiting.splice(0, answers.length);
    if (this.#sent === 0) worker.unref();
    for (const [index, { resolve }] of settled.entries()) {
      const answer = answers[index];
      if (answer !== undefined) resolve(answer);
    }
    this.settings.onAnswers?.(answers);
  }

  #bury(worker: Worker): void {
    if (worker !== this.#worker) return;
    this.#worker = null;
    const lost = this.#waiting.splice(0, this.#sent);
    this.#sent = 0;
    const reason = this.#death === undefined ? '' : `: ${messageOf(this.#death)}`;
    this.#death = undefined;
    for (const { reject } of lost) {
      reject(this.settings.lost(`${this.settings.name} died before it answered${reason}`, false));
    }
  }
}
