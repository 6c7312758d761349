import { formatInstant } from '#domain/shared/instant.js';
import type { ActivityKind } from '#domain/pipeline/pipeline.events.js';
import type { EpochMs } from '#domain/shared/decision.js';
import { dayAfter, startOfDate } from '#reports/interval.js';
import type { Condition, FindRequest, Keyset, Row, ViewReads } from '#view-store/port.js';
import { ACTIVITIES } from '#views/activities/activities.schema.js';
import { civilDateAt } from '../civil-today.js';
import type { StreamPolicies } from '../policies.js';
import { Cursors } from './cursor.js';

/** `overdue`: planned and past due; `due`: these, and what falls due today. */
export const ACTIVITY_STATUSES = ['planned', 'due', 'overdue', 'done', 'cancelled'] as const;
type ListedStatus = (typeof ACTIVITY_STATUSES)[number];

export interface ActivityListParameters {
  /** None: planned. */
  readonly status: readonly ListedStatus[];
  readonly assignee: readonly string[];
  readonly kind: readonly ActivityKind[];
  readonly deal: readonly string[];
  readonly lead: readonly string[];
  /** Civil dates; `dueTo` is exclusive. */
  readonly dueFrom: string | null;
  readonly dueTo: string | null;
  /** Null: the organisation's zone. */
  readonly tz: string | null;
  readonly limit: number;
  readonly cursor: string | null;
}

type Columns = Readonly<Record<string, Condition>>;

/**
 * A page is merged from at most so many ranges of an index: as many as a parameter may have values, for each status of
 * a row. Beyond that the store filters.
 */
const RANGES_AT_ONCE = 600;

/** What is to be done and was done, on deals, on leads and on neither, by when it is due. */
export class ActivityListQuery {
  constructor(
    private readonly views: ViewReads,
    private readonly policies: Pick<StreamPolicies, 'settings'>,
    private readonly clock: () => EpochMs = Date.now,
  ) {}

  async list({ limit, cursor, ...asked }: ActivityListParameters) {
    const cursors = new Cursors(ACTIVITIES, asked);
    const after = cursors.decode(cursor);
    const now = this.clock();
    const zone = asked.tz ?? (await this.policies.settings()).timeZone;
    const requests = rangesOf(asked, now, zone).map((columns): FindRequest => {
      return { kind: 'find', table: 'activity', where: { columns }, sort: [{ column: 'dueAt' }], limit, after };
    });
    const { results } = await this.views.read(ACTIVITIES, requests);
    const rows = results.flatMap((page) => page.rows).sort((a, b) => compare(place(a), place(b)));
    const page = rows.slice(0, limit);
    const last = page.at(-1);
    const more = rows.length > limit || results.some(({ next }) => next !== null);
    return {
      items: page.map((row) => itemOf(row, now)),
      next: cursors.encode(more && last !== undefined ? place(last) : null),
    };
  }
}

/** Ranges of indexes, without overlap, that together are what is asked for: each in the order of the list. */
function rangesOf(
  asked: Omit<ActivityListParameters, 'limit' | 'cursor'>,
  now: EpochMs,
  zone: string,
): readonly Columns[] {
  const { assignee, kind, deal, lead, dueFrom, dueTo } = asked;
  const window = {
    ...(dueFrom !== null && { gte: startOfDate(dueFrom, zone) }),
    ...(dueTo !== null && { lt: startOfDate(dueTo, zone) }),
  };
  const parts = statusesOf(asked.status, now, zone).map(({ status, until }) => {
    const range = { ...window, ...(until !== null && { lte: until }) };
    const times: Columns = Object.keys(range).length > 0 ? { dueAt: range } : {};
    return { status, times };
  });
  if (deal.length === 0 && lead.length === 0) {
    const statuses = parts.map(({ status, times }): Columns => ({ status, ...times }));
    return each(each(statuses, 'assignee', assignee), 'kind', kind);
  }
  // A deal or a lead has few: its index leads, and nothing else may look as if it told more.
  const own = parts.map(({ status, times }): Columns => {
    return { ...times, ...only('status', [status]), ...only('assignee', assignee), ...only('kind', kind) };
  });
  return each(each(own, 'deal', deal), 'lead', lead);
}

/** A condition that is no equality. */
function only(column: string, values: readonly string[]): Columns {
  const [value] = values;
  if (value === undefined) return {};
  return { [column]: values.length === 1 ? { gte: value, lte: value } : { in: values } };
}

/** The ranges parted by the values of a column, as long as they are few. */
function each(ranges: readonly Columns[], column: string, values: readonly string[]): readonly Columns[] {
  const unique = [...new Set(values)];
  if (unique.length === 0) return ranges;
  if (ranges.length * unique.length > RANGES_AT_ONCE)
    return ranges.map((range) => ({ ...range, [column]: { in: unique } }));
  return ranges.flatMap((range) => unique.map((value) => ({ ...range, [column]: value })));
}

/** What is asked for as statuses of rows, the planned ones up to a time. */
function statusesOf(
  asked: readonly ListedStatus[],
  now: EpochMs,
  zone: string,
): readonly { readonly status: string; readonly until: EpochMs | null }[] {
  const wanted = new Set<ListedStatus>(asked.length === 0 ? ['planned'] : asked);
  const over = (['done', 'cancelled'] as const).filter((status) => wanted.has(status));
  const until = wanted.has('planned') ? null : wanted.has('due') ? endOfDay(now, zone) : now;
  const isPlanned = wanted.has('planned') || wanted.has('due') || wanted.has('overdue');
  return [...(isPlanned ? [{ status: 'planned', until }] : []), ...over.map((status) => ({ status, until: null }))];
}

function endOfDay(now: EpochMs, zone: string): EpochMs {
  return startOfDate(dayAfter(civilDateAt(now, zone)), zone) - 1;
}

function place(row: Row): Keyset {
  return [Number(row['dueAt']), String(row.id)];
}

/** As the store sorts: by time, then by id. */
function compare([at, id]: Keyset, [otherAt, otherId]: Keyset): number {
  return Number(at) - Number(otherAt) || Buffer.compare(Buffer.from(String(id)), Buffer.from(String(otherId)));
}

function itemOf(row: Row, now: EpochMs) {
  const [dueAt, doneAt] = [Number(row['dueAt']), row['doneAt'] ?? null];
  return {
    activityId: row['activity'],
    dealId: row['deal'] ?? null,
    leadId: row['lead'] ?? null,
    kind: row['kind'],
    subject: row['subject'],
    status: row['status'],
    dueAt: formatInstant(dueAt),
    overdue: row['status'] === 'planned' && dueAt <= now,
    assigneeId: row['assignee'],
    doneAt: doneAt === null ? null : formatInstant(Number(doneAt)),
    outcome: row['outcome'] ?? null,
    occurrence: row['occurrence'] ?? null,
    targetCount: row['targetCount'] ?? null,
  };
}
