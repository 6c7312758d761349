import { decideContact } from '#domain/contact/contact.decide.js';
import type { ContactErased } from '#domain/contact/contact.events.js';
import type { ContactKind, ContactState } from '#domain/contact/contact.state.js';
import { decideErasure } from '#domain/personal/erasure.decide.js';
import { keyOfSealed } from '#domain/personal/sealed-text.js';
import { accept } from '#domain/shared/decision.js';
import { decode } from '#event-store/codec.js';
import type { JsonObject, RecordedEvent } from '#event-store/event.js';
import { categoryOf, idOf } from '#event-store/streams.js';
import { waitForPosition } from '#projection/wait-for.js';
import { stringIn } from '#reports/row-values.js';
import type { ViewReads } from '#view-store/port.js';
import { CONTACTS } from '#views/contacts/contacts.schema.js';
import { linksIn } from '#views/contacts/links.js';
import { contactAggregate, DEAL, LEAD } from '../aggregate.js';
import { derivedId } from '../command-id.js';
import { takeStep, type Cause } from '../commands/second-step.js';
import type { Streams } from '../streams.js';
import { isTextKey, type Keys } from './personal-texts.js';
import { eachString } from './strings.js';

/** Keys that can be destroyed: for good, whether they are there or not yet. */
export interface ErasableKeys extends Keys {
  destroy(ids: readonly string[], owner: string): Promise<void>;
  /** All that belong to a stream now. */
  destroyOwned(owner: string): Promise<number>;
}

export type ErasureViews = Pick<ViewReads, 'scan' | 'checkpoint'>;

/** The keys that the free texts of an event are sealed under; those of contacts are not among them. */
export function textKeysIn(data: JsonObject): readonly string[] {
  const keys = new Set<string>();
  eachString(data, (text) => {
    const key = keyOfSealed(text);
    if (key !== null && isTextKey(key)) keys.add(key);
  });
  return [...keys];
}

/** Whether the event is one that a contact was erased by. */
export function erasesContact({ type }: Pick<RecordedEvent, 'type'>): boolean {
  return type === 'PersonErased' || type === 'OrganizationErased';
}

/** The event of a contact's stream by which it was erased; null: it was not. */
export async function erasureOf(streams: Streams, contact: string): Promise<RecordedEvent | null> {
  return (await streams.events.readStream(contact)).find(erasesContact) ?? null;
}

/**
 * What follows from the erasure of a contact, after the event that says it. Nothing of it is ever refused, and doing it
 * again changes nothing, so the command, its replay and the reactor may all do it, at once or one after another.
 */
export class Erasure {
  constructor(
    private readonly streams: Streams,
    private readonly keys: ErasableKeys,
    private readonly views: ErasureViews,
    /** Of each step. */
    private readonly deadlineMs?: number,
  ) {}

  /**
   * Erases those that were merged into the contact, and destroys the keys of all of them.
   * @returns the position of the last event that says so
   * @throws OutcomeUnknown, StoreUnavailable the erasure stands, and is finished later
   */
  async eraseMerged(erased: RecordedEvent): Promise<bigint> {
    await this.keys.destroy([erased.stream], erased.stream);
    let latest = erased.position;
    // The caller gives an event that erases a contact; its shape is the stored format of that type.
    const { merged } = decode(erased).data as ContactErased['data'];
    for (const id of merged) {
      const event = await this.#eraseWithSurvivor(erased, id);
      const position = await this.eraseMerged(event);
      if (position > latest) latest = position;
    }
    return latest;
  }

  /** Destroys keys of texts of a stream. */
  async redact(textKeys: readonly string[], stream: string): Promise<void> {
    await this.keys.destroy(textKeys, stream);
  }

  async #eraseWithSurvivor(erased: RecordedEvent, id: string): Promise<RecordedEvent> {
    const kind: ContactKind = erased.type === 'PersonErased' ? 'person' : 'organization';
    const aggregate = contactAggregate(kind);
    const commandId = derivedId('erase with survivor', erased.id, id);
    await takeStep<ContactState>(
      this.streams,
      aggregate,
      id,
      erased,
      commandId,
      (state, context) => decideContact(state, { type: 'EraseWithSurvivor', kind }, context),
      this.deadlineMs,
    );
    const event = await erasureOf(this.streams, aggregate.stream(id));
    if (event === null) throw new Error(`${aggregate.stream(id)} is erased by no event`);
    return event;
  }

  /**
   * Streams of the leads and deals that a contact was ever linked to, as far as the view has seen them.
   * @returns null: the view has not come to the position in time
   */
  async linkedTo(contact: string, position: bigint, waitMs: number): Promise<readonly string[] | null> {
    if (!(await waitForPosition(this.views, [CONTACTS], position, waitMs)).ok) return null;
    const streams: string[] = [];
    for await (const rows of this.views.scan(CONTACTS, {
      table: 'link',
      where: { columns: { contact } },
      columns: ['stream'],
    })) {
      for (const row of rows) streams.push(stringIn(row, 'stream'));
    }
    return streams;
  }

  /**
   * Destroys the keys of all free texts of a lead or a deal, and says so in its stream.
   * @param contact stream of the contact that was erased
   */
  async eraseTexts(stream: string, contact: string, cause: Cause): Promise<bigint> {
    await this.keys.destroyOwned(stream);
    const position = await this.#sayErased(stream, contact, cause);
    const alias = categoryOf(stream) === 'lead' ? await this.#inlineAliasOf(contact, stream) : null;
    if (alias === null) return position;
    await this.keys.destroy([alias], alias);
    return this.#sayErased(stream, alias, cause);
  }

  /**
   * A lead that was converted to a deal of a registered contact knows it under an id of its own: what it says of that
   * one is about the same person.
   */
  async #inlineAliasOf(contact: string, stream: string): Promise<string | null> {
    const { state } = await this.streams.load(LEAD, idOf(stream));
    const events = await this.streams.events.readStream(stream);
    const isTheDeals = events.some(
      (event) => event.type === 'LeadConverted' && linksIn(decode(event)).includes(contact),
    );
    const kind = categoryOf(contact) === 'person' ? 'person' : 'organization';
    const inline = state?.[kind] ?? null;
    if (!isTheDeals || inline === null || inline.name === null) return null;
    const alias = `${kind}-${inline.id}`;
    return alias === contact ? null : alias;
  }

  async #sayErased(stream: string, contact: string, cause: Cause): Promise<bigint> {
    const commandId = derivedId('erase texts', cause.id, contact, stream);
    const { position } = await takeStep<unknown>(
      this.streams,
      categoryOf(stream) === 'lead' ? LEAD : DEAL,
      idOf(stream),
      cause,
      commandId,
      (state, context) => (state === null ? accept() : decideErasure({ type: 'EraseTexts', contact }, context)),
      this.deadlineMs,
    );
    return position;
  }
}
