import { decode } from '#event-store/codec.js';
import type { RecordedEvent } from '#event-store/event.js';
import { idOf } from '#event-store/streams.js';
import type { AppendResult } from '#event-store/port.js';
import type { LeadConverted } from '#domain/lead/lead.events.js';
import { decideContact } from '#domain/contact/contact.decide.js';
import { contactAggregate, DEAL, ORGANIZATION, PERSON } from '../aggregate.js';
import { derivedId } from '../command-id.js';
import { e164Of } from '../contact-details.js';
import type { Deadline } from '../deadline.js';
import { CommandRejected } from '../errors.js';
import { CommandExecutor, DEADLINE_MS } from '../execute.js';
import { SealedForms } from '../personal/personal-texts.js';
import type { CommandRequest } from '../request.js';
import type { Streams } from '../streams.js';
import { appendFirst, finishWithin } from './first-event.js';
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
export function finishConversion(
  streams: Streams,
  converted: RecordedEvent,
  deadlineMs = DEADLINE_MS,
): Promise<FinishedConversion> {
  return finishWithin(deadlineMs, (deadline) => finish(streams, converted, deadline));
}

async function finish(streams: Streams, converted: RecordedEvent, deadline: Deadline): Promise<FinishedConversion> {
  // The caller gives an event of type LeadConverted; its shape is the stored format of that type.
  const data = decode(converted).data as LeadConverted['data'];
  const forms = new SealedForms();
  // Numbers are brought into their E.164 form; what goes into the contact's own stream is as the lead has it.
  const contacts = await streams.personal.open(data.contacts, forms);
  for (const contact of contacts) {
    if (contact.merge === true) await takeDetails(streams, contact, converted, deadline);
    if (!contact.create || contact.name === null) continue;
    const person = contact.kind === 'person';
    const { name, emails, phones } = contact;
    const details = { name, emails, phones, phonesE164: e164Of(phones) };
    await appendFirst(
      streams,
      (person ? PERSON : ORGANIZATION).stream(contact.id),
      person ? 'PersonRegistered' : 'OrganizationRegistered',
      person ? { ...details, organizationId: data.deal.organizationId } : details,
      converted,
      deadline,
      forms,
    );
  }
  const opened = await appendFirst(
    streams,
    DEAL.stream(data.dealId),
    'DealOpened',
    data.deal,
    converted,
    deadline,
    forms,
  );
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
