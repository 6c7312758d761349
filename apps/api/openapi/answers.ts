import { refersTo } from '#application/validation/value-schemas.js';
import type { JsonSchema } from '#application/validation/body-schema.js';
import type { RouteName } from './routes.js';

/** What is answered, by name. Every field is there, null when it has no value; clients ignore what they do not know. */
const text = { type: 'string' };
const flag = { type: 'boolean' };
const whole = { type: 'integer', minimum: 0 };
const number = { type: 'number' };
const hex = { type: 'string', pattern: '^[0-9a-f]{64}$' };
const id = refersTo('Id');
const instant = refersTo('Instant');
const date = refersTo('CivilDate');
const money = refersTo('Money');
const position = refersTo('Position');
const revision = refersTo('Revision');
const duration = refersTo('Duration');

function object(properties: Readonly<Record<string, JsonSchema>>): JsonSchema {
  return { type: 'object', properties, required: Object.keys(properties) };
}
const list = (items: JsonSchema): JsonSchema => ({ type: 'array', items });
const page = (items: JsonSchema, more: Readonly<Record<string, JsonSchema>> = {}): JsonSchema =>
  object({ items: list(items), next: orNull(text), ...more });
const orNull = (schema: JsonSchema): JsonSchema => ({ anyOf: [schema, { type: 'null' }] });
const oneOf = (...values: readonly string[]): JsonSchema => ({ type: 'string', enum: values });
const anything = { type: 'object' };

const actor = object({ id: text, kind: oneOf('user', 'api-key', 'reactor', 'import') });
const reporting = orNull(object({ currency: text, rateDate: orNull(date), missingRates: list(text) }));
const totals = {
  count: whole,
  stalled: whole,
  overstayed: whole,
  withoutValue: whole,
  value: list(money),
  weightedValue: list(money),
  reporting,
};
const columnTotals = {
  stageId: id,
  name: text,
  kind: oneOf('open', 'post-sale'),
  rank: whole,
  retired: flag,
  ...totals,
};
const stage = object({
  ...{ id, name: text, kind: oneOf('open', 'post-sale'), rank: whole },
  ...{ rottenAfter: orNull(duration), maxStay: orNull(duration), coverHorizon: orNull(duration) },
  ...{ forecastCategory: text, gates: list(anything), retired: flag, relocatedTo: orNull(id) },
});
const report = {
  definition: text,
  parameters: anything,
  interval: object({ from: instant, to: instant }),
  tz: text,
  asOf: instant,
};

const contact = {
  id,
  revision,
  name: text,
  emails: list(text),
  phones: list(text),
  mergedInto: orNull(id),
  erased: { type: 'boolean' },
};

/** Schemas of answers, as the document's components have them. */
export const ANSWER_SCHEMAS: Readonly<Record<string, JsonSchema>> = {
  CommandAnswer: object({ id: text, revision, position }),
  MoveAnswer: object({
    ...{ id, revision, position, direction: oneOf('forward', 'backward') },
    from: object({ stageId: id, rank: whole }),
    to: object({ stageId: id, rank: whole }),
    pipelineVersion: whole,
    columns: orNull(list(object(columnTotals))),
  }),
  /** `complete`: of the texts of all its leads and deals as well. */
  ErasureAnswer: object({ id: text, revision, position, complete: { type: 'boolean' } }),
  ProposalAnswer: object({ id, revision, position, proposalId: id, optionIds: list(id) }),
  ConversionAnswer: object({
    ...{ id, revision, position },
    deal: object({ id, revision }),
    personId: orNull(id),
    organizationId: orNull(id),
  }),
  WinBackAnswer: object({ id, revision, position, deal: object({ id, revision }) }),
  BatchAnswer: object({ results: list(object({ index: whole, status: whole, body: anything })) }),
  Lead: object({
    ...{ id, revision, title: text, source: orNull(text), value: orNull(money), labels: list(text), ownerId: text },
    status: oneOf('new', 'nurturing', 'qualified', 'disqualified', 'converted', 'archived'),
    ...{ capturedAt: instant, followUpOn: orNull(date), dealId: orNull(id) },
    ...{ person: orNull(anything), organization: orNull(anything) },
    ...{ score: orNull(anything), qualification: orNull(anything), disqualification: orNull(anything) },
  }),
  Deal: object({
    ...{ id, revision, asOf: orNull(instant), atRevision: orNull(revision), title: text },
    status: oneOf('open', 'won', 'lost', 'churned', 'voided', 'merged'),
    ...{ pipelineId: id, pipelineVersion: whole, stageId: id, rank: whole },
    ...{ value: orNull(money), weightedValue: orNull(money) },
    probability: object({ value: number, from: oneOf('deal', 'stage') }),
    forecastCategory: object({ value: text, from: oneOf('deal', 'stage') }),
    ...{
      expectedClose: orNull(date),
      ownerId: text,
      teamId: orNull(text),
      visibility: oneOf('owner', 'team', 'everyone'),
    },
    ...{ source: orNull(text), labels: list(text), contacts: list(anything), lineItems: list(anything) },
    ...{ leadId: orNull(id), previousDealId: orNull(id), mergedInto: orNull(id) },
    ...{ openedAt: instant, closedAt: orNull(instant), loss: orNull(anything) },
    churn: orNull(object({ reason: text, churnedAt: instant })),
    wonBackBy: orNull(id),
    visits: list(
      object({
        ...{ visitNo: whole, pipelineId: id, pipelineVersion: whole, stageId: id, rank: whole, entry: text },
        ...{ enteredAt: instant, exitedAt: orNull(instant), exit: orNull(text), stayDays: orNull(number) },
      }),
    ),
    ...{ activities: list(anything), files: list(anything) },
    proposals: list(
      object({
        proposalId: id,
        options: list(object({ optionId: id, name: orNull(text), lineItems: list(anything), value: orNull(money) })),
        ...{ validUntil: orNull(date), proposedAt: instant },
        accepted: orNull(object({ optionId: id, acceptedAt: instant })),
      }),
    ),
    stall: orNull(
      object({
        ...{ stalled: flag, stale: flag, covered: flag, overdue: flag, overstayed: flag },
        ...{ snoozedUntil: orNull(instant), rotAt: orNull(instant), rottenAfter: orNull(duration) },
        ...{ maxStay: orNull(duration), stayDays: number, grace: flag, policyVersion: whole },
        lastTouch: object({
          ...{ type: text, actor: orNull(actor), occurredAt: instant, revision: orNull(revision), redacted: flag },
        }),
        coveredBy: orNull(anything),
      }),
    ),
  }),
  Card: object({
    ...{ id, revision, title: text, stageId: id, status: text, value: orNull(money), ownerId: text },
    ...{ teamId: orNull(text), labels: list(text), expectedClose: orNull(date), contact: orNull(text) },
    ...{ enteredAt: instant, rotAt: orNull(instant), stalled: flag, overstayed: flag },
    ...{ snoozedUntil: orNull(instant), nextActivity: orNull(anything) },
  }),
  Pipeline: object({
    ...{ id, revision, version: whole, name: text, retired: flag, moveRules: object({ skips: flag, stepsBack: flag }) },
    ...{ winGates: list(anything), stages: list(stage) },
  }),
  ListedActivity: object({
    ...{ activityId: id, dealId: orNull(id), leadId: orNull(id), kind: text, subject: text },
    status: oneOf('planned', 'done', 'cancelled'),
    ...{ dueAt: instant, overdue: flag, assigneeId: text, doneAt: orNull(instant), outcome: orNull(text) },
    ...{ occurrence: orNull(date), targetCount: orNull(whole) },
  }),
  StandaloneActivity: object({
    ...{ id, revision, kind: text, subject: text, status: oneOf('planned', 'done', 'cancelled'), assigneeId: text },
    ...{ targetCount: orNull(whole), occurrence: orNull(date), dueAt: orNull(instant) },
    recurrence: orNull(object({ days: list(whole), time: text, tz: text, from: date, until: orNull(date) })),
    ...{ cancelledOccurrences: list(date), timesDone: whole, counted: whole },
    lastDone: orNull(
      object({ occurrence: orNull(date), doneAt: instant, count: orNull(whole), outcome: orNull(text) }),
    ),
  }),
  KnownContact: object(contact),
  ContactWithDuplicates: object({
    ...contact,
    merged: list(object({ id, name: text, emails: list(text), phones: list(text) })),
    likelyDuplicates: list(object({ id, name: text, matchedOn: list(oneOf('email', 'phone', 'name')) })),
  }),
  Event: object({
    ...{ position, stream: text, revision, id, type: text, data: anything },
    metadata: object({
      ...{ commandId: id, request: hex, correlationId: id, causationId: id, actor },
      ...{ occurredAt: instant, recordedAt: instant, schema: whole, prevHash: hex, hash: hex },
    }),
  }),
  TimelineEntry: object({
    ...{ occurredAt: instant, recordedAt: instant, type: text, actor, revision, text: orNull(text), lead: flag },
  }),
  Board: object({
    ...{ pipelineId: id, pipelineVersion: whole, asOf: orNull(instant), tz: text, now: instant, sort: text },
    filters: anything,
    columns: list(object({ ...columnTotals, cards: list(refersTo('Card')), next: orNull(text) })),
    totals: object(totals),
  }),
  Report: object(report),
  Health: object({ status: oneOf('ready', 'not-ready') }),
};

/** What each query answers; a command that is not named answers as commands do. */
const ANSWERS: Readonly<Record<RouteName, JsonSchema>> = {
  'GET /health/live': refersTo('Health'),
  'GET /health/ready': refersTo('Health'),
  'GET /v1/leads': page(refersTo('Lead')),
  'GET /v1/leads/{id}': refersTo('Lead'),
  'GET /v1/leads/{id}/events': page(refersTo('Event')),
  'GET /v1/leads/{id}/timeline': page(refersTo('TimelineEntry')),
  'GET /v1/deals': page(refersTo('Card')),
  'GET /v1/deals/{id}': refersTo('Deal'),
  'GET /v1/deals/{id}/events': page(refersTo('Event')),
  'GET /v1/deals/{id}/timeline': page(refersTo('TimelineEntry')),
  'GET /v1/deals/{id}/diff': object({ from: revision, to: revision, events: list(anything), changes: list(anything) }),
  'GET /v1/pipelines': page(anything),
  'GET /v1/pipelines/{id}': refersTo('Pipeline'),
  'GET /v1/activities': page(refersTo('ListedActivity')),
  'GET /v1/activities/{id}': refersTo('StandaloneActivity'),
  'GET /v1/activities/{id}/events': page(refersTo('Event')),
  'GET /v1/people': page(refersTo('KnownContact')),
  'GET /v1/people/{id}': refersTo('ContactWithDuplicates'),
  'GET /v1/people/{id}/events': page(refersTo('Event')),
  'GET /v1/people/{id}/timeline': page(refersTo('TimelineEntry')),
  'GET /v1/organizations': page(refersTo('KnownContact')),
  'GET /v1/organizations/{id}': refersTo('ContactWithDuplicates'),
  'GET /v1/organizations/{id}/events': page(refersTo('Event')),
  'GET /v1/organizations/{id}/timeline': page(refersTo('TimelineEntry')),
  'GET /v1/boards/{pipelineId}': refersTo('Board'),
  'GET /v1/boards/{pipelineId}/columns/{stageId}': page(refersTo('Card')),
  'GET /v1/stalled': page(refersTo('Card'), { n: whole }),
  'GET /v1/funnel': refersTo('Report'),
  'GET /v1/funnel/drill': page(anything, { n: whole }),
  'GET /v1/performance': refersTo('Report'),
  'POST /v1/deals/{id}/move-stage': refersTo('MoveAnswer'),
  'POST /v1/people/{id}/erase': refersTo('ErasureAnswer'),
  'POST /v1/organizations/{id}/erase': refersTo('ErasureAnswer'),
  'POST /v1/deals/{id}/record-proposal': refersTo('ProposalAnswer'),
  'POST /v1/deals/{id}/win-back': refersTo('WinBackAnswer'),
  'POST /v1/leads/{id}/convert': refersTo('ConversionAnswer'),
  'POST /v1/batch': refersTo('BatchAnswer'),
};

/** What is no JSON. The feed is lines of it, or server-sent events. */
const STREAMED: Readonly<Record<RouteName, Readonly<Record<string, JsonSchema>>>> = {
  'GET /v1/events': { 'application/x-ndjson': refersTo('Event'), 'text/event-stream': text },
  'GET /metrics': { 'text/plain': text },
};

/** The content of an answer by media type. */
export function answerContent(route: RouteName): Readonly<Record<string, { readonly schema: JsonSchema }>> {
  const streamed = STREAMED[route];
  if (streamed !== undefined) {
    return Object.fromEntries(Object.entries(streamed).map(([type, schema]) => [type, { schema }]));
  }
  const schema = ANSWERS[route] ?? (route.startsWith('POST') ? refersTo('CommandAnswer') : anything);
  return { 'application/json': { schema } };
}
