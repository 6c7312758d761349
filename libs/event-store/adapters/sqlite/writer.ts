import { Worker } from 'node:worker_threads';
import type { EncodedAppend } from '../../append-encoding.js';
import { StoreUnavailable, WrongExpectedRevision, type AppendResult } from '../../port.js';
import type { AppendAnswer, WriterData } from './writer-protocol.js';
import { WriterThread } from './writer-thread.js';

/** Starts the thread that owns the write connection. */
export function startWriterThread(path: string): Worker {
  const workerData: WriterData = { path };
  return new Worker(new URL('./writer.worker.js', import.meta.url), {
    workerData,
    name: 'event-log-writer',
    execArgv: [],
  });
}

/** The writer thread of the event log: appends in, answers out. */
export class Writer {
  readonly #thread: WriterThread<EncodedAppend, AppendAnswer>;

  /** @param onStored called after commits of ours */
  constructor(start: () => Worker, onStored: () => void) {
    this.#thread = new WriterThread(start, {
      name: "the event log's writer",
      lost: (message, nothingWritten) => new StoreUnavailable(message, nothingWritten),
      onAnswers: (answers) => {
        if (answers.some(({ outcome }) => outcome === 'stored')) onStored();
      },
    });
  }

  async append(append: EncodedAppend): Promise<AppendResult> {
    const answer = await this.#thread.do(append);
    switch (answer.outcome) {
      case 'stored':
        return { revision: answer.revision, position: BigInt(answer.position) };
      case 'wrong-revision':
        throw new WrongExpectedRevision(append.stream, append.expectedRevision, answer.actual);
      case 'unavailable':
        throw new StoreUnavailable(answer.message, answer.nothingWritten);
    }
  }

  /** Resolves when all appends have their answers and the thread has let go of the file. */
  close(): Promise<void> {
    return this.#thread.close();
  }
}
