import type { ContactDetails } from '#domain/lead/lead.events.js';
import { scoreOf } from '#domain/lead/lead.score.js';
import type { LeadState } from '#domain/lead/lead.state.js';
import type { Settings } from '#domain/settings/settings.js';
import { formatInstant } from '#domain/shared/instant.js';
import type { Labels } from '#reports/policies.js';
import { LEADS } from '#views/leads/leads.schema.js';
import type { Condition, SortColumn, ViewReads } from '#view-store/port.js';
import { LEAD } from '../aggregate.js';
import { NotFound } from '../errors.js';
import type { StreamPolicies } from '../policies.js';
import type { LeadScoreModels, ScoredInbox } from '../scoring/lead-score-models.js';
import type { Streams } from '../streams.js';
import { Cursors } from './cursor.js';
import { activityAnswer } from './deal.query.js';

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
    private readonly labels: Labels,
    private readonly policies: StreamPolicies,
    private readonly scores: LeadScoreModels,
  ) {}

  /** One lead, folded from its own stream. @throws NotFound */
  async lead(id: string) {
    const { state } = await this.streams.load(LEAD, id);
    if (state === null) throw new NotFound();
    const [answer] = await this.#answers([state], (await this.policies.settings()).scoringModel);
    return answer ?? notFound();
  }

  /** What a list is read from: by score, the view of the newest scoring model that is built. */
  async inbox(sort: LeadListParameters['sort']): Promise<ScoredInbox> {
    if (isByScore(sort)) return this.scores.served(this.views);
    return { schema: LEADS, model: (await this.policies.settings()).scoringModel };
  }

  async list(parameters: LeadListParameters, { schema, model }: ScoredInbox) {
    const { limit, cursor, ...rest } = parameters;
    const cursors = new Cursors(schema, [schema.view, rest]);
    const columns: Record<string, Condition> = {
      ...(rest.status.length > 0 && { status: { in: rest.status } }),
      ...(rest.owner.length > 0 && { owner: { in: rest.owner } }),
      ...(rest.source.length > 0 && { source: { in: rest.source } }),
      ...(rest.label.length > 0 && { labels: { has: rest.label } }),
      ...(rest.q !== null && { search: { contains: rest.q.toLowerCase() } }),
    };
    const { results } = await this.views.read(schema, [
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
      items: await this.#answers(
        page.rows.map((row) => row['body'] as LeadState),
        model,
      ),
      next: cursors.encode(page.next),
    };
  }

  async #answers(leads: readonly LeadState[], model: Settings['scoringModel']) {
    const unnamed = leads.flatMap(({ person, organization }) => [
      ...(person !== null && person.name === null ? [{ kind: 'person' as const, id: person.id }] : []),
      ...(organization !== null && organization.name === null
        ? [{ kind: 'organization' as const, id: organization.id }]
        : []),
    ]);
    const names = unnamed.length === 0 ? new Map<string, string>() : await this.labels.contacts(unnamed);
    return leads.map((lead) => leadAnswer(lead, names, model));
  }
}

function isByScore(sort: LeadListParameters['sort']): boolean {
  return sort === 'score' || sort === '-score';
}

function notFound(): never {
  throw new NotFound();
}

/** A contact that was given by its id alone has its name in its own stream. */
function named(contact: ContactDetails | null, names: ReadonlyMap<string, string>): ContactDetails | null {
  return contact === null ? null : { ...contact, name: contact.name ?? names.get(contact.id) ?? null };
}

function sortOf(sort: LeadListParameters['sort']): SortColumn {
  return sort.startsWith('-') ? { column: sort.slice(1), descending: true } : { column: sort };
}

function leadAnswer(state: LeadState, names: ReadonlyMap<string, string>, model: Settings['scoringModel']) {
  const { qualification } = state;
  return {
    id: state.id,
    revision: state.revision,
    status: state.status,
    title: state.title,
    source: state.source,
    person: named(state.person, names),
    organization: named(state.organization, names),
    value: state.value,
    labels: state.labels,
    ownerId: state.ownerId,
    teamId: state.teamId,
    attributes: state.attributes,
    products: state.products,
    referredBy: state.referredBy,
    capturedAt: formatInstant(state.capturedAt),
    followUpOn: state.followUpOn,
    score: scoreOf(state, model),
    qualification:
      qualification === null ? null : { ...qualification, qualifiedAt: formatInstant(qualification.qualifiedAt) },
    disqualification:
      state.disqualification === null
        ? null
        : { reason: state.disqualification.reason, note: state.disqualification.note },
    dealId: state.dealId,
    activities: state.activities.map(activityAnswer),
    notes: state.notes.map((note) => ({ ...note, occurredAt: formatInstant(note.occurredAt) })),
  };
}
