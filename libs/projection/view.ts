import type { JsonObject, RecordedEvent } from '#event-store/event.js';
import type { Increment, Row, ViewSchema } from '#view-store/port.js';

/** An event as a view meets it. `plain`: its data with sealed strings opened, where the view asks for that. */
export type ViewEvent = RecordedEvent & { readonly plain?: JsonObject };

/** Opens the sealed strings of events. Whoever does not seal any needs none. */
export type OpenEvents = (events: readonly RecordedEvent[]) => Promise<readonly ViewEvent[]>;

/**
 * A view is a fold; what it stores is derived from the fold. All functions are pure: the same events give the same
 * rows, whatever the batches.
 */
export interface View<State extends object = object> {
  readonly schema: ViewSchema;
  /**
   * `stored`: one state for each key, kept in the view store. `none`: each event is its own key and its rows never
   * change afterwards, so nothing is loaded or kept.
   */
  readonly states: 'stored' | 'none';
  /** Whether the fold looks into the sealed strings of an event, which then comes with `plain`. Left out: never. */
  readonly opens?: (event: RecordedEvent) => boolean;
  /** Whether an event takes personal data out of the view's rows. Left out: none does. */
  readonly erases?: (event: RecordedEvent) => boolean;
  /** For a view whose rows tell its states: nothing else is stored of them then. */
  readonly restore?: Restore<State>;
  /** The key whose state the event changes; null when the view does not know the event. Must not start with `$`. */
  key(event: RecordedEvent): string | null;
  /** Must not change the state that it is given. */
  evolve(state: State | null, event: ViewEvent): State;
  /** Rows of the state; ids are unique to the key. */
  rows(state: State, key: string): readonly TableRow[];
  /**
   * The rows of a state and of a later one of the same key, but for those that are alike in both: for a view whose states
   * have many rows of which an event changes few. Left out, `rows` tells all of both.
   */
  differing?(before: State, after: State, key: string): DifferingRows;
  /** The contributions of the state to the counters. */
  counters(state: State, key: string): readonly Increment[];
}

/** The one row of each key that tells the key's whole state. */
export interface Restore<State extends object> {
  readonly table: string;
  /** Id of the row that `rows` gives for every state of the key. */
  id(key: string): string;
  /** The inverse of `rows`, from the row as a store gives it back: every column is there, null where none was given. */
  state(row: Row): State;
}

export interface DifferingRows {
  readonly before: readonly TableRow[];
  readonly after: readonly TableRow[];
}

export interface TableRow {
  readonly table: string;
  readonly row: Row;
}

/** Identifies a row among all rows of a view. */
export function idOf({ table, row }: TableRow): string {
  return `${table} ${row.id}`;
}
