import { setTimeout as sleep } from 'node:timers/promises';
import { currentSchema } from '#event-store/codec.js';
import { GENESIS_HASH, sealEvent } from '#event-store/envelope.js';
import type { EventData, JsonObject, RecordedEvent } from '#event-store/event.js';
import { NO_STREAM, StoreUnavailable, WrongExpectedRevision, type AppendResult } from '#event-store/port.js';
import { Deadline } from '../deadline.js';
import { CommandConflict, OutcomeUnknown } from '../errors.js';
import { SealedForms } from '../personal/personal-texts.js';
import type { Streams } from '../streams.js';

/**
 * Finishes within a time what an event of another stream has decided already.
 * @throws OutcomeUnknown the store is out of reach or does not answer: what was decided stands, and is finished later
 */
export async function finishWithin<T>(deadlineMs: number, finish: (deadline: Deadline) => Promise<T>): Promise<T> {
  const deadline = new Deadline(deadlineMs);
  try {
    return await deadline.within(finish(deadline));
  } catch (error) {
    // "Nothing was written" would be wrong, whatever a single step wrote.
    const later =
      error instanceof StoreUnavailable || error instanceof WrongExpectedRevision || error instanceof CommandConflict;
    throw later ? new OutcomeUnknown({ cause: error }) : error;
  }
}

/**
 * Appends the first event of a stream, or finds that it is there; `causationId` tells whose it is. `forms`: of what the
 * data was opened from.
 */
export async function appendFirst(
  streams: Streams,
  stream: string,
  type: string,
  data: object,
  cause: RecordedEvent,
  deadline: Deadline,
  forms = new SealedForms(),
): Promise<AppendResult & { readonly causationId: string }> {
  for (let attempt = 1; ; attempt++) {
    try {
      const [stored] = await streams.events.readStream(stream, { limit: 1 });
      if (stored !== undefined) {
        return { revision: stored.revision, position: stored.position, causationId: stored.metadata.causationId };
      }
      if (deadline.left === 0) throw new StoreUnavailable('there was no time left to append', true);
      const occurredAt = Date.parse(cause.metadata.occurredAt);
      const [sealed] = await streams.personal.seal(stream, [{ type, data, occurredAt }], forms);
      const event = firstEvent(stream, type, sealed?.data ?? data, cause);
      return { ...(await streams.events.append(stream, NO_STREAM, [event])), causationId: event.metadata.causationId };
    } catch (error) {
      const retry = error instanceof WrongExpectedRevision || error instanceof StoreUnavailable;
      const pause = Math.min(500, 20 * 2 ** attempt) * (0.5 + Math.random() / 2);
      if (!retry || pause >= deadline.left) throw error;
      await sleep(pause);
    }
  }
}

function firstEvent(stream: string, type: string, data: object, cause: RecordedEvent): EventData {
  const recordedAt = new Date(Math.max(Date.now(), Date.parse(cause.metadata.recordedAt))).toISOString();
  return sealEvent(stream, 0, GENESIS_HASH, {
    type,
    data: data as JsonObject,
    metadata: {
      commandId: cause.metadata.commandId,
      request: cause.metadata.request,
      correlationId: cause.metadata.correlationId,
      causationId: cause.id,
      actor: cause.metadata.actor,
      occurredAt: cause.metadata.occurredAt,
      recordedAt,
      schema: currentSchema(type),
    },
  });
}
