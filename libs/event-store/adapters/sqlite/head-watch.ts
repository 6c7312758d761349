import { StoreUnavailable } from '../../port.js';

interface Waiter {
  readonly position: bigint | null;
  readonly settle: (error?: Error) => void;
}

/** Wakes those who wait for the log to grow: at once for our own appends, by one shared poll for those of others. */
export class HeadWatch {
  readonly #head: () => bigint | null;
  readonly #intervalMs: number;
  readonly #waiters = new Set<Waiter>();
  /** Runs only while somebody waits. */
  #timer: NodeJS.Timeout | undefined;
  #closed = false;
  /** What was seen in this turn of the event loop. */
  #seen: { readonly head: bigint | null } | null = null;

  /** @param intervalMs between two looks for the appends of other processes */
  constructor(head: () => bigint | null, intervalMs: number) {
    this.#head = head;
    this.#intervalMs = intervalMs;
  }

  /** Position of the last event. All who ask in one turn of the event loop are told the same. */
  get head(): bigint | null {
    if (this.#seen === null) {
      this.#seen = { head: this.#head() };
      setImmediate(() => (this.#seen = null));
    }
    return this.#seen.head;
  }

  /**
   * Resolves when the log goes beyond a position, or when the signal aborts.
   * @throws StoreUnavailable the head cannot be read, or the watch was closed
   */
  async beyond(position: bigint | null, signal: AbortSignal): Promise<void> {
    if (this.#closed) throw closed();
    if (signal.aborted || isBeyond(this.head, position)) return;
    await new Promise<void>((resolve, reject) => {
      const abort = () => waiter.settle();
      const waiter: Waiter = {
        position,
        settle: (error) => {
          signal.removeEventListener('abort', abort);
          this.#remove(waiter);
          if (error === undefined) resolve();
          else reject(error);
        },
      };
      signal.addEventListener('abort', abort);
      this.#waiters.add(waiter);
      this.#timer ??= setInterval(() => this.look(), this.#intervalMs);
    });
  }

  /** Looks at the head now. */
  look(): void {
    this.#seen = null;
    if (this.#waiters.size === 0) return;
    try {
      const { head } = this;
      for (const waiter of [...this.#waiters]) if (isBeyond(head, waiter.position)) waiter.settle();
    } catch (error) {
      this.#failAll(error instanceof Error ? error : new Error(String(error)));
    }
  }

  close(): void {
    this.#closed = true;
    this.#failAll(closed());
  }

  #failAll(error: Error): void {
    for (const waiter of [...this.#waiters]) waiter.settle(error);
  }

  #remove(waiter: Waiter): void {
    this.#waiters.delete(waiter);
    if (this.#waiters.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}

function isBeyond(head: bigint | null, position: bigint | null): boolean {
  return head !== null && (position === null || head > position);
}

function closed(): StoreUnavailable {
  return new StoreUnavailable('the event store is closed', true);
}
