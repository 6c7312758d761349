import { setTimeout as sleep } from 'node:timers/promises';
import { currentSchema, decode } from '#event-store/codec.js';
import { GENESIS_HASH, sealEvent } from '#event-store/envelope.js';
import type { JsonObject, RecordedEvent } from '#event-store/event.js';
import { NO_STREAM, StoreUnavailable, WrongExpectedRevision, type AppendResult } from '#event-store/port.js';
import type { LeadConverted } from '#domain/lead/lead.events.js';
import { DEAL, ORGANIZATION, PERSON } from '../aggregate.js';
import { OutcomeUnknown } from '../errors.js';
import type { Streams } from '../streams.js';

const ATTEMPTS = 5;

/** What the second step of a conversion left behind. */
export interface FinishedConversion {
  readonly deal: AppendResult;
  readonly personId: string | null;
  readonly organizationId: string | null;
}

/**
 * The second step of a conversion: registers the contacts that are new and opens the deal, all from what
 * LeadConverted carries. It re-checks nothing and cannot be refused, and doing it again changes nothing, so the command
 * itself, its replay and the reactor may all do it, at once or one after another.
 */
export async function finishConversion(streams: Streams, converted: RecordedEvent): Promise<FinishedConversion> {
  // The caller gives an event of type LeadConverted; its shape is the stored format of that type.
  const data = decode(converted).data as LeadConverted['data'];
  for (const contact of data.contacts) {
    if (!contact.create || contact.name === null) continue;
    const person = contact.kind === 'person';
    await first(
      streams,
      (person ? PERSON : ORGANIZATION).stream(contact.id),
      person ? 'PersonRegistered' : 'OrganizationRegistered',
      { name: contact.name, emails: contact.emails, phones: contact.phones },
      converted,
    );
  }
  const deal = await first(streams, DEAL.stream(data.dealId), 'DealOpened', data.deal, converted);
  return { deal, personId: data.deal.personId, organizationId: data.deal.organizationId };
}

/** Appends the first event of a stream, or finds that it is there. */
async function first(
  streams: Streams,
  stream: string,
  type: string,
  data: object,
  cause: RecordedEvent,
): Promise<AppendResult> {
  for (let attempt = 1; ; attempt++) {
    const [stored] = await streams.events.readStream(stream, { limit: 1 });
    if (stored !== undefined) return { revision: stored.revision, position: stored.position };
    const recordedAt = new Date(Math.max(Date.now(), Date.parse(cause.metadata.recordedAt))).toISOString();
    const event = sealEvent(stream, 0, GENESIS_HASH, {
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
    try {
      return await streams.events.append(stream, NO_STREAM, [event]);
    } catch (error) {
      if (!(error instanceof WrongExpectedRevision || error instanceof StoreUnavailable)) throw error;
      // The lead is converted already: whatever happens now, the same command or the reactor goes on from here.
      if (attempt >= ATTEMPTS) throw new OutcomeUnknown({ cause: error });
      await sleep(20 * 2 ** attempt * Math.random());
    }
  }
}
