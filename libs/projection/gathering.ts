import type { RecordedEvent } from '#event-store/event.js';
import type { Changes, Checkpoint, Increment, Upsert } from '#view-store/port.js';
import { checkRow } from '#view-store/row.js';
import { type EventKey, keyOf, park, parkUnreadable } from './batch.js';
import { Counting } from './counting.js';
import { derive, difference } from './derive.js';
import type { Parking } from './parking.js';
import type { View } from './view.js';

/** Rows that are derived before they are stored: few enough to be forgotten young. */
const ROWS_IN_PART = 500;

interface KeyedEvent<State extends object> {
  readonly event: RecordedEvent;
  readonly key: Exclude<EventKey, null>;
  /** Of the key, if it is held already. */
  readonly held: Gathered<State> | undefined;
}

interface Gathered<State extends object> {
  readonly before: State | null;
  state: State;
  /** Of the events that were folded since. */
  readonly positions: bigint[];
}

/**
 * Folds events that are not committed yet: only the states are kept, so that the events of a long catch-up need not
 * stay in memory, and each row is derived and stored once however many of them it took.
 */
export class Gathering<State extends object> {
  private readonly byKey = new Map<string, Gathered<State>>();
  /** Of a view without states: its rows are told at once. */
  private readonly rows: Upsert[] = [];
  private readonly counting: Counting;
  private count = 0;
  private touches = 0;
  private unstorable = new Map<string, unknown>();

  constructor(
    private readonly view: View<State>,
    private place: Checkpoint | null,
    private readonly parking: Parking,
  ) {
    this.counting = new Counting(view.schema);
  }

  /** Where the events that were folded end. */
  get end(): Checkpoint | null {
    return this.place;
  }

  get events(): number {
    return this.count;
  }

  /** Keys and rows that are held. */
  get held(): number {
    return this.byKey.size + this.rows.length;
  }

  /** Events that changed a key: those of the view among all that were folded. */
  get touched(): number {
    return this.touches;
  }

  /** @param load the states of the keys that are not held; a key that is absent has none */
  async fold(
    events: readonly RecordedEvent[],
    load: (keys: readonly string[]) => Promise<ReadonlyMap<string, State>>,
  ): Promise<void> {
    const keyed: KeyedEvent<State>[] = [];
    const missing = new Set<string>();
    for (const event of events) {
      const key = keyOf(this.view, event);
      if (key === null) continue;
      const held = typeof key === 'string' ? this.byKey.get(key) : undefined;
      keyed.push({ event, key, held });
      if (held === undefined && typeof key === 'string' && this.mayHaveState(key)) missing.add(key);
    }
    const loaded = missing.size === 0 ? new Map<string, State>() : await load([...missing]);
    for (const one of keyed) this.foldEvent(one, loaded);
    this.touches += keyed.length;
    const last = events.at(-1);
    if (last !== undefined) this.place = { position: last.position, hash: last.metadata.hash };
    this.count += events.length;
  }

  private mayHaveState(key: string): boolean {
    return this.view.states === 'stored' && !this.parking.has(key);
  }

  private foldEvent({ event, key, held }: KeyedEvent<State>, loaded: ReadonlyMap<string, State>): void {
    if (typeof key !== 'string') parkUnreadable(this.parking, event, key.error);
    else if (this.parking.has(key)) this.parking.wait(key, [event.position]);
    else if (this.view.states === 'none') this.foldAlone(key, event);
    else this.foldOne(key, event, held ?? this.byKey.get(key), loaded);
  }

  private foldOne(
    key: string,
    event: RecordedEvent,
    known: Gathered<State> | undefined,
    loaded: ReadonlyMap<string, State>,
  ): void {
    try {
      if (known === undefined) {
        const before = loaded.get(key) ?? null;
        const state = this.view.evolve(before, event);
        this.byKey.set(key, { before, state, positions: [event.position] });
      } else {
        known.state = this.view.evolve(known.state, event);
        known.positions.push(event.position);
      }
    } catch (error) {
      park(this.parking, key, error, [event]);
    }
  }

  private foldAlone(key: string, event: RecordedEvent): void {
    const { schema } = this.view;
    try {
      const { rows, counters } = derive(this.view, this.view.evolve(null, event), key);
      for (const { table, row } of rows) checkRow(schema, table, row);
      this.rows.push(...rows);
      for (const increment of counters) this.counting.add(increment, 1);
    } catch (error) {
      park(this.parking, key, error, [event]);
    }
  }

  /** What was told beside the keys. */
  changes(): Changes {
    return { states: [], upserts: this.rows, deletes: [], increments: this.counting.increments() };
  }

  /** Derives all that has changed, some keys at a time; each call does so anew. */
  *parts(): Generator<Changes> {
    const counting = new Counting(this.view.schema);
    this.unstorable = new Map();
    let part = emptyPart();
    for (const [key, gathered] of this.byKey) {
      try {
        this.derive(key, gathered, part, counting);
      } catch (error) {
        this.unstorable.set(key, error);
      }
      if (part.upserts.length < ROWS_IN_PART) continue;
      yield part;
      part = emptyPart();
    }
    yield { ...part, states: [...part.states, ...this.parked().states()], increments: counting.increments() };
  }

  private derive(key: string, { before, state }: Gathered<State>, part: Part, counting: Counting): void {
    const { view } = this;
    const { rows, counters } = difference(view, before, state, key);
    for (const upsert of rows.upserts) part.upserts.push(upsert);
    for (const row of rows.deletes) part.deletes.push(row);
    for (const increment of counters.off) counting.add(increment, -1);
    for (const increment of counters.on) counting.add(increment, 1);
    if (view.restore === undefined) part.states.push({ key, state });
  }

  /** What is parked once all parts were told. */
  parked(): Parking {
    const parking = this.parking.copyWithChanges();
    for (const [key, error] of this.unstorable) parking.parkAhead(key, error, this.byKey.get(key)?.positions ?? []);
    return parking;
  }

  /**
   * Keys that are parked from the first of their events on, as it cannot be told any more which of them made rows that
   * cannot be stored.
   */
  get roughlyParked(): readonly string[] {
    return [...this.unstorable.keys()];
  }

  /** The states that are stored once all parts were. */
  *states(): Generator<readonly [string, State]> {
    for (const [key, { state }] of this.byKey) if (!this.unstorable.has(key)) yield [key, state];
  }
}

interface Part {
  readonly states: { key: string; state: object | null }[];
  readonly upserts: Upsert[];
  readonly deletes: { table: string; id: string | number }[];
  readonly increments: Increment[];
}

function emptyPart(): Part {
  return { states: [], upserts: [], deletes: [], increments: [] };
}
