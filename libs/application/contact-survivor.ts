import type { ContactKind, ContactState } from '#domain/contact/contact.state.js';
import { contactAggregate } from './aggregate.js';
import type { Streams } from './streams.js';

/** The contact, or the one that it was merged into in the end. Null: there is no such contact. */
export async function survivorOf(streams: Streams, kind: ContactKind, id: string): Promise<ContactState | null> {
  const aggregate = contactAggregate(kind);
  let { state } = await streams.load(aggregate, id);
  const met = new Set([id]);
  // Merges make no circle; one that were in a store all the same must not hold up a request for ever.
  while (state !== null && state.mergedInto !== null && !met.has(state.mergedInto)) {
    met.add(state.mergedInto);
    ({ state } = await streams.load(aggregate, state.mergedInto));
  }
  return state;
}
