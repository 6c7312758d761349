import { VALUE_SCHEMAS } from '#application/validation/value-schemas.js';
import type { JsonSchema } from '#application/validation/body-schema.js';
import { BOARD_SORTS } from '#application/queries/board.query.js';
import { ACTIVITY_STATUSES } from '#application/queries/activity-list.query.js';
import { ACTIVITY_KINDS } from '#domain/activity/activity.events.js';
import { DEAL_STATUSES } from '#application/queries/deal-list.query.js';
import { LEAD_SORTS } from '#application/queries/lead.query.js';
import { FUNNEL_CELLS } from '#reports/funnel/funnel.drill.js';
import { FILTERS } from '../http/query-parameters.js';
import type { RouteName } from './routes.js';

/** A query parameter: one of a list may be repeated. */
export interface ParameterDescription {
  readonly schema: JsonSchema;
  readonly description?: string;
}

const text = { type: 'string', minLength: 1 } as const;
const instant = VALUE_SCHEMAS.Instant;
const date = VALUE_SCHEMAS.CivilDate;
const flag = { type: 'boolean' } as const;
const anyOf = (items: JsonSchema): ParameterDescription => ({
  schema: { type: 'array', items, maxItems: 200 },
  description: 'May be repeated: any of the values.',
});
const oneOf = (values: readonly string[], byDefault?: string): ParameterDescription => ({
  schema: { type: 'string', enum: [...values], ...(byDefault === undefined ? {} : { default: byDefault }) },
});
const whole = (minimum: number, maximum: number, byDefault?: number): ParameterDescription => ({
  schema: { type: 'integer', minimum, maximum, ...(byDefault === undefined ? {} : { default: byDefault }) },
});

/** What each name means; a name means the same wherever it is taken, save where `OWN` says otherwise. */
const SHARED: Readonly<Record<string, ParameterDescription>> = {
  owner: anyOf(text),
  team: anyOf(text),
  source: anyOf(text),
  label: anyOf(text),
  product: anyOf(text),
  valueMin: { schema: text, description: 'A decimal, inclusive; needs a currency.' },
  valueMax: { schema: text, description: 'A decimal, inclusive; needs a currency.' },
  currency: { schema: { type: 'string', pattern: '^[A-Z]{3}$' } },
  expectedCloseFrom: { schema: date },
  expectedCloseTo: { schema: date, description: 'Exclusive.' },
  stalled: { schema: flag },
  asOf: { schema: instant, description: 'As it was then; left out: now.' },
  recordedAsOf: { schema: instant, description: 'As it was known then; goes with asOf.' },
  atRevision: { schema: VALUE_SCHEMAS.Revision, description: 'After this event of its stream.' },
  tz: { schema: text, description: 'An IANA time zone; left out: the organisation’s.' },
  limit: whole(1, 200, 50),
  cursor: { schema: text, description: '`next` of the page before.' },
  pipeline: { schema: VALUE_SCHEMAS.Id },
  from: { schema: date, description: 'Inclusive.' },
  to: { schema: date, description: 'Exclusive.' },
  q: { schema: text, description: 'Part of a text.' },
  attributes: oneOf(['then', 'now'], 'then'),
  groupBy: oneOf(['owner', 'team', 'source', 'product']),
  basis: oneOf(['cohort', 'period', 'snapshot'], 'cohort'),
  mode: oneOf(['reached', 'entered', 'strict', 'transitions'], 'reached'),
  bucket: oneOf(['none', 'day', 'week', 'month', 'quarter'], 'none'),
  restate: oneOf(['current', 'as-was'], 'current'),
  stageId: { schema: VALUE_SCHEMAS.Id },
  cell: oneOf(FUNNEL_CELLS),
  window: { schema: VALUE_SCHEMAS.Duration.oneOf[0], description: 'Default P90D.' },
  minSample: whole(1, 1_000_000, 5),
  cards: whole(0, 100, 20),
  sort: oneOf(BOARD_SORTS, 'touch'),
  totals: { schema: flag, description: 'The answer holds the new totals of both columns.' },
  kind: oneOf(['stalled', 'overstayed', 'overdue'], 'stalled'),
  organization: anyOf(VALUE_SCHEMAS.Id),
  assignee: anyOf(text),
  deal: anyOf(VALUE_SCHEMAS.Id),
  lead: anyOf(VALUE_SCHEMAS.Id),
  dueFrom: { schema: date, description: 'Inclusive.' },
  dueTo: { schema: date, description: 'Exclusive.' },
  category: anyOf(text),
  type: anyOf(text),
  focus: oneOf(['primary', 'secondary']),
  retired: { schema: flag },
  after: { schema: VALUE_SCHEMAS.Position, description: 'Exclusive; left out: from the first.' },
};

const EVENTS = { after: { schema: VALUE_SCHEMAS.Revision, description: 'Exclusive; left out: from the first.' } };
const REVISIONS = { from: { schema: VALUE_SCHEMAS.Revision }, to: { schema: VALUE_SCHEMAS.Revision } };

/** Where a name means something else, or takes other values. */
const OWN: Readonly<Record<RouteName, Readonly<Record<string, ParameterDescription>>>> = {
  'GET /v1/leads': {
    sort: oneOf(LEAD_SORTS, '-capturedAt'),
    status: anyOf(oneOf(['new', 'nurturing', 'qualified', 'converted', 'disqualified', 'archived']).schema),
  },
  'GET /v1/activities': {
    status: anyOf(oneOf(ACTIVITY_STATUSES).schema),
    kind: anyOf(oneOf(ACTIVITY_KINDS).schema),
  },
  'GET /v1/deals': { status: anyOf(oneOf(DEAL_STATUSES).schema), pipeline: anyOf(text) },
  'GET /v1/leads/{id}/events': EVENTS,
  'GET /v1/settings/events': EVENTS,
  'GET /v1/activities/{id}/events': EVENTS,
  'GET /v1/people/{id}/events': EVENTS,
  'GET /v1/organizations/{id}/events': EVENTS,
  'GET /v1/deals/{id}/events': EVENTS,
  'GET /v1/deals/{id}/diff': REVISIONS,
};

const PAGE = ['limit', 'cursor'];
const BOARD = [...FILTERS, 'sort', 'asOf', 'tz'];
const REPORT = [...FILTERS, 'from', 'to', 'asOf', 'tz', 'attributes', 'groupBy', 'pipeline'];
const FUNNEL = [...REPORT, 'basis', 'mode', 'bucket', 'restate'];

/** The query parameters that each route takes; a route that is not named takes none. */
const TAKEN: Readonly<Record<RouteName, readonly string[]>> = {
  'GET /v1/leads': ['status', 'owner', 'source', 'label', 'q', 'sort', ...PAGE],
  'GET /v1/leads/{id}/events': ['after', ...PAGE],
  'GET /v1/leads/{id}/timeline': PAGE,
  'GET /v1/deals': [...FILTERS, 'status', 'pipeline', ...PAGE],
  'GET /v1/deals/{id}': ['asOf', 'recordedAsOf', 'atRevision'],
  'GET /v1/deals/{id}/events': ['after', ...PAGE],
  'GET /v1/deals/{id}/timeline': PAGE,
  'GET /v1/deals/{id}/diff': ['from', 'to'],
  'POST /v1/deals/{id}/move-stage': [...FILTERS, 'totals'],
  'GET /v1/pipelines': PAGE,
  'GET /v1/pipelines/{id}': ['asOf'],
  'GET /v1/boards/{pipelineId}': [...BOARD, 'cards'],
  'GET /v1/boards/{pipelineId}/columns/{stageId}': [...BOARD, ...PAGE],
  'GET /v1/stalled': [...FILTERS, 'pipeline', 'kind', 'asOf', 'tz', ...PAGE],
  'GET /v1/funnel': FUNNEL,
  'GET /v1/funnel/drill': [...FUNNEL, 'stageId', 'cell', ...PAGE],
  'GET /v1/performance': [...REPORT, 'window', 'minSample'],
  'GET /v1/events': ['after', 'category', 'type'],
  'GET /v1/activities': ['status', 'assignee', 'kind', 'deal', 'lead', 'dueFrom', 'dueTo', 'tz', ...PAGE],
  'GET /v1/activities/{id}/events': ['after', ...PAGE],
  'GET /v1/products': ['category', 'focus', 'retired', ...PAGE],
  'GET /v1/people': ['q', 'organization', ...PAGE],
  'GET /v1/people/{id}/events': ['after', ...PAGE],
  'GET /v1/people/{id}/timeline': PAGE,
  'GET /v1/organizations': ['q', ...PAGE],
  'GET /v1/organizations/{id}/events': ['after', ...PAGE],
  'GET /v1/organizations/{id}/timeline': PAGE,
  'GET /v1/settings': ['asOf'],
  'GET /v1/settings/exchange-rates': ['from', 'to'],
  'GET /v1/settings/events': ['after', ...PAGE],
};

const REQUIRED: Readonly<Record<RouteName, readonly string[]>> = {
  'GET /v1/funnel': ['from', 'to', 'pipeline'],
  'GET /v1/funnel/drill': ['from', 'to', 'pipeline', 'cell'],
  'GET /v1/performance': ['from', 'to'],
  'GET /v1/deals/{id}/diff': ['from', 'to'],
};

/** Every name that any route takes. */
export const PARAMETER_NAMES: readonly string[] = [...new Set(Object.values(TAKEN).flat())];

export interface QueryParameter extends ParameterDescription {
  readonly name: string;
  readonly required: boolean;
}

/** The query parameters of a route. */
export function queryParametersOf(route: RouteName): readonly QueryParameter[] {
  return (TAKEN[route] ?? []).map((name) => {
    const description = OWN[route]?.[name] ?? SHARED[name];
    if (description === undefined) throw new Error(`the parameter ${name} of ${route} is not described`);
    return { name, required: REQUIRED[route]?.includes(name) ?? false, ...description };
  });
}
