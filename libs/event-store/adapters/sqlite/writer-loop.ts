import type { MessagePort } from 'node:worker_threads';
import { isBusy, isFull } from './sqlite-errors.js';
import type { FromWriter, ToWriter } from './writer-thread.js';

/** An open file, as the writing thread sees it. */
export interface GroupWriter<Job, Answer> {
  /** One answer for each job, in order; `failure` is the database's error, if there was one. */
  commit(group: readonly Job[]): { readonly answers: readonly Answer[]; readonly failure?: unknown };
  /** @param asked false when the thread stops because the database failed */
  close(asked: boolean): void;
}

export interface WriterLoopSettings<Job, Answer> {
  readonly open: () => GroupWriter<Job, Answer>;
  /** How many of the first jobs of a queue go into one transaction; at least one. */
  readonly groupSize: (queue: readonly Job[]) => number;
  /** The answer to a job of which nothing was written. */
  readonly refuse: (error: unknown) => Answer;
}

/** The thread's side of a WriterThread: everything that arrives while one group is being synced goes into the next. */
export function runWriterLoop<Job, Answer>(port: MessagePort, settings: WriterLoopSettings<Job, Answer>): void {
  const queue: Job[] = [];
  let writer: GroupWriter<Job, Answer> | null = null;
  let scheduled = false;
  let stopping = false;
  let asked = false;

  const schedule = (): void => {
    if (scheduled) return;
    scheduled = true;
    // After all messages that are already here.
    setImmediate(work);
  };

  const work = (): void => {
    scheduled = false;
    if (queue.length > 0) port.postMessage(commit(queue.splice(0, settings.groupSize(queue))));
    if (queue.length > 0) schedule();
    else if (stopping) {
      writer?.close(asked);
      port.close();
    }
  };

  const commit = (group: readonly Job[]): FromWriter<Answer> => {
    try {
      writer ??= settings.open();
    } catch (error) {
      return group.map(() => settings.refuse(error));
    }
    const { answers, failure } = writer.commit(group);
    if (failure === undefined || isBusy(failure) || isFull(failure)) return answers;
    // The connection may be in any state, and only the end of the thread surely frees it with its locks.
    stopping = true;
    return [...answers, ...queue.splice(0).map(() => settings.refuse(failure))];
  };

  port.on('message', (message: ToWriter<Job>) => {
    if ('stop' in message) stopping = asked = true;
    else for (const job of message.jobs) queue.push(job);
    schedule();
  });
}
