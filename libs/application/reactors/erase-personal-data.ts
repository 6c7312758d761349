import type { TextRedacted } from '#domain/personal/erasure.events.js';
import { decode } from '#event-store/codec.js';
import type { RecordedEvent } from '#event-store/event.js';
import { categoryOf, idOf } from '#event-store/streams.js';
import { linksIn, LINKING_EVENTS } from '#views/contacts/links.js';
import { contactAggregate } from '../aggregate.js';
import { Erasure, erasesContact, erasureOf, type ErasableKeys, type ErasureViews } from '../personal/erasure.js';
import type { Streams } from '../streams.js';
import type { Checkpoints, Reactor } from './run-reactor.js';

/** How long one look at the view waits for it; it is looked at again until it is there. */
const LOOK_MS = 1_000;

/**
 * Finishes erasures: destroys the keys of an erased contact and of the free texts of all leads and deals that it is
 * linked to, also of those that are linked to it later, and the keys of texts that were redacted. Its checkpoint is kept
 * beside the keys, so that keys that come back with a backup are destroyed again.
 */
export function erasePersonalData(
  streams: Streams,
  keys: ErasableKeys,
  views: ErasureViews,
  checkpoints: Checkpoints,
  deadlineMs?: number,
): Reactor {
  const erasure = new Erasure(streams, keys, views, deadlineMs);
  return {
    name: 'erase-personal-data',
    failing: 'personal data is not erased yet',
    checkpoints,
    concerns: ({ type }) => erasesContact({ type }) || type === 'TextRedacted' || LINKING_EVENTS.has(type),
    async react(event, signal) {
      if (erasesContact(event)) return erased(event, signal);
      if (event.type === 'TextRedacted') {
        // Its shape is the stored format of its type.
        const { keys: redacted } = decode(event).data as TextRedacted['data'];
        await erasure.redact(redacted, event.stream);
        return event.position;
      }
      return linked(event);
    },
  };

  async function erased(event: RecordedEvent, signal: AbortSignal): Promise<bigint> {
    let latest = await erasure.eraseMerged(event);
    for (const stream of await linkedStreams(event, signal)) {
      const position = await erasure.eraseTexts(stream, event.stream, event);
      if (position > latest) latest = position;
    }
    return latest;
  }

  async function linkedStreams(event: RecordedEvent, signal: AbortSignal): Promise<readonly string[]> {
    for (;;) {
      signal.throwIfAborted();
      const found = await erasure.linkedTo(event.stream, event.position, LOOK_MS);
      if (found !== null) return found;
    }
  }

  /** A lead or a deal that is linked to somebody who was erased before. */
  async function linked(event: RecordedEvent): Promise<bigint | null> {
    let latest: bigint | null = null;
    for (const contact of linksIn(decode(event))) {
      if (await wasErased(contact, event.position)) latest = await erasure.eraseTexts(event.stream, contact, event);
    }
    return latest;
  }

  /** Before this position of the log. */
  async function wasErased(contact: string, position: bigint): Promise<boolean> {
    const kind = categoryOf(contact) === 'person' ? 'person' : 'organization';
    const { state } = await streams.load(contactAggregate(kind), idOf(contact));
    if (state?.erased !== true) return false;
    const erased = await erasureOf(streams, contact);
    return erased !== null && erased.position < position;
  }
}
