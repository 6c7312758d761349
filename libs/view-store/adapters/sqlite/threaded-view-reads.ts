import {
  type Checkpoint,
  type ReadRequest,
  type ReadResult,
  type Row,
  type ViewReads,
  type ViewSchema,
  ViewStoreUnusable,
} from '../../port.js';
import { ReadingWorker } from './reading-worker.js';
import type { ReadsCall } from './reads.protocol.js';
import type { ScanRequest } from './view-reads.js';

/** Two: a long report in one thread leaves the other to the short reads. */
const THREADS = 2;

/**
 * The reads of `SqliteViewStore`, done by threads of their own: however long a query takes, the caller's event loop
 * stays free. A thread that fails is replaced; what it was asked is rejected. Once a read has met damage, all reads of that
 * view are refused with ViewStoreUnusable: what lies in other pages may be right, but an answer needs all of it.
 */
export class ThreadedViewReads implements ViewReads {
  private nextScan = 0;
  private closed = false;
  /** By view. */
  private readonly damage = new Map<string, ViewStoreUnusable>();
  private replacing: Promise<unknown> | null = null;

  private constructor(
    private readonly folder: string,
    private readonly workers: ReadingWorker[],
  ) {}

  /** @throws ViewStoreUnusable a file is damaged or not ours */
  static async open(folder: string, threads: number = THREADS): Promise<ThreadedViewReads> {
    const first = await ReadingWorker.open(folder);
    const others = Array.from({ length: threads - 1 }, () => ReadingWorker.open(folder));
    return new ThreadedViewReads(folder, [first, ...(await Promise.all(others))]);
  }

  async read<const R extends readonly ReadRequest[]>(
    view: ViewSchema,
    requests: R,
  ): Promise<{ checkpoint: Checkpoint | null; results: { [K in keyof R]: ReadResult<R[K]> } }> {
    return (await this.call(view, { kind: 'read', view, requests })) as {
      checkpoint: Checkpoint | null;
      results: { [K in keyof R]: ReadResult<R[K]> };
    };
  }

  async checkpoint(view: ViewSchema): Promise<Checkpoint | null> {
    return (await this.call(view, { kind: 'checkpoint', view })) as Checkpoint | null;
  }

  /** One chunk is read ahead of the consumer, no more. */
  async *scan(view: ViewSchema, request: ScanRequest): AsyncGenerator<readonly Row[]> {
    const worker = await this.worker(view);
    const scan = this.nextScan++;
    await this.ask(view, worker, { kind: 'scan', scan, view, request });
    const next = (): Promise<readonly Row[] | null> => {
      const chunk = this.ask(view, worker, { kind: 'next', scan }) as Promise<readonly Row[] | null>;
      // Whoever awaits it still gets the error; a scan that is left does not await it.
      chunk.catch(() => undefined);
      return chunk;
    };
    try {
      let ahead = next();
      for (;;) {
        const chunk = await ahead;
        if (chunk === null) return;
        ahead = next();
        yield chunk;
      }
    } finally {
      if (worker.isAlive) await worker.call({ kind: 'return', scan });
    }
  }

  async close(): Promise<void> {
    this.closed = true;
    await Promise.all(this.workers.map((worker) => worker.close()));
  }

  private async call(view: ViewSchema, call: ReadsCall): Promise<unknown> {
    return this.ask(view, await this.worker(view), call);
  }

  private async ask({ view }: ViewSchema, worker: ReadingWorker, call: ReadsCall): Promise<unknown> {
    try {
      return await worker.call(call);
    } catch (error) {
      if (error instanceof ViewStoreUnusable) this.damage.set(view, error);
      throw error;
    }
  }

  /** The thread with the least to do. */
  private async worker({ view }: ViewSchema): Promise<ReadingWorker> {
    if (this.closed) throw new Error('the view store is closed');
    const damage = this.damage.get(view);
    if (damage !== undefined) throw damage;
    const alive = this.workers.filter((worker) => worker.isAlive);
    if (alive.length < this.workers.length) await this.replaceEnded();
    return this.workers.reduce((least, worker) => (worker.load < least.load ? worker : least));
  }

  private async replaceEnded(): Promise<void> {
    this.replacing ??= Promise.all(
      this.workers.map(async (worker, index) => {
        if (!worker.isAlive) this.workers[index] = await ReadingWorker.open(this.folder);
      }),
    ).finally(() => {
      this.replacing = null;
    });
    await this.replacing;
  }
}
