import type { LeadState } from '#domain/lead/lead.state.js';
import { formatInstant } from '#domain/shared/instant.js';
import { LEADS } from '#views/leads/leads.schema.js';
import type { Condition, SortColumn, ViewReads } from '#view-store/port.js';
import { LEAD } from '../aggregate.js';
import { NotFound } from '../errors.js';
import type { Streams } from '../streams.js';
import { Cursors } from './cursor.js';

export const LEAD_SORTS = ['score', 'capturedAt', 'followUpOn', '-score', '-capturedAt', '-followUpOn'] as const;

export interface LeadListParameters {
  readonly status: readonly string[];
  readonly owner: readonly string[];
  readonly source: readonly string[];
  readonly label: readonly string[];
  readonly q: string | null;
  readonly sort: (typeof LEAD_SORTS)[number];
  readonly limit: number;
  readonly cursor: string | null;
}

/** The inbox, and one lead. */
export class LeadQuery {
  constructor(
    private readonly streams: Streams,
    private readonly views: ViewReads,
  ) {}

  /** One lead, folded from its own stream. @throws NotFound */
  async lead(id: string) {
    const { state } = await this.streams.load(LEAD, id);
    if (state === null) throw new NotFound();
    return leadAnswer(state);
  }

  async list(parameters: LeadListParameters) {
    const { limit, cursor, ...rest } = parameters;
    const cursors = new Cursors(LEADS, rest);
    const columns: Record<string, Condition> = {
      ...(rest.status.length > 0 && { status: { in: rest.status } }),
      ...(rest.owner.length > 0 && { owner: { in: rest.owner } }),
      ...(rest.source.length > 0 && { source: { in: rest.source } }),
      ...(rest.label.length > 0 && { labels: { has: rest.label } }),
      ...(rest.q !== null && { search: { contains: rest.q.toLowerCase() } }),
    };
    const { results } = await this.views.read(LEADS, [
      {
        kind: 'find',
        table: 'lead',
        where: { columns },
        sort: [sortOf(rest.sort)],
        limit,
        after: cursors.decode(cursor),
      },
    ]);
    const [page] = results;
    return {
      // The column holds what the leads view folded: a LeadState.
      items: page.rows.map((row) => leadAnswer(row['body'] as LeadState)),
      next: cursors.encode(page.next),
    };
  }
}

function sortOf(sort: LeadListParameters['sort']): SortColumn {
  return sort.startsWith('-') ? { column: sort.slice(1), descending: true } : { column: sort };
}

function leadAnswer(state: LeadState) {
  const { qualification } = state;
  return {
    id: state.id,
    revision: state.revision,
    status: state.status,
    title: state.title,
    source: state.source,
    person: state.person,
    organization: state.organization,
    value: state.value,
    labels: state.labels,
    ownerId: state.ownerId,
    capturedAt: formatInstant(state.capturedAt),
    followUpOn: state.followUpOn,
    score: { total: 0, modelVersion: 0, parts: [] },
    qualification:
      qualification === null ? null : { ...qualification, qualifiedAt: formatInstant(qualification.qualifiedAt) },
    disqualification:
      state.disqualification === null
        ? null
        : { reason: state.disqualification.reason, note: state.disqualification.note },
    dealId: state.dealId,
    notes: state.notes.map((note) => ({ ...note, occurredAt: formatInstant(note.occurredAt) })),
  };
}
