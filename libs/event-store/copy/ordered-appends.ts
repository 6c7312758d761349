import type { EventData, RecordedEvent } from '../event.js';
import { MAX_APPEND_BYTES, type EventStore } from '../port.js';
import { patiently } from './patience.js';

/** Events that follow each other in the log, and in one stream. */
export interface Append {
  readonly stream: string;
  readonly expectedRevision: number;
  readonly events: readonly EventData[];
}

/**
 * Stores appends in their order: when it fails, those before some place are stored and the others are not. A store that
 * is out of reach is waited for.
 * @throws WrongExpectedRevision, AppendTooLarge
 * @throws StoreUnavailable it stays out of reach
 */
export type OrderedAppends = (appends: readonly Append[]) => Promise<void>;

/** One append after the other, each sent until it is answered: what every store can do. */
export function oneByOne(store: EventStore): OrderedAppends {
  return async (appends) => {
    for (const { stream, expectedRevision, events } of appends) {
      await patiently(() => store.append(stream, expectedRevision, events));
    }
  };
}

/** As few appends as keep the order of the log. */
export function appendsOf(events: readonly RecordedEvent[]): Append[] {
  const appends: { stream: string; expectedRevision: number; events: EventData[]; bytes: number }[] = [];
  for (const { stream, revision, id, type, data, metadata } of events) {
    const bytes = Buffer.byteLength(JSON.stringify(data)) + Buffer.byteLength(JSON.stringify(metadata));
    const open = appends.at(-1);
    if (open?.stream === stream && open.bytes + bytes <= MAX_APPEND_BYTES) {
      open.events.push({ id, type, data, metadata });
      open.bytes += bytes;
    } else {
      appends.push({ stream, expectedRevision: revision - 1, events: [{ id, type, data, metadata }], bytes });
    }
  }
  return appends;
}
