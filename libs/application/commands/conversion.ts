import { setTimeout as sleep } from 'node:timers/promises';
import { currentSchema, decode } from '#event-store/codec.js';
import { GENESIS_HASH, sealEvent } from '#event-store/envelope.js';
import type { EventData, JsonObject, RecordedEvent } from '#event-store/event.js';
import { idOf } from '#event-store/streams.js';
import { NO_STREAM, StoreUnavailable, WrongExpectedRevision, type AppendResult } from '#event-store/port.js';
import type { LeadConverted } from '#domain/lead/lead.events.js';
import { decideContact } from '#domain/contact/contact.decide.js';
import { contactAggregate, DEAL, ORGANIZATION, PERSON } from '../aggregate.js';
import { derivedId } from '../command-id.js';
import { e164Of } from '../contact-details.js';
import { Deadline } from '../deadline.js';
import { CommandConflict, CommandRejected, OutcomeUnknown } from '../errors.js';
import { CommandExecutor, DEADLINE_MS } from '../execute.js';
import type { CommandRequest } from '../request.js';
import type { Streams } from '../streams.js';
import { undoConversion } from './reversion.js';

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
 * @throws OutcomeUnknown the store is out of reach or does not answer: the conversion stands and is finished later
 * @throws CommandRejected `id-already-used`: another command took the deal's id at the same moment, and the lead is
 *   qualified again
 */
export async function finishConversion(
  streams: Streams,
  converted: RecordedEvent,
  deadlineMs = DEADLINE_MS,
): Promise<FinishedConversion> {
  const deadline = new Deadline(deadlineMs);
  try {
    return await deadline.within(finish(streams, converted, deadline));
  } catch (error) {
    // The lead is converted already, so that "nothing was written" would be wrong whatever a single step wrote.
    const later =
      error instanceof StoreUnavailable || error instanceof WrongExpectedRevision || error instanceof CommandConflict;
    throw later ? new OutcomeUnknown({ cause: error }) : error;
  }
}

async function finish(streams: Streams, converted: RecordedEvent, deadline: Deadline): Promise<FinishedConversion> {
  // The caller gives an event of type LeadConverted; its shape is the stored format of that type.
  const data = decode(converted).data as LeadConverted['data'];
  for (const contact of data.contacts) {
    if (contact.merge === true) await takeDetails(streams, contact, converted, deadline);
    if (!contact.create || contact.name === null) continue;
    const person = contact.kind === 'person';
    const { name, emails, phones } = contact;
    const details = { name, emails, phones, phonesE164: e164Of(phones) };
    await first(
      streams,
      (person ? PERSON : ORGANIZATION).stream(contact.id),
      person ? 'PersonRegistered' : 'OrganizationRegistered',
      person ? { ...details, organizationId: data.deal.organizationId } : details,
      converted,
      deadline,
    );
  }
  const opened = await first(streams, DEAL.stream(data.dealId), 'DealOpened', data.deal, converted, deadline);
  if (opened.causationId !== converted.id) {
    await undoConversion(streams, idOf(converted.stream), data.dealId, converted, Math.max(1, deadline.left));
    const detail = `The lead was converted to the deal ${data.dealId}, but another command opened that deal.`;
    throw new CommandRejected({ code: 'id-already-used', detail, data: null });
  }
  const deal = { revision: opened.revision, position: opened.position };
  return { deal, personId: data.deal.personId, organizationId: data.deal.organizationId };
}

/** An existing contact takes in what the lead knew of it, under a command id of this conversion's own. */
async function takeDetails(
  streams: Streams,
  { kind, id, emails, phones }: LeadConverted['data']['contacts'][number],
  { metadata, id: conversion }: RecordedEvent,
  deadline: Deadline,
): Promise<void> {
  const request: CommandRequest = {
    caller: { actor: metadata.actor, mayOverride: false },
    commandId: derivedId('take-details', conversion, kind),
    keyed: true,
    fingerprint: metadata.request,
    correlationId: metadata.correlationId,
  };
  const command = { type: 'TakeDetails', emails, phones, phonesE164: e164Of(phones) } as const;
  await new CommandExecutor(streams, undefined, deadline.left).execute(
    contactAggregate(kind),
    id,
    request,
    (state, context) => decideContact(state, command, context),
  );
}

/** Appends the first event of a stream, or finds that it is there. */
async function first(
  streams: Streams,
  stream: string,
  type: string,
  data: object,
  cause: RecordedEvent,
  deadline: Deadline,
): Promise<AppendResult & { readonly causationId: string }> {
  for (let attempt = 1; ; attempt++) {
    try {
      const [stored] = await streams.events.readStream(stream, { limit: 1 });
      if (stored !== undefined) {
        return { revision: stored.revision, position: stored.position, causationId: stored.metadata.causationId };
      }
      if (deadline.left === 0) throw new StoreUnavailable('there was no time left to append', true);
      const event = firstEvent(stream, type, data, cause);
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
