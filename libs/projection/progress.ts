/** How a view is doing in this process. */
export interface ViewStatus {
  readonly view: string;
  readonly version: number;
  /** Whether this process writes the view. */
  readonly leading: boolean;
  /** Position of the last event that is folded in; null: none. */
  readonly position: bigint | null;
  /** 0: caught up. Otherwise the age of the last event that was folded in; null when that is not known. */
  readonly secondsBehind: number | null;
  /** When the view last moved, or was last seen at the end of the log; epoch milliseconds. */
  readonly lastProgressAt: number | null;
  /** False: no progress for long, which is only well while the process has just started. */
  readonly moving: boolean;
  /** Keys that are parked. */
  readonly parked: number;
  /** What failed last, until something succeeds. */
  readonly error: string | null;
}

/** Keeps account of a view's progress. */
export class Progress {
  private last: bigint | null = null;
  private lastRecordedAt: number | null = null;
  private lastProgressAt: number | null = null;
  /** The same on the clock that is never set. */
  private movedAt = -Infinity;
  private caughtUp = false;
  private error: string | null = null;

  get position(): bigint | null {
    return this.last;
  }

  /** The position as the store has it. */
  seen(position: bigint | null): void {
    if (position !== this.last) this.moved();
    this.last = position;
  }

  /** @param recordedAt of the last event of the batch, RFC 3339 */
  applied(position: bigint | null, recordedAt: string | undefined, live: boolean): void {
    this.last = position;
    this.moved();
    this.caughtUp = live;
    if (recordedAt !== undefined) this.lastRecordedAt = Date.parse(recordedAt);
  }

  compared(head: bigint | null): void {
    this.caughtUp = head === null || (this.last !== null && this.last >= head);
    if (this.caughtUp) this.moved();
  }

  failed(error: string): void {
    this.error = error;
  }

  succeeded(): void {
    this.error = null;
  }

  private moved(): void {
    this.lastProgressAt = Date.now();
    this.movedAt = performance.now();
  }

  status(stalledAfterMs: number): Pick<ViewStatus, 'secondsBehind' | 'lastProgressAt' | 'moving' | 'error'> {
    const age = this.lastRecordedAt === null ? null : Math.max(0, (Date.now() - this.lastRecordedAt) / 1_000);
    return {
      secondsBehind: this.caughtUp ? 0 : age,
      lastProgressAt: this.lastProgressAt,
      moving: performance.now() - this.movedAt <= stalledAfterMs,
      error: this.error,
    };
  }
}
