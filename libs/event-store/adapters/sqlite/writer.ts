import { Worker } from 'node:worker_threads';
import type { EncodedAppend } from '../../append-encoding.js';
import { StoreUnavailable, WrongExpectedRevision, type AppendResult } from '../../port.js';
import { messageOf } from './sqlite-errors.js';
import type { AppendAnswer, FromWriter, ToWriter, WriterData } from './writer-protocol.js';

interface Waiting {
  readonly append: EncodedAppend;
  readonly resolve: (result: AppendResult) => void;
  readonly reject: (error: Error) => void;
}

/** Starts the thread that owns the write connection. */
export function startWriterThread(path: string): Worker {
  const workerData: WriterData = { path };
  return new Worker(new URL('./writer.worker.js', import.meta.url), {
    workerData,
    name: 'event-log-writer',
    execArgv: [],
  });
}

/**
 * The caller's side of the writer thread. The thread is started by the first append. Should it die, the appends that
 * it had are answered with an unknown outcome, and the next append starts a new one.
 */
export class Writer {
  readonly #start: () => Worker;
  readonly #onStored: () => void;
  #worker: Worker | null = null;
  /** Without an answer, oldest first; the first `#sent` of them are with the thread. */
  readonly #waiting: Waiting[] = [];
  #sent = 0;
  #scheduled = false;
  #death: unknown;

  /** @param onStored called after commits of ours */
  constructor(start: () => Worker, onStored: () => void) {
    this.#start = start;
    this.#onStored = onStored;
  }

  append(append: EncodedAppend): Promise<AppendResult> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ append, resolve, reject });
      this.#schedule();
    });
  }

  /** Resolves when all appends have their answers and the thread has let go of the file. */
  async close(): Promise<void> {
    this.#send();
    const worker = this.#worker;
    if (worker === null) return;
    worker.ref();
    await new Promise<void>((resolve) => {
      worker.once('exit', () => resolve());
      worker.postMessage({ stop: true } satisfies ToWriter);
    });
  }

  /** All appends of one turn of the event loop travel in one message. */
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
      worker.postMessage({ appends: unsent.map(({ append }) => append) } satisfies ToWriter);
      worker.ref();
      this.#sent = this.#waiting.length;
    } catch (error) {
      this.#waiting.splice(this.#sent);
      const failure = new StoreUnavailable(`the event log's writer does not start: ${messageOf(error)}`, true);
      for (const { reject } of unsent) reject(failure);
    }
  }

  #startWorker(): Worker {
    const worker = this.#start();
    worker.unref();
    worker.on('message', (answers: FromWriter) => this.#settle(worker, answers));
    worker.on('error', (error) => (this.#death = error));
    worker.on('exit', () => this.#bury(worker));
    return worker;
  }

  #settle(worker: Worker, answers: FromWriter): void {
    this.#sent -= answers.length;
    const settled = this.#waiting.splice(0, answers.length);
    if (this.#sent === 0) worker.unref();
    for (const [index, waiting] of settled.entries()) {
      const answer = answers[index];
      if (answer !== undefined) settle(waiting, answer);
    }
    if (answers.some(({ outcome }) => outcome === 'stored')) this.#onStored();
  }

  #bury(worker: Worker): void {
    if (worker !== this.#worker) return;
    this.#worker = null;
    const lost = this.#waiting.splice(0, this.#sent);
    this.#sent = 0;
    const reason = this.#death === undefined ? '' : `: ${messageOf(this.#death)}`;
    this.#death = undefined;
    for (const { reject } of lost) {
      reject(new StoreUnavailable(`the event log's writer died before it answered${reason}`, false));
    }
  }
}

function settle({ append, resolve, reject }: Waiting, answer: AppendAnswer): void {
  switch (answer.outcome) {
    case 'stored':
      return resolve({ revision: answer.revision, position: BigInt(answer.position) });
    case 'wrong-revision':
      return reject(new WrongExpectedRevision(append.stream, append.expectedRevision, answer.actual));
    case 'unavailable':
      return reject(new StoreUnavailable(answer.message, answer.nothingWritten));
  }
}
