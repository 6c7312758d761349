import type {
  Checkpoint,
  Commit,
  Lease,
  ReadRequest,
  ReadResult,
  Row,
  ViewSchema,
  ViewStore,
} from '#view-store/port.js';

/** What happens to a call on its way to the store. */
export type Mishap = 'none' | 'fails-before' | 'fails-after' | 'never-returns';

/** A real store behind a bad connection, or in a process that dies. */
export class FailingViewStore implements ViewStore {
  constructor(
    private readonly store: ViewStore,
    private readonly mishap: (call: string, view: ViewSchema) => Mishap,
  ) {}

  private async through<T>(call: string, view: ViewSchema, work: () => Promise<T>): Promise<T> {
    const mishap = this.mishap(call, view);
    if (mishap === 'never-returns') return new Promise(() => undefined);
    if (mishap === 'fails-before') throw new Error('connection lost before the call');
    const result = await work();
    if (mishap === 'fails-after') throw new Error('connection lost before the answer');
    return result;
  }

  async prepare(view: ViewSchema): Promise<void> {
    return this.through('prepare', view, () => this.store.prepare(view));
  }
  async createIndexes(view: ViewSchema): Promise<void> {
    return this.through('createIndexes', view, () => this.store.createIndexes(view));
  }
  async versions(view: ViewSchema): Promise<readonly number[]> {
    return this.through('versions', view, () => this.store.versions(view));
  }
  async drop(view: ViewSchema): Promise<void> {
    return this.through('drop', view, () => this.store.drop(view));
  }
  async load(view: ViewSchema, keys: readonly string[]): Promise<ReadonlyMap<string, object>> {
    return this.through('load', view, () => this.store.load(view, keys));
  }
  async purge(view: ViewSchema): Promise<boolean> {
    return this.through('purge', view, () => this.store.purge(view));
  }
  async commit(view: ViewSchema, commit: Commit): Promise<void> {
    return this.through('commit', view, () => this.store.commit(view, commit));
  }
  async acquireLease(view: ViewSchema, holder: string, ttlMs: number): Promise<Lease | null> {
    return this.through('acquireLease', view, () => this.store.acquireLease(view, holder, ttlMs));
  }
  async releaseLease(view: ViewSchema, holder: string): Promise<void> {
    return this.through('releaseLease', view, () => this.store.releaseLease(view, holder));
  }
  async checkpoint(view: ViewSchema): Promise<Checkpoint | null> {
    return this.through('checkpoint', view, () => this.store.checkpoint(view));
  }
  async read<const R extends readonly ReadRequest[]>(
    view: ViewSchema,
    requests: R,
  ): Promise<{ checkpoint: Checkpoint | null; results: { [K in keyof R]: ReadResult<R[K]> } }> {
    return this.through('read', view, () => this.store.read(view, requests));
  }
  scan(view: ViewSchema, request: Parameters<ViewStore['scan']>[1]): AsyncIterable<readonly Row[]> {
    return this.store.scan(view, request);
  }
  async close(): Promise<void> {
    await this.store.close();
  }
}
