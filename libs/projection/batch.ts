import type { RecordedEvent } from '#event-store/event.js';
import type { Commit } from '#view-store/port.js';
import { Counting } from './counting.js';
import { derive, type Derived, diffRows, NOTHING } from './derive.js';
import { messageOf } from './log.js';
import type { Parking } from './parking.js';
import type { TableRow, View } from './view.js';

/** A state with what is stored of it. */
export interface Folded<State extends object> {
  readonly state: State;
  readonly derived: Derived;
}

/** A state as it comes from the store or the cache; what is derived from it may still have to be found out. */
export interface Loaded<State extends object> {
  readonly state: State;
  readonly derived: Derived | null;
}

/** Events of a batch by key, each in the order of the log. */
export interface Touched {
  readonly byKey: ReadonlyMap<string, readonly RecordedEvent[]>;
  /** Events for which the view could not even tell the key. */
  readonly unreadable: readonly { readonly event: RecordedEvent; readonly error: unknown }[];
}

/** What a batch changes: all but the checkpoint of a commit, and what the cache holds afterwards. */
export interface FoldedBatch<State extends object> {
  readonly changes: Omit<Commit, 'checkpoint'>;
  readonly folded: ReadonlyMap<string, Folded<State>>;
}

export function touchedBy<State extends object>(view: View<State>, events: readonly RecordedEvent[]): Touched {
  const byKey = new Map<string, RecordedEvent[]>();
  const unreadable: { event: RecordedEvent; error: unknown }[] = [];
  for (const event of events) {
    try {
      const key = view.key(event);
      if (key === null) continue;
      if (key.startsWith('$')) throw new TypeError(`key ${key} is reserved`);
      const earlier = byKey.get(key);
      if (earlier === undefined) byKey.set(key, [event]);
      else earlier.push(event);
    } catch (error) {
      unreadable.push({ event, error });
    }
  }
  return { byKey, unreadable };
}

/**
 * Folds a batch. Pure but for `parking`, which notes the keys that failed and the events that wait behind them.
 * @param before the states of the touched keys; a key that is absent has none
 */
export function foldBatch<State extends object>(
  view: View<State>,
  touched: Touched,
  before: ReadonlyMap<string, Loaded<State>>,
  parking: Parking,
): FoldedBatch<State> {
  const states: { key: string; state: object | null }[] = [];
  const upserts: TableRow[] = [];
  const deletes: { table: string; id: string | number }[] = [];
  const counting = new Counting();
  const folded = new Map<string, Folded<State>>();
  for (const [key, events] of touched.byKey) {
    if (parking.has(key)) {
      parking.wait(
        key,
        events.map(({ position }) => position),
      );
      continue;
    }
    const { old, after, failure } = foldLoaded(view, key, before.get(key) ?? null, events);
    if (failure !== null) park(parking, key, failure.error, events.slice(failure.index));
    if (after === null || after === old) continue;
    diffRows(view.schema, old?.derived.rows ?? NOTHING.rows, after.derived.rows, { upserts, deletes });
    for (const increment of old?.derived.counters ?? NOTHING.counters) counting.add(increment, -1);
    for (const increment of after.derived.counters) counting.add(increment, 1);
    if (view.states === 'none') continue;
    states.push({ key, state: after.state });
    folded.set(key, after);
  }
  for (const { event, error } of touched.unreadable) parkUnreadable(parking, event, error);
  return { changes: { states: [...states, ...parking.states()], upserts, deletes, increments: counting.increments() }, folded };
}

interface FoldedKey<State extends object> {
  readonly after: Folded<State> | null;
  readonly failure: { readonly index: number; readonly error: unknown } | null;
}

/** A state whose rows cannot be told any more fails with the first event. */
function foldLoaded<State extends object>(
  view: View<State>,
  key: string,
  loaded: Loaded<State> | null,
  events: readonly RecordedEvent[],
): FoldedKey<State> & { readonly old: Folded<State> | null } {
  let old: Folded<State> | null = null;
  try {
    if (loaded !== null) old = { state: loaded.state, derived: loaded.derived ?? derive(view, loaded.state, key) };
  } catch (error) {
    return { old: null, after: null, failure: { index: 0, error } };
  }
  return { old, ...foldKey(view, key, old, events) };
}

/** Folds one key's events, up to the first that fails. */
function foldKey<State extends object>(
  view: View<State>,
  key: string,
  before: Folded<State> | null,
  events: readonly RecordedEvent[],
): FoldedKey<State> {
  try {
    let state = before?.state ?? null;
    for (const event of events) state = view.evolve(state, event);
    if (state === null) return { after: before, failure: null };
    return { after: { state, derived: derive(view, state, key) }, failure: null };
  } catch {
    return foldEachEvent(view, key, before, events);
  }
}

/** Slower: derives after each event, to tell which one fails. */
function foldEachEvent<State extends object>(
  view: View<State>,
  key: string,
  before: Folded<State> | null,
  events: readonly RecordedEvent[],
): FoldedKey<State> {
  let after = before;
  for (const [index, event] of events.entries()) {
    try {
      const state = view.evolve(after?.state ?? null, event);
      after = { state, derived: derive(view, state, key) };
    } catch (error) {
      return { after, failure: { index, error } };
    }
  }
  return { after, failure: null };
}

function park(parking: Parking, key: string, error: unknown, events: readonly RecordedEvent[]): void {
  const [failed, ...later] = events;
  if (failed === undefined) return;
  parking.park({
    key,
    error: messageOf(error),
    position: failed.position,
    waiting: later.map(({ position }) => position),
  });
}

/** Prefix of the keys under which events without a key are parked; the rest is their stream. */
export const STREAM_KEY = '$stream/';

function parkUnreadable(parking: Parking, event: RecordedEvent, error: unknown): void {
  const key = `${STREAM_KEY}${event.stream}`;
  if (parking.has(key)) parking.wait(key, [event.position]);
  else park(parking, key, error, [event]);
}

