import type { ActivityEvent } from '#domain/activity/activity.events.js';
import type { DealContactLinked } from '#domain/deal/deal.field-events.js';
import { snoozesAfter } from '#domain/deal/deal.snooze.js';
import type { Snooze, SnoozeChange } from '#domain/deal/deal.snooze.js';
import type { DealEvent, DealOpened, DealStatus, DealVisibility } from '#domain/deal/deal.events.js';
import type { CorrectedStanding } from '#domain/deal/deal.correction-events.js';
import { stayBegan } from '#domain/deal/deal.state.js';
import type { Touch } from '#domain/deal/deal.state.js';
import { touchAfter, touchBy } from '#domain/deal/deal.touch.js';
import type { EpochMs, Recorded } from '#domain/shared/decision.js';
import { descriptionAfter, descriptionOf, minorValue, productsOf } from '../deal-columns.js';
import type { Description } from '../deal-columns.js';
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
  /** Since when the deal has been where it is: `enteredAt`, but a relocation does not count. */
  readonly stayBegan: EpochMs | null;
  readonly owner: string;
  readonly team: string | null;
  readonly visibility: DealVisibility;
  readonly contact: { readonly kind: 'person' | 'organization'; readonly id: string } | null;
  readonly currency: string | null;
  /** Minor units. */
  readonly value: number | null;
  readonly description: Description;
  readonly openedAt: EpochMs;
  readonly touch: Touch;
  /** Not done yet, in the order in which they were planned. */
  readonly planned: readonly PlannedActivity[];
  readonly snoozes: readonly Snooze[];
  /** The last change of a snooze; null: there was none. */
  readonly snoozeChangedAt: EpochMs | null;
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
  const changes = changesBy(event, state, stream);
  const touch = touchAfter(changes.touch ?? state.touch, event);
  return Object.assign(copyOf(state), changes, { revision: event.revision, touch });
}

/** Written out, so that all cards are objects of one form to V8, as those of the domain's deals are. */
function copyOf(state: CardState): CardState {
  return {
    revision: state.revision,
    title: state.title,
    status: state.status,
    pipeline: state.pipeline,
    stage: state.stage,
    enteredAt: state.enteredAt,
    stayBegan: state.stayBegan,
    owner: state.owner,
    team: state.team,
    visibility: state.visibility,
    contact: state.contact,
    currency: state.currency,
    value: state.value,
    description: state.description,
    openedAt: state.openedAt,
    touch: state.touch,
    planned: state.planned,
    snoozes: state.snoozes,
    snoozeChangedAt: state.snoozeChangedAt,
  };
}

/** What an event changes of a card, beside its revision and touch. */
type CardChanges = Partial<CardState>;

function changesBy(
  event: Exclude<Recorded<DealEvent>, Recorded<DealOpened>>,
  state: CardState,
  stream: string,
): CardChanges {
  const { occurredAt } = event;
  switch (event.type) {
    case 'DealPipelineSwitched':
    case 'DealStageMoved': {
      const { pipelineId: pipeline, stageId: stage } = event.data.to;
      return { pipeline, stage, ...entered(occurredAt) };
    }
    case 'DealRelocated': {
      const { pipelineId: pipeline, stageId: stage } = event.data.to;
      return { pipeline, stage, enteredAt: occurredAt };
    }
    case 'DealWon': {
      const { enters } = event.data;
      const won = { snoozes: awake(state, occurredAt), status: 'won' as const };
      if (enters === null) return { ...won, ...LEFT };
      const { pipelineId: pipeline, stageId: stage } = enters;
      return { ...won, pipeline, stage, ...entered(occurredAt) };
    }
    case 'DealLost':
      return { snoozes: awake(state, occurredAt), status: 'lost', ...LEFT };
    case 'CustomerChurned':
      return { status: 'churned', ...LEFT };
    case 'DealCorrected':
      return correctedTo(state, event.data.standing);
    case 'DealVoided':
      return { status: 'voided', ...LEFT };
    case 'DealMergedInto':
      return { status: 'merged', ...LEFT };
    case 'MergeStarted':
    case 'MergeRefused':
    case 'MergeCompleted':
    case 'MergeAbandoned':
    case 'UnmergeStarted':
    case 'UnmergeCompleted':
      return {};
    case 'DealReopened': {
      const { pipelineId: pipeline = state.pipeline, toStageId: stage } = event.data;
      return { status: 'open', pipeline, stage, ...entered(occurredAt) };
    }
    case 'DealUnmerged':
      return { status: 'open', stage: event.data.toStageId, ...entered(occurredAt) };
    case 'DealValueChanged':
      return minorValue(event.data.value);
    case 'ProposalAccepted':
    case 'LineItemsSet': {
      const description = { ...state.description, products: productsOf(event.data.lineItems) };
      return { ...minorValue(event.data.value), description };
    }
    case 'DealAssigned':
      return { owner: event.data.ownerId, team: event.data.teamId };
    case 'ActivityPlanned':
    case 'ActivityRescheduled':
    case 'ActivityCompleted':
    case 'ActivityCancelled':
      return { planned: plannedAfter(state.planned, event) };
    case 'DealLabelled':
    case 'ExpectedCloseSet':
    case 'DealProbabilitySet':
    case 'ForecastCategorySet':
      return { description: descriptionAfter(state.description, event) };
    case 'DealVisibilitySet':
      return { visibility: event.data.visibility };
    case 'DealContactLinked':
      return { contact: event.data.contacts.reduce(contactAfter, state.contact) };
    case 'DealSnoozed':
      return snoozed(state, { kind: 'snoozed', at: occurredAt, until: Date.parse(event.data.until) });
    case 'DealWoken':
      return snoozed(state, { kind: 'ended', at: occurredAt });
    case 'GateOverridden':
    case 'NoteAdded':
    case 'CriterionConfirmed':
    case 'DealKeptAlive':
    case 'InteractionLogged':
    case 'FileLinked':
    case 'ProposalRecorded':
    case 'CustomerWonBack':
    case 'WinBackAbandoned':
    case 'TextRedacted':
    case 'TextsErased':
      return {};
    default: {
      const unknown: never = event;
      throw new Error(`${stream}: unknown event ${JSON.stringify(unknown)}`);
    }
  }
}

/** Null: what the event says is told already. */
function correctedTo(state: CardState, standing: CorrectedStanding | null): CardChanges {
  if (standing === null) return {};
  const { pipelineId: pipeline, stageId: stage, value, openedAt, visits, touch, last: changes } = standing;
  const last = visits.at(-1);
  return {
    pipeline,
    stage,
    ...minorValue(value),
    openedAt,
    touch,
    enteredAt: last?.exit === null ? last.enteredAt : null,
    stayBegan: stayBegan(visits),
    snoozes: standing.snoozes ?? state.snoozes,
    snoozeChangedAt: state.snoozeChangedAt === null ? null : (changes.snooze?.at ?? state.snoozeChangedAt),
  };
}

const LEFT = { enteredAt: null, stayBegan: null };

function entered(at: EpochMs) {
  return { enteredAt: at, stayBegan: at };
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
    description: descriptionOf(data),
    openedAt: occurredAt,
    touch: touchBy(event),
    planned: [],
    snoozes: [],
    snoozeChangedAt: null,
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

/** As the domain's `contactOf`: a person before an organisation, the first one unless another is made the primary. */
function contactAfter(
  contact: CardState['contact'],
  { kind, id, role }: DealContactLinked['data']['contacts'][number],
): CardState['contact'] {
  if (contact === null || (contact.kind === 'organization' && kind === 'person')) return { kind, id };
  return contact.kind === kind && role === 'primary' ? { kind, id } : contact;
}

/** It holds from the last change of the snooze on at the earliest. */
function snoozed(state: CardState, change: SnoozeChange): CardChanges {
  const at = Math.max(change.at, state.snoozeChangedAt ?? state.openedAt);
  return { snoozes: snoozesAfter(state.snoozes, { ...change, at }), snoozeChangedAt: at };
}

/** A close ends a snooze. */
function awake({ snoozes }: CardState, at: EpochMs): CardState['snoozes'] {
  return snoozes.length === 0 ? snoozes : snoozesAfter(snoozes, { kind: 'ended', at });
}
