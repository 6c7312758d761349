import { matchKeys, type Candidate, type MatchKey } from '#domain/contact/contact.match.js';
import type { ContactKind } from '#domain/contact/contact.state.js';
import type { ViewReads } from '#view-store/port.js';
import { CONTACTS } from '#views/contacts/contacts.schema.js';
import { matchColumn } from '#views/contacts/contacts.view.js';
import { text } from '#views/stored-row.js';
import { survivorOf } from './contact-survivor.js';
import type { Streams } from './streams.js';

/** At most so many contacts that have something in common are looked at. */
const MOST_ROWS = 200;
const MOST_CANDIDATES = 20;

/** What is known of somebody who may be registered already. */
export type Described = Parameters<typeof matchKeys>[0];

/** Where likely duplicates are looked for. */
export interface KnownContacts {
  /**
   * Contacts that are likely the same as the one described, those with most in common first; what was merged is its
   * survivor. `self`: the id that is none of them.
   */
  candidates(described: Described, self: string | null): Promise<readonly Candidate[]>;
}

/** Likely duplicates, found through the contacts view: a question to people, not a lock. */
export class ContactMatches implements KnownContacts {
  constructor(
    private readonly streams: Streams,
    private readonly views: ViewReads,
  ) {}

  async candidates(described: Described, self: string | null): Promise<readonly Candidate[]> {
    const { kind } = described;
    return this.#matching(kind, matchKeys(await this.streams.personal.open(described)), self);
  }

  async #matching(kind: ContactKind, keys: readonly MatchKey[], self: string | null): Promise<readonly Candidate[]> {
    if (keys.length === 0) return [];
    const types = new Map(keys.map((match) => [matchColumn(kind, match), match.type]));
    const { results } = await this.views.read(CONTACTS, [
      { kind: 'find', table: 'key', where: { columns: { key: { in: [...types.keys()] } } }, limit: MOST_ROWS },
    ]);
    const found = new Map<string, Candidate>();
    for (const row of results[0].rows) {
      const contact = await survivorOf(this.streams, kind, text(row, 'contact').slice(kind.length + 1));
      const type = types.get(text(row, 'key'));
      if (contact === null || contact.id === self || type === undefined) continue;
      const matchedOn = new Set([...(found.get(contact.id)?.matchedOn ?? []), type]);
      found.set(contact.id, { id: contact.id, name: contact.name, matchedOn: [...matchedOn].sort() });
    }
    return [...found.values()]
      .sort((a, b) => b.matchedOn.length - a.matchedOn.length || (a.id < b.id ? -1 : 1))
      .slice(0, MOST_CANDIDATES);
  }
}
