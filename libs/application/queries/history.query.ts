import { categoryOf, idOf } from '#event-store/streams.js';
import type { RecordedEvent } from '#event-store/event.js';
import { formatInstant } from '#domain/shared/instant.js';
import { TIMELINE } from '#views/timeline/timeline.schema.js';
import type { FindRequest, Keyset, Row, ViewReads } from '#view-store/port.js';
import { stringIn } from '#reports/row-values.js';
import type { ContactKind } from '#domain/contact/contact.state.js';
import { CONTACTS } from '#views/contacts/contacts.schema.js';
import { contactAggregate, DEAL, LEAD, ORGANIZATION, PERSON, STANDALONE_ACTIVITY } from '../aggregate.js';
import { NotFound } from '../errors.js';
import type { Streams } from '../streams.js';
import { Cursors } from './cursor.js';
import type { DealQuery } from './deal.query.js';

const STREAMS = {
  lead: LEAD,
  deal: DEAL,
  person: PERSON,
  organization: ORGANIZATION,
  activity: STANDALONE_ACTIVITY,
};
/** A condition names at most so many streams. */
const STREAMS_AT_ONCE = 500;

/** Timelines for people, raw events for programs, differences for auditors. */
export class HistoryQuery {
  constructor(
    private readonly streams: Streams,
    private readonly views: ViewReads,
    private readonly deals: DealQuery,
  ) {}

  /** A stream's events verbatim, ascending, after a revision. @throws NotFound */
  async events(kind: keyof typeof STREAMS, id: string, after: number | null, limit: number) {
    const stream = STREAMS[kind].stream(id);
    const from = after === null ? 0 : after + 1;
    const events = await this.streams.events.readStream(stream, { from, limit: limit + 1 });
    if (events.length === 0 && (await this.streams.events.readStream(stream, { limit: 1 })).length === 0) {
      throw new NotFound();
    }
    const items = events.slice(0, limit);
    const last = items[items.length - 1];
    // The next page goes on after this revision: the cursor of this list is its own parameter.
    return { items: items.map(eventAnswer), next: events.length > limit && last ? String(last.revision) : null };
  }

  /** What happened to a deal and, before it, to its lead: newest first. @throws NotFound */
  async dealTimeline(id: string, limit: number, cursor: string | null) {
    const { state } = await this.streams.load(DEAL, id);
    if (state === null) throw new NotFound();
    const streams = [DEAL.stream(id), ...(state.leadId === null ? [] : [LEAD.stream(state.leadId)])];
    return this.#timeline(streams, limit, cursor);
  }

  /** @throws NotFound */
  async leadTimeline(id: string, limit: number, cursor: string | null) {
    const { state } = await this.streams.load(LEAD, id);
    if (state === null) throw new NotFound();
    return this.#timeline([LEAD.stream(id)], limit, cursor);
  }

  /**
   * What happened to a contact, to those merged into it, and to the leads and deals that they were ever linked to; newest
   * first. Each entry says whose it is. @throws NotFound
   */
  async contactTimeline(kind: ContactKind, id: string, limit: number, cursor: string | null) {
    const contacts = await this.#withMerged(kind, id);
    const streams = new Set(contacts);
    for await (const rows of this.views.scan(CONTACTS, {
      table: 'link',
      where: { columns: { contact: { in: contacts } } },
      columns: ['stream'],
    })) {
      for (const row of rows) streams.add(stringIn(row, 'stream'));
    }
    const cursors = new Cursors(TIMELINE, ['contact', kind, id]);
    const { rows, next } = await this.#newest([...streams], limit, cursors.decode(cursor));
    return { items: rows.map((row) => ({ ...entryAnswer(row), of: subjectOf(row) })), next: cursors.encode(next) };
  }

  /** The streams of a contact and of all that hang under it. @throws NotFound */
  async #withMerged(kind: ContactKind, id: string): Promise<readonly string[]> {
    const aggregate = contactAggregate(kind);
    const found = new Set<string>();
    const open = [id];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      const { state } = await this.streams.load(aggregate, next);
      if (state === null || found.has(aggregate.stream(next))) continue;
      found.add(aggregate.stream(next));
      open.push(...state.merged);
    }
    if (found.size === 0) throw new NotFound();
    return [...found];
  }

  /** The newest entries of any number of streams after a place: each part is in the order of the whole. */
  async #newest(streams: readonly string[], limit: number, after: Keyset | null) {
    const requests = Array.from({ length: Math.ceil(streams.length / STREAMS_AT_ONCE) }, (_, part): FindRequest => ({
      kind: 'find',
      table: 'entry',
      where: { columns: { stream: { in: streams.slice(part * STREAMS_AT_ONCE, (part + 1) * STREAMS_AT_ONCE) } } },
      sort: [{ column: 'occurredAt', descending: true }],
      limit,
      after,
    }));
    const { results } = await this.views.read(TIMELINE, requests);
    const place = (row: Row): readonly [number, number] => [Number(row['occurredAt']), Number(row.id)];
    const rows = results
      .flatMap((part) => part.rows)
      .sort((a, b) => place(b)[0] - place(a)[0] || place(b)[1] - place(a)[1]);
    const page = rows.slice(0, limit);
    const last = page.at(-1);
    const more = rows.length > limit || results.some((part) => part.next !== null);
    return { rows: page, next: more && last !== undefined ? place(last) : null };
  }

  async #timeline(streams: readonly string[], limit: number, cursor: string | null) {
    const cursors = new Cursors(TIMELINE, streams);
    const { results } = await this.views.read(TIMELINE, [
      {
        kind: 'find',
        table: 'entry',
        where: { columns: { stream: { in: streams } } },
        sort: [{ column: 'occurredAt', descending: true }],
        limit,
        after: cursors.decode(cursor),
      },
    ]);
    const [page] = results;
    return { items: page.rows.map(entryAnswer), next: cursors.encode(page.next) };
  }

  /** What changed between two revisions of a deal. @throws NotFound `unknown-revision` */
  async diff(id: string, from: number, to: number) {
    const [before, after] = [await this.deals.stateAt(id, from), await this.deals.stateAt(id, to)];
    const [low, high] = from <= to ? [from, to] : [to, from];
    const events = await this.streams.events.readStream(DEAL.stream(id), { from: low + 1, limit: high - low });
    return {
      from,
      to,
      events: events.slice(0, high - low).map(({ revision, type }) => ({ revision, type })),
      changes: differences(plain(before.state), plain(after.state), ''),
    };
  }
}

/** One event as the wire has it: data and metadata verbatim what was hashed. */
export function eventAnswer(event: RecordedEvent) {
  return {
    position: String(event.position),
    stream: event.stream,
    revision: event.revision,
    id: event.id,
    type: event.type,
    data: event.data,
    metadata: event.metadata,
  };
}

function entryAnswer(row: Row) {
  const stream = stringIn(row, 'stream');
  return {
    occurredAt: formatInstant(Number(row['occurredAt'])),
    recordedAt: formatInstant(Number(row['recordedAt'])),
    type: row['type'],
    actor: { id: row['actorId'], kind: row['actorKind'] },
    revision: row['revision'],
    text: row['text'],
    lead: stream === LEAD.stream(idOf(stream)),
  };
}

/** Whose entry it is: a lead, a deal, a person or an organisation. */
function subjectOf(row: Row) {
  const stream = stringIn(row, 'stream');
  return { kind: categoryOf(stream), id: idOf(stream) };
}

/** What the state is to a reader: bookkeeping of the write side left out. */
function plain(state: object): unknown {
  const { revision: _, last: __, touch: ___, ...rest } = state as Record<string, unknown>;
  return rest;
}

interface Change {
  readonly path: string;
  readonly from: unknown;
  readonly to: unknown;
}

/** Differences of two JSON values, deepest first named by JSON pointer; lists are compared place by place. */
function differences(from: unknown, to: unknown, path: string): Change[] {
  if (isComposite(from) && isComposite(to) && Array.isArray(from) === Array.isArray(to)) {
    const names = new Set([...Object.keys(from), ...Object.keys(to)]);
    return [...names].flatMap((name) => differences(from[name], to[name], `${path}/${name}`));
  }
  return from === to ? [] : [{ path, from: from ?? null, to: to ?? null }];
}

function isComposite(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
