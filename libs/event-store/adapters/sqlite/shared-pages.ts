import type { RecordedEvent } from '../../event.js';

/** Events that are kept: about 2.5 MB. */
const KEPT_EVENTS = 1_000;

export interface Page {
  /** After a position, without a gap. */
  readonly events: readonly RecordedEvent[];
  /** True when nothing more was stored just now. */
  readonly isEnd: boolean;
}

/**
 * The pages of the log that subscriptions have read last. Those of one process follow the log side by side: each page is
 * read and parsed for the first of them, and the others are handed the same events. What is stored never changes, so
 * that a page stays true.
 */
export class SharedPages {
  readonly #pages = new Map<bigint | null, readonly RecordedEvent[]>();
  #kept = 0;

  constructor(
    private readonly read: (after: bigint | null, limit: number) => readonly RecordedEvent[],
    private readonly pageSize: number,
    /** Position of the log's last event just now. */
    private readonly head: () => bigint | null,
  ) {}

  /** Whether the page after a position can be had without reading. */
  has(position: bigint | null): boolean {
    return this.#pages.has(position);
  }

  after(position: bigint | null): Page {
    const known = this.#pages.get(position);
    if (known !== undefined) {
      this.#forget(position);
      this.#keep(position, known);
      return { events: known, isEnd: known.at(-1)?.position === this.head() };
    }
    const events = this.read(position, this.pageSize);
    if (events.length > 0) this.#keep(position, events);
    return { events, isEnd: events.length < this.pageSize };
  }

  #keep(position: bigint | null, events: readonly RecordedEvent[]): void {
    this.#pages.set(position, events);
    this.#kept += events.length;
    for (const oldest of this.#pages.keys()) {
      if (this.#kept <= KEPT_EVENTS) return;
      this.#forget(oldest);
    }
  }

  #forget(position: bigint | null): void {
    this.#kept -= this.#pages.get(position)?.length ?? 0;
    this.#pages.delete(position);
  }
}
