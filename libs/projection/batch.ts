import type { RecordedEvent } from '#event-store/event.js';
import type { Commit, Upsert } from '#view-store/port.js';
import { Counting } from './counting.js';
import { foldKey } from './key-fold.js';
import { messageOf } from './log.js';
import type { Parking } from './parking.js';
import type { View } from './view.js';

/** Events of a batch by key, each in the order of the log. */
export interface Touched {
  readonly byKey: ReadonlyMap<string, readonly RecordedEvent[]>;
  /** Events for which the view could not even tell the key. */
  readonly unreadable: readonly { readonly event: RecordedEvent; readonly error: unknown }[];
}

/** What a batch changes: all but the checkpoint of a commit, and what the cache holds afterwards. */
export interface FoldedBatch<State extends object> {
  readonly changes: Omit<Commit, 'checkpoint'>;
  readonly folded: ReadonlyMap<string, State>;
}

export function touchedBy<State extends object>(view: View<State>, events: readonly RecordedEvent[]): Touched {
  const byKey = new Map<string, RecordedEvent[]>();
  const unreadable: { event: RecordedEvent; error: unknown }[] = [];
  for (const event of events) {
    const key = keyOf(view, event);
    if (key === null) continue;
    if (typeof key !== 'string') {
      unreadable.push({ event, error: key.error });
      continue;
    }
    const earlier = byKey.get(key);
    if (earlier === undefined) byKey.set(key, [event]);
    else earlier.push(event);
  }
  return { byKey, unreadable };
}

/** The key of an event, or why it cannot be told; null when the view does not know the event. */
export type EventKey = string | { readonly error: unknown } | null;

export function keyOf<State extends object>(view: View<State>, event: RecordedEvent): EventKey {
  try {
    const key = view.key(event);
    if (key?.startsWith('$')) throw new TypeError(`key ${key} is reserved`);
    return key;
  } catch (error) {
    return { error };
  }
}

/**
 * Folds a batch. Pure but for `parking`, which notes the keys that failed and the events that wait behind them.
 * @param before the states of the touched keys; a key that is absent has none
 */
export function foldBatch<State extends object>(
  view: View<State>,
  touched: Touched,
  before: ReadonlyMap<string, State>,
  parking: Parking,
): FoldedBatch<State> {
  const states: { key: string; state: object | null }[] = [];
  const upserts: Upsert[] = [];
  const deletes: { table: string; id: string | number }[] = [];
  const counting = new Counting(view.schema);
  const folded = new Map<string, State>();
  for (const [key, events] of touched.byKey) {
    if (parking.has(key)) {
      parking.wait(
        key,
        events.map(({ position }) => position),
      );
      continue;
    }
    const { step, failure } = foldKey(view, key, before.get(key) ?? null, events);
    if (failure !== null) park(parking, key, failure.error, events.slice(failure.index));
    if (step === null) continue;
    for (const upsert of step.rows.upserts) upserts.push(upsert);
    for (const row of step.rows.deletes) deletes.push(row);
    for (const increment of step.counters.off) counting.add(increment, -1);
    for (const increment of step.counters.on) counting.add(increment, 1);
    if (view.states === 'none') continue;
    if (view.restore === undefined) states.push({ key, state: step.state });
    folded.set(key, step.state);
  }
  for (const { event, error } of touched.unreadable) parkUnreadable(parking, event, error);
  const changes = { states: [...states, ...parking.states()], upserts, deletes, increments: counting.increments() };
  return { changes, folded };
}

/** Parks a key from the first of these events on. */
export function park(parking: Parking, key: string, error: unknown, events: readonly RecordedEvent[]): void {
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

/** Parks an event whose key cannot be told, behind the others of its stream. */
export function parkUnreadable(parking: Parking, event: RecordedEvent, error: unknown): void {
  const key = `${STREAM_KEY}${event.stream}`;
  if (parking.has(key)) parking.wait(key, [event.position]);
  else park(parking, key, error, [event]);
}
