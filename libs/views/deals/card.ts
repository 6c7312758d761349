import type { ActivityEvent } from '#domain/activity/activity.events.js';
import type { DealEvent, DealOpened, DealStatus, DealVisibility } from '#domain/deal/deal.events.js';
import type { CorrectedStanding } from '#domain/deal/deal.correction-events.js';
import { stayBegan } from '#domain/deal/deal.state.js';
import type { Touch } from '#domain/deal/deal.state.js';
import { touchAfter, touchBy } from '#domain/deal/deal.touch.js';
import type { EpochMs, Recorded } from '#domain/shared/decision.js';
import { fixedColumns, minorValue } from '../deal-columns.js';
import type { FixedColumns } from '../deal-columns.js';
import { dueAfter } from '../planned.js';

/**
 * A deal as its card needs it: the part of DealState that is shown, without its past, so that a board of a million
 * deals is folded and stored in half the time and space.
 */
export interface CardState {
  readonly revision: number;
  readonly title: string;
  readonly status: DealStatus;
  readonly pipeline: string;
  readonly stage: string;
  /** Beginning of the visit that is open; null when none is. */
  readonly enteredAt: EpochMs | null;
  /** Where the stay clock starts: `enteredAt`, but a relocation does not restart it. */
  readonly stayFrom: EpochMs | null;
  readonly owner: string;
  readonly team: string | null;
  readonly visibility: DealVisibility;
  readonly contact: { readonly kind: 'person' | 'organization'; readonly id: string } | null;
  readonly currency: string | null;
  /** Minor units. */
  readonly value: number | null;
  readonly fixed: FixedColumns;
  readonly openedAt: EpochMs;
  readonly touch: Touch;
  /** Not done yet, in the order in which they were planned. */
  readonly planned: readonly PlannedActivity[];
}

export interface PlannedActivity {
  readonly activityId: string;
  readonly kind: string;
  readonly subject: string;
  readonly dueAt: EpochMs;
}

/** Throws on a history that does not begin with its only DealOpened. */
export function evolveCard(state: CardState | null, event: Recorded<DealEvent>, stream: string): CardState {
  if (event.type === 'DealOpened') {
    if (state !== null) throw new Error(`${stream}: DealOpened again at revision ${event.revision}`);
    return opened(event);
  }
  if (state === null) throw new Error(`${stream}: ${event.type} before DealOpened`);
  const { revision, occurredAt } = event;
  const touch = touchAfter(state.touch, event);
  switch (event.type) {
    case 'DealStageMoved': {
      const { pipelineId: pipeline, stageId: stage } = event.data.to;
      return { ...state, revision, touch, pipeline, stage, ...entered(occurredAt) };
    }
    case 'DealRelocated': {
      const { pipelineId: pipeline, stageId: stage } = event.data.to;
      return { ...state, revision, touch, pipeline, stage, enteredAt: occurredAt };
    }
    case 'DealWon': {
      const { enters } = event.data;
      if (enters === null) return { ...state, revision, touch, status: 'won', ...LEFT };
      const { pipelineId: pipeline, stageId: stage } = enters;
      return { ...state, revision, touch, status: 'won', pipeline, stage, ...entered(occurredAt) };
    }
    case 'DealLost':
      return { ...state, revision, touch, status: 'lost', ...LEFT };
    case 'DealCorrected':
      return { ...state, revision, ...correctedTo(event.data.standing) };
    case 'DealVoided':
      return { ...state, revision, touch, status: 'voided', ...LEFT };
    case 'DealReopened':
      return { ...state, revision, touch, status: 'open', stage: event.data.toStageId, ...entered(occurredAt) };
    case 'DealValueChanged': {
      const { currency, value } = minorValue(event.data.value);
      return { ...state, revision, touch, currency, value };
    }
    case 'DealAssigned':
      return { ...state, revision, touch, owner: event.data.ownerId, team: event.data.teamId };
    case 'ActivityPlanned':
    case 'ActivityRescheduled':
    case 'ActivityCompleted':
    case 'ActivityCancelled':
      return { ...state, revision, touch, planned: plannedAfter(state.planned, event) };
    case 'GateOverridden':
    case 'NoteAdded':
    case 'FileLinked':
      return { ...state, revision, touch };
    default: {
      const unknown: never = event;
      throw new Error(`${stream}: unknown event ${JSON.stringify(unknown)}`);
    }
  }
}

/** Null: what the event says is told already. */
function correctedTo(standing: CorrectedStanding | null): Partial<CardState> {
  if (standing === null) return {};
  const { pipelineId: pipeline, stageId: stage, value, openedAt, visits, touch } = standing;
  const last = visits.at(-1);
  return {
    pipeline,
    stage,
    ...minorValue(value),
    openedAt,
    touch,
    enteredAt: last?.exit === null ? last.enteredAt : null,
    stayFrom: stayBegan(visits),
  };
}

const LEFT = { enteredAt: null, stayFrom: null };

function entered(at: EpochMs) {
  return { enteredAt: at, stayFrom: at };
}

function opened(event: Recorded<DealOpened>): CardState {
  const { data, revision, occurredAt } = event;
  const { currency, value } = minorValue(data.value);
  return {
    revision,
    title: data.title,
    status: 'open',
    pipeline: data.pipelineId,
    stage: data.stageId,
    ...entered(occurredAt),
    owner: data.ownerId,
    team: data.teamId,
    visibility: data.visibility,
    contact: contactOf(data),
    currency,
    value,
    fixed: fixedColumns(data),
    openedAt: occurredAt,
    touch: touchBy(event),
    planned: [],
  };
}

function contactOf({ personId, organizationId }: DealOpened['data']): CardState['contact'] {
  if (personId !== null) return { kind: 'person', id: personId };
  return organizationId === null ? null : { kind: 'organization', id: organizationId };
}

function plannedAfter(planned: readonly PlannedActivity[], event: ActivityEvent): readonly PlannedActivity[] {
  if (event.type === 'ActivityPlanned') {
    const { activityId, kind, subject } = event.data;
    return [...planned, { activityId, kind, subject, dueAt: Date.parse(event.data.dueAt) }];
  }
  const dueAt = dueAfter(event);
  const isIt = ({ activityId }: PlannedActivity): boolean => activityId === event.data.activityId;
  if (dueAt === null) return planned.filter((activity) => !isIt(activity));
  return planned.map((activity) => (isIt(activity) ? { ...activity, dueAt } : activity));
}
