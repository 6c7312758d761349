import { verifyEvent, type ChainEnd } from '../envelope.js';
import type { RecordedEvent } from '../event.js';

/** A log is not whole: it must not be copied, or was not copied well. The message is a sentence for the operator. */
export class BrokenChain extends Error {
  override readonly name = 'BrokenChain';
}

/** Follows the chains of all streams of a log, event by event; keeps one hash for each stream. */
export class Chains {
  readonly #ends = new Map<string, ChainEnd>();
  #events = 0;

  /** @param log how the log is called in a sentence */
  constructor(private readonly log: string) {}

  /** @throws BrokenChain */
  follow(event: RecordedEvent): void {
    const { stream, revision, metadata } = event;
    const fault = verifyEvent(event, this.#ends.get(stream) ?? null);
    if (fault !== null)
      throw new BrokenChain(`${this.log} is not whole: ${stream} revision ${revision}: ${fault.fault}.`);
    this.#ends.set(stream, { revision, hash: metadata.hash });
    this.#events += 1;
  }

  get events(): number {
    return this.#events;
  }

  get streams(): number {
    return this.#ends.size;
  }
}
