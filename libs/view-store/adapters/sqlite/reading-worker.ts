import { Worker } from 'node:worker_threads';
import { fromThrown, type ReadsAnswer, type ReadsCall } from './reads.protocol.js';

interface Pending {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** One reading thread seen from outside: calls and answers. */
export class ReadingWorker {
  private readonly worker: Worker;
  private readonly pending = new Map<ReadsAnswer['id'], Pending>();
  private readonly opened: Promise<unknown>;
  private nextId = 0;
  private ended: Error | null = null;

  private constructor(folder: string) {
    this.worker = new Worker(new URL('./reads.worker.js', import.meta.url), { workerData: folder });
    this.opened = this.answerTo('opened');
    this.worker.on('message', (answer: ReadsAnswer) => {
      const pending = this.pending.get(answer.id);
      this.pending.delete(answer.id);
      if ('error' in answer) pending?.reject(fromThrown(answer.error));
      else pending?.resolve(answer.value);
    });
    this.worker.on('error', (cause) => this.end(new Error('the reading thread of the view store failed', { cause })));
    this.worker.on('exit', () => this.end(new Error('the reading thread of the view store has ended')));
  }

  /** @throws ViewStoreUnusable a file is damaged or not ours */
  static async open(folder: string): Promise<ReadingWorker> {
    const worker = new ReadingWorker(folder);
    try {
      await worker.opened;
      return worker;
    } catch (error) {
      await worker.worker.terminate();
      throw error;
    }
  }

  /** Calls that are not answered yet. */
  get load(): number {
    return this.pending.size;
  }

  get isAlive(): boolean {
    return this.ended === null;
  }

  async call(call: ReadsCall): Promise<unknown> {
    if (this.ended !== null) throw this.ended;
    const id = this.nextId++;
    const answer = this.answerTo(id);
    this.worker.postMessage({ id, call });
    return answer;
  }

  /** Ends after what was asked before; later calls are refused. */
  async close(): Promise<void> {
    if (this.ended === null) {
      const closed = this.call({ kind: 'close' });
      this.ended = new Error('the view store is closed');
      await closed.catch(() => undefined);
    }
    await this.worker.terminate();
  }

  private answerTo(id: ReadsAnswer['id']): Promise<unknown> {
    return new Promise((resolve, reject) => this.pending.set(id, { resolve, reject }));
  }

  private end(error: Error): void {
    this.ended ??= error;
    for (const { reject } of this.pending.values()) reject(error);
    this.pending.clear();
  }
}
