import type { ContactKind, ContactState } from '#domain/contact/contact.state.js';
import type { Labels } from '#reports/policies.js';
import type { Condition, ViewReads } from '#view-store/port.js';
import { CONTACTS } from '#views/contacts/contacts.schema.js';
import { contactAggregate } from '../aggregate.js';
import type { ContactMatches } from '../contact-matches.js';
import { NotFound } from '../errors.js';
import type { Streams } from '../streams.js';
import { Cursors } from './cursor.js';

export interface ContactListParameters {
  readonly kind: ContactKind;
  /** Part of a name, an address or a number. */
  readonly q: string | null;
  /** Ids of organisations. */
  readonly organization: readonly string[];
  readonly limit: number;
  readonly cursor: string | null;
}

/** People and organisations. */
export class ContactQuery {
  constructor(
    private readonly streams: Streams,
    private readonly views: ViewReads,
    private readonly labels: Labels,
    private readonly matches: ContactMatches,
  ) {}

  /** One contact, with those merged into it and its likely duplicates. @throws NotFound */
  async contact(kind: ContactKind, id: string) {
    const { state } = await this.streams.load(contactAggregate(kind), id);
    if (state === null) throw new NotFound();
    const merged = await Promise.all(
      state.merged.map(async (other) => (await this.streams.load(contactAggregate(kind), other)).state),
    );
    const [answer] = await this.#answers([state]);
    if (answer === undefined) throw new NotFound();
    return {
      ...answer,
      merged: merged
        .filter((other) => other !== null)
        .map(({ id: other, name, emails, phones }) => ({
          id: other,
          name,
          emails,
          phones,
        })),
      likelyDuplicates: state.mergedInto === null && !state.erased ? await this.matches.candidates(state, id) : [],
    };
  }

  /** Contacts by name, but for those that were merged into another one. */
  async list({ limit, cursor, ...filters }: ContactListParameters) {
    const cursors = new Cursors(CONTACTS, filters);
    const columns: Record<string, Condition> = {
      kind: filters.kind,
      erased: 0,
      merged: 0,
      ...(filters.organization.length > 0 && { organization: { in: filters.organization } }),
      ...(filters.q !== null && { search: { contains: filters.q.toLowerCase() } }),
    };
    const { results } = await this.views.read(CONTACTS, [
      {
        kind: 'find',
        table: 'contact',
        where: { columns },
        sort: [{ column: 'name' }],
        limit,
        after: cursors.decode(cursor),
      },
    ]);
    const [page] = results;
    return {
      // The column holds what the contacts view folded: a ContactState.
      items: await this.#answers(page.rows.map((row) => row['body'] as ContactState)),
      next: cursors.encode(page.next),
    };
  }

  async #answers(contacts: readonly ContactState[]) {
    const employers = contacts.flatMap(({ organizationId }) =>
      organizationId === null ? [] : [{ kind: 'organization' as const, id: organizationId }],
    );
    const names = employers.length === 0 ? new Map<string, string>() : await this.labels.contacts(employers);
    return contacts.map(({ id, revision, kind, name, emails, phones, organizationId, mergedInto, erased }) => ({
      id,
      revision,
      name,
      emails,
      phones,
      ...(kind === 'organization'
        ? {}
        : {
            organization:
              organizationId === null ? null : { id: organizationId, name: names.get(organizationId) ?? null },
          }),
      mergedInto,
      erased,
    }));
  }
}
