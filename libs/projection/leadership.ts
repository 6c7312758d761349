import type { RecordedEvent } from '#event-store/event.js';
import { type Checkpoint, CheckpointConflict, type Commit, type ViewStore } from '#view-store/port.js';
import { foldBatch, STREAM_KEY, type Touched, touchedBy } from './batch.js';
import { Gathering } from './gathering.js';
import { loadParkedKeys, Parking } from './parking.js';
import { restoreStates } from './restored-states.js';
import { StateCache } from './state-cache.js';
import type { View } from './view.js';

/** Folded states that a view keeps in memory. */
export const CACHED_STATES = 20_000;

/**
 * One process's right to write one view, for one epoch: its place in the log, its cached states, its parked keys.
 * After any error it must be thrown away and taken anew: what it holds may not be what is stored.
 */
export class Leadership<State extends object = object> {
  private readonly cache: StateCache<State>;
  private last: Promise<unknown> = Promise.resolve();
  /** Folded, but not committed. */
  private gathering: Gathering<State> | null = null;
  private roughlyParked: readonly string[] = [];

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

  /** Keys and rows that are folded and wait for a commit, the events that touched them, and all that were folded. */
  get waiting(): { readonly held: number; readonly touched: number; readonly events: number } {
    const { held, touched, events } = this.gathering ?? { held: 0, touched: 0, events: 0 };
    return { held, touched, events };
  }

  /**
   * Folds all events of the log that follow the position `after`, in order, and commits them; those that it has folded
   * before are skipped.
   * @throws CheckpointConflict another process leads; otherwise an error of the store
   */
  async apply(events: readonly RecordedEvent[], after: bigint | null): Promise<void> {
    return this.inTurn(async () => {
      const fresh = this.freshOf(events, after);
      if (this.gathering !== null) {
        await this.gathering.fold(fresh, (keys) => this.load(keys));
        await this.commitGathered(this.gathering);
        return;
      }
      const last = fresh.at(-1);
      if (last === undefined) return;
      const to = { position: last.position, hash: last.metadata.hash };
      await this.fold(touchedBy(this.view, fresh), this.parking.copy(), to);
    });
  }

  /** As `apply`, but leaves the commit to a later `apply` or `commitGathered`. */
  async gather(events: readonly RecordedEvent[], after: bigint | null): Promise<void> {
    return this.inTurn(async () => {
      const fresh = this.freshOf(events, after);
      if (fresh.length === 0) return;
      this.gathering ??= new Gathering(this.view, this.place, this.parking.copy());
      await this.gathering.fold(fresh, (keys) => this.load(keys));
    });
  }

  /** Keys that are parked too early, since the last call: a retry finds the event that cannot be folded. */
  takeRoughlyParked(): readonly string[] {
    const keys = this.roughlyParked;
    this.roughlyParked = [];
    return keys;
  }

  private freshOf(events: readonly RecordedEvent[], after: bigint | null): readonly RecordedEvent[] {
    const place = this.gathering === null ? this.place : this.gathering.end;
    if (after !== null && (place === null || place.position < after)) {
      throw new Error(`view ${this.view.schema.view} would miss events before position ${after}`);
    }
    const first = events[0];
    if (place === null || first === undefined || first.position > place.position) return events;
    return events.filter(({ position }) => position > place.position);
  }

  private async commitGathered(gathering: Gathering<State>): Promise<void> {
    const { end } = gathering;
    if (end === null) return;
    this.gathering = null;
    await this.commit({ ...gathering.changes(), parts: () => gathering.parts() }, end);
    this.parking = gathering.parked().copy();
    this.roughlyParked = [...this.roughlyParked, ...gathering.roughlyParked];
    for (const [key, state] of gathering.states()) this.cache.set(key, state);
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
      if (this.gathering !== null) await this.commitGathered(this.gathering);
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

  private async load(keys: readonly string[]): Promise<ReadonlyMap<string, State>> {
    const found = new Map<string, State>();
    // Before its first commit a view has no states.
    if (this.view.states === 'none' || this.place === null) return found;
    const missing: string[] = [];
    for (const key of keys) {
      const cached = this.cache.get(key);
      if (cached === undefined) missing.push(key);
      else found.set(key, cached);
    }
    if (missing.length === 0) return found;
    for (const [key, state] of await this.loadStored(missing)) found.set(key, state);
    return found;
  }

  private async loadStored(keys: readonly string[]): Promise<ReadonlyMap<string, State>> {
    const { restore, schema } = this.view;
    if (restore !== undefined) return restoreStates(this.store, schema, restore, keys);
    // Stored by this view: its states as JSON.
    return (await this.store.load(schema, keys)) as ReadonlyMap<string, State>;
  }

  private async commit(changes: Omit<Commit, 'checkpoint'>, to: Checkpoint): Promise<void> {
    try {
      await this.store.commit(this.view.schema, {
        ...changes,
        checked: true,
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
