/** How the engine paces itself; all have defaults that fit production. */
export interface EngineOptions {
  /** How long a lease is good for without being renewed. */
  readonly leaseTtlMs: number;
  /** How often a process that does not lead a view tries to, and looks after what it leads. */
  readonly tickMs: number;
  /** Events that are held in memory and folded at once. */
  readonly chunkSize: number;
  /** Events that are committed together while catching up. */
  readonly batchSize: number;
  /** The same while another feed is live: a rebuild must not hold up what is current for long. */
  readonly sharedBatchSize: number;
  /** How long a batch that is not full waits for more while catching up. */
  readonly lingerMs: number;
  /** Changed states that a view holds before it commits them, whatever the number of events. */
  readonly heldStates: number;
  /** The same of a view without states, until it has its indexes: new rows, which are only added at the end till then. */
  readonly heldRows: number;
  /** Folded states kept in memory for each view. */
  readonly cachedStates: number;
  /** How long batches are apart while several events come in that time: at least, and when they take long, at most. */
  readonly liveLingerMs: readonly [least: number, most: number];
  /** First and longest pause after an error of a store; doubled each time, with jitter. */
  readonly backoffMs: readonly [first: number, longest: number];
  /** An earlier version of a view is removed so long after its successor has caught up: who still reads it is replaced. */
  readonly retireAfterMs: number;
  /** A view that has made no progress for so long counts as not moving. */
  readonly stalledAfterMs: number;
}

export const DEFAULT_OPTIONS: EngineOptions = {
  leaseTtlMs: 10_000,
  tickMs: 1_000,
  chunkSize: 500,
  batchSize: 100_000,
  sharedBatchSize: 4_000,
  lingerMs: 100,
  heldStates: 15_000,
  heldRows: 500,
  cachedStates: 6_000,
  liveLingerMs: [20, 250],
  backoffMs: [200, 10_000],
  retireAfterMs: 15 * 60_000,
  stalledAfterMs: 15_000,
};
