/**
 * The view-store port: rows, counters, fold states and one checkpoint for each view, committed together or not at all.
 */

/**
 * `integer`: a safe JS integer (epoch milliseconds, minor units of money); `strings`, `integers`: sets of these;
 * `json`: opaque.
 */
export type ColumnType = 'string' | 'integer' | 'strings' | 'integers' | 'json';
export type ColumnValue = string | number | null | readonly string[] | readonly number[] | object;

export interface TableDefinition {
  /** Type of the row's `id`: `integer` for rows that are only ever added in ascending order. */
  readonly id: 'string' | 'integer';
  /** Columns beside `id`; every one may be null. */
  readonly columns: Readonly<Record<string, ColumnType>>;
  /** Each a list of columns; `id` follows the last one implicitly. Sets and columns of type `json` are not indexable. */
  readonly indexes: readonly (readonly string[])[];
}

/** Counters: sums of `measures` per combination of `dimensions` (a dimension may be null). */
export interface CounterDefinition {
  readonly dimensions: Readonly<Record<string, 'string' | 'integer'>>;
  readonly measures: readonly string[];
}

/** What a view stores. Tables carry the view's name and version in the engine, so that two versions live side by side. */
export interface ViewSchema {
  readonly view: string;
  readonly version: number;
  readonly tables: Readonly<Record<string, TableDefinition>>;
  readonly counters: Readonly<Record<string, CounterDefinition>>;
  /** It holds personal data that can be read: what is replaced or deleted is overwritten where the store keeps files. */
  readonly personal?: true;
}

export interface Row {
  readonly id: string | number;
  readonly [column: string]: ColumnValue;
}

export interface Increment {
  readonly counter: string;
  readonly dimensions: Readonly<Record<string, string | number | null>>;
  /** Added to the stored values; safe integers, may be negative. */
  readonly measures: Readonly<Record<string, number>>;
}

/** Where a view has got to: the position and the hash of the last event that is folded in. */
export interface Checkpoint {
  readonly position: bigint;
  readonly hash: string;
}

/** The right to lead a view. A commit under an older epoch is refused. */
export interface Lease {
  readonly epoch: number;
}

export interface Upsert {
  readonly table: string;
  readonly row: Row;
  /** The row as the store has it, where the caller knows it: an engine may then write only what differs. */
  readonly previous?: Row;
}

/** What a commit changes. */
export interface Changes {
  /** Fold states by key; null deletes. */
  readonly states: readonly { readonly key: string; readonly state: object | null }[];
  readonly upserts: readonly Upsert[];
  readonly deletes: readonly { readonly table: string; readonly id: string | number }[];
  readonly increments: readonly Increment[];
}

export interface Commit extends Changes {
  readonly checkpoint: { readonly from: Checkpoint | null; readonly to: Checkpoint; readonly epoch: number };
  /** True: every row and increment has passed `checkRow` and `checkIncrement` already. */
  readonly checked?: boolean;
  /**
   * More changes of the same commit, told part by part, so that those of a large one are never in memory all at once.
   * Whoever asks again is told the same from the start; no two parts name the same row or state.
   */
  readonly parts?: () => Iterable<Changes>;
}

/** All changes of a commit together, for an engine that wants them at once. */
export function wholeOf(commit: Commit): Changes {
  const whole = [commit, ...(commit.parts?.() ?? [])];
  return {
    states: whole.flatMap(({ states }) => states),
    upserts: whole.flatMap(({ upserts }) => upserts),
    deletes: whole.flatMap(({ deletes }) => deletes),
    increments: whole.flatMap(({ increments }) => increments),
  };
}

/** The stored checkpoint (or epoch) was not the one that the commit started from; nothing was stored. */
export class CheckpointConflict extends Error {
  override readonly name = 'CheckpointConflict';
  constructor(
    readonly view: string,
    readonly stored: Checkpoint | null,
    readonly epoch: number,
  ) {
    super(`the checkpoint of view ${view} is elsewhere (epoch ${epoch})`);
  }
}

/** The engine holds this view and version under another definition, whose rows would not fit. Nothing was changed. */
export class ViewSchemaConflict extends Error {
  override readonly name = 'ViewSchemaConflict';
}

/** The file or database cannot serve as a view store: damaged, or not ours. The message says what to do. */
export class ViewStoreUnusable extends Error {
  override readonly name = 'ViewStoreUnusable';
}

/** The store could not be asked or did not answer; what was asked may be asked again. */
export class ViewStoreUnavailable extends Error {}

/** A cursor does not fit the table or the sort. */
export class InvalidKeyset extends Error {
  override readonly name = 'InvalidKeyset';
}

/** Tests on one column; several are joined by AND. A bare value means equality, `null` means "has no value". */
export type Condition =
  | string
  | number
  | null
  | {
      readonly in?: readonly (string | number)[];
      readonly gt?: string | number;
      readonly gte?: string | number;
      readonly lt?: string | number;
      readonly lte?: string | number;
      readonly prefix?: string;
      /** The text holds this text, letter for letter. */
      readonly contains?: string;
      /** The set of strings holds at least one of these. */
      readonly has?: readonly string[];
      /** The set of integers holds at least one in the range. */
      readonly hasIn?: IntegerRange;
      /** The set of integers holds none in the range; one that is null holds none at all. */
      readonly hasNoneIn?: IntegerRange;
      /** True: has a value; false: has none. */
      readonly exists?: boolean;
    };

/** Above `gt`, at most `lte`. */
export interface IntegerRange {
  readonly gt: number;
  readonly lte: number;
}

/** All columns must hold; `anyOf`: at least one of the alternatives as well. */
export interface Where {
  readonly columns?: Readonly<Record<string, Condition>>;
  readonly anyOf?: readonly Where[];
}

/** Null sorts before every value (ascending). Ties are broken by `id` in the direction of the last column. */
export interface SortColumn {
  readonly column: string;
  readonly descending?: boolean;
}

/** The sort values and the id of the last row of a page. */
export type Keyset = readonly (string | number | null)[];

export interface FindRequest {
  readonly kind: 'find';
  readonly table: string;
  readonly where?: Where;
  readonly sort?: readonly SortColumn[];
  readonly limit: number;
  readonly after?: Keyset | null;
}
export interface FindResult {
  readonly rows: readonly Row[];
  /** Where the next page starts; null when this was the last. */
  readonly next: Keyset | null;
}

/** Sums over rows of a table or over a counter. `count` is always given (rows; for a counter, name a measure). */
export interface SumRequest {
  readonly kind: 'sum';
  readonly table?: string;
  readonly counter?: string;
  readonly where?: Where;
  readonly groupBy: readonly string[];
  /** Integer columns (or measures); nulls add nothing. */
  readonly sums: readonly string[];
}
export interface SumGroup {
  readonly key: Readonly<Record<string, string | number | null>>;
  /** Rows of the group (of a counter: stored counter rows, of no meaning to callers). */
  readonly count: number;
  /** Exact, also beyond 64 bits. */
  readonly sums: Readonly<Record<string, bigint>>;
}

export type ReadRequest = FindRequest | SumRequest;
export type ReadResult<R extends ReadRequest> = R extends FindRequest ? FindResult : readonly SumGroup[];

export interface ViewReads {
  /** Answers all requests on one view from one snapshot, with the checkpoint that the snapshot holds. */
  read<const R extends readonly ReadRequest[]>(
    view: ViewSchema,
    requests: R,
  ): Promise<{ checkpoint: Checkpoint | null; results: { [K in keyof R]: ReadResult<R[K]> } }>;
  /** Streams the named columns (and `id`) of all matching rows, in no order, in batches. */
  scan(
    view: ViewSchema,
    request: { readonly table: string; readonly where?: Where; readonly columns: readonly string[] },
  ): AsyncIterable<readonly Row[]>;
  checkpoint(view: ViewSchema): Promise<Checkpoint | null>;
}

export interface ViewStore extends ViewReads {
  /** Makes what the view needs if it is not there: states, tables and counters; not the indexes. */
  prepare(view: ViewSchema): Promise<void>;
  /** Makes the view's indexes. Cheap when they are there; called when a view has caught up. */
  createIndexes(view: ViewSchema): Promise<void>;
  /** Versions of the view that are prepared here, ascending, this one or others. */
  versions(view: ViewSchema): Promise<readonly number[]>;
  /**
   * Removes all that is stored of the view, its checkpoint included; its lease stays. Its name and version are enough: it
   * may have been prepared under another definition.
   */
  drop(view: ViewSchema): Promise<void>;
  load(view: ViewSchema, keys: readonly string[]): Promise<ReadonlyMap<string, object>>;
  /**
   * Takes out of the store's files what commits have replaced or deleted in a view that is `personal`. False: readers
   * stand in the way, and it is to be asked again. A server does so in its own time.
   */
  purge(view: ViewSchema): Promise<boolean>;
  /** @throws CheckpointConflict */
  commit(view: ViewSchema, commit: Commit): Promise<void>;
  /**
   * Takes or renews the lease to lead a view for `ttlMs`. Null while another holder has it. A holder that renews keeps
   * its epoch; a takeover gets a higher one.
   */
  acquireLease(view: ViewSchema, holder: string, ttlMs: number): Promise<Lease | null>;
  releaseLease(view: ViewSchema, holder: string): Promise<void>;
  close(): Promise<void>;
}
