import type { RecordedEvent } from '#event-store/event.js';
import { type Checkpoint, CheckpointConflict, type Commit, type ViewStore } from '#view-store/port.js';
import { foldBatch, STREAM_KEY, type Touched, touchedBy } from './batch.js';
import type { Folded, Loaded } from './key-fold.js';
import { loadParkedKeys, Parking } from './parking.js';
import { StateCache } from './state-cache.js';
import type { View } from './view.js';

/** Folded states that a view keeps in memory. */
export const CACHED_STATES = 20_000;

/**
 * One process's right to write one view, for one epoch: its place in the log, its cached states, its parked keys.
 * After any error it must be thrown away and taken anew: what it holds may not be what is stored.
 */
export class Leadership<State extends object = object> {
  private readonly cache: StateCache<Folded<State>>;
  private last: Promise<unknown> = Promise.resolve();

  private constructor(
    readonly view: View<State>,
    private readonly store: ViewStore,
    readonly epoch: number,
    private place: Checkpoint | null,
    private parking: Parking,
    cachedStates: number,
  ) {
    this.cache = new StateCache(cachedStates);
  }

  /** Takes over where the store says. The view must be prepared and its lease held with this epoch. */
  static async take<State extends object>(
    view: View<State>,
    store: ViewStore,
    epoch: number,
    cachedStates: number = CACHED_STATES,
  ): Promise<Leadership<State>> {
    const checkpoint = await store.checkpoint(view.schema);
    const parking = Parking.of(await loadParkedKeys(store, view.schema));
    return new Leadership(view, store, epoch, checkpoint, parking, cachedStates);
  }

  get checkpoint(): Checkpoint | null {
    return this.place;
  }

  get parked(): Pick<Parking, 'size' | 'list' | 'get'> {
    return this.parking;
  }

  /**
   * Folds all events of the log that follow the position `after`, in order; those at or before the checkpoint are
   * skipped.
   * @throws CheckpointConflict another process leads; otherwise an error of the store
   */
  async apply(events: readonly RecordedEvent[], after: bigint | null): Promise<void> {
    return this.inTurn(async () => {
      const place = this.place;
      if (after !== null && (place === null || place.position < after)) {
        throw new Error(`view ${this.view.schema.view} would miss events before position ${after}`);
      }
      const fresh = place === null ? events : events.filter(({ position }) => position > place.position);
      const last = fresh.at(-1);
      if (last === undefined) return;
      const to = { position: last.position, hash: last.metadata.hash };
      await this.fold(touchedBy(this.view, fresh), this.parking.copy(), to);
    });
  }

  /**
   * Folds the events of a parked key again, given in order. When one fails again, the key stays parked from there on.
   * @returns whether the key is free
   * @throws Error events whose key could not be told before belong to keys that have gone on since
   */
  async retry(
    key: string,
    read: (positions: readonly bigint[]) => Promise<readonly RecordedEvent[]>,
  ): Promise<boolean> {
    return this.inTurn(async () => {
      const parked = this.parking.get(key);
      if (parked === undefined || this.place === null) return true;
      const events = await read([parked.position, ...parked.waiting]);
      const touched = key.startsWith(STREAM_KEY)
        ? touchedBy(this.view, events)
        : { byKey: new Map([[key, events]]), unreadable: [] };
      if (key.startsWith(STREAM_KEY) && this.view.states === 'stored' && touched.byKey.size > 0) {
        throw new Error(`the events of ${key} can no longer be folded in order: rebuild view ${this.view.schema.view}`);
      }
      const parking = this.parking.copy();
      parking.release(key);
      await this.fold(touched, parking, this.place);
      return !parking.has(key);
    });
  }

  private async fold(touched: Touched, parking: Parking, to: Checkpoint): Promise<void> {
    const before = await this.load([...touched.byKey.keys()].filter((key) => !parking.has(key)));
    const { changes, folded } = foldBatch(this.view, touched, before, parking);
    await this.commit(changes, to);
    this.parking = parking.copy();
    for (const [key, value] of folded) this.cache.set(key, value);
  }

  private async load(keys: readonly string[]): Promise<ReadonlyMap<string, Loaded<State>>> {
    const found = new Map<string, Loaded<State>>();
    // Before its first commit a view has no states.
    if (this.view.states === 'none' || this.place === null) return found;
    const missing: string[] = [];
    for (const key of keys) {
      const cached = this.cache.get(key);
      if (cached === undefined) missing.push(key);
      else found.set(key, cached);
    }
    if (missing.length === 0) return found;
    for (const [key, stored] of await this.store.load(this.view.schema, missing)) {
      // Stored by this view: its state as JSON.
      found.set(key, { state: stored as State, derived: null });
    }
    return found;
  }

  private async commit(changes: Omit<Commit, 'checkpoint'>, to: Checkpoint): Promise<void> {
    try {
      await this.store.commit(this.view.schema, {
        ...changes,
        checkpoint: { from: this.place, to, epoch: this.epoch },
      });
    } catch (error) {
      if (!(error instanceof CheckpointConflict && this.isOwnCommit(error, to))) throw error;
    }
    this.place = to;
  }

  /** A commit whose first answer was lost meets what it has itself stored. */
  private isOwnCommit({ stored, epoch }: CheckpointConflict, to: Checkpoint): boolean {
    return epoch === this.epoch && stored !== null && stored.position === to.position && stored.hash === to.hash;
  }

  /** Batches and retries, one after the other. */
  private async inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.last.then(work, work);
    this.last = turn.catch(() => undefined);
    return turn;
  }
}
