import { activitiesAfter } from '../activity/activity.evolve.js';
import type { LastChange, Recorded } from '../shared/decision.js';
import type { CorrectedStanding } from './deal.correction-events.js';
import type { DealSnoozed, DealWoken } from './deal.attention-events.js';
import type { DealUnmerged } from './deal.merge-events.js';
import type {
  DealEvent,
  DealOpened,
  DealPipelineSwitched,
  DealRelocated,
  DealReopened,
  DealStageMoved,
  DealWon,
} from './deal.events.js';
import { fieldAfter } from './deal.fields.js';
import { proposalsAfter } from './deal.proposals.js';
import { snoozesAfter } from './deal.snooze.js';
import type { SnoozeChange } from './deal.snooze.js';
import type { DealState, Visit, VisitExit } from './deal.state.js';
import { touchAfter, touchBy } from './deal.touch.js';

/**
 * The deal after one more event of its stream. `id` is the deal's id, as the stream's name has it.
 * Throws on a history that does not begin with its only DealOpened and on an unknown event type.
 */
export function evolveDeal(state: DealState | null, event: Recorded<DealEvent>, id: string): DealState {
  if (event.type === 'DealOpened') {
    if (state !== null) throw new Error(`deal ${id}: DealOpened again at revision ${event.revision}`);
    return opened(event, id);
  }
  if (state === null) throw new Error(`deal ${id}: ${event.type} before DealOpened`);
  const next = changed(state, event);
  return { ...next, revision: event.revision, touch: touchAfter(next.touch, event) };
}

/** The deal that a whole history makes; null for an empty one. */
export function foldDeal(events: Iterable<Recorded<DealEvent>>, id: string): DealState | null {
  let state: DealState | null = null;
  for (const event of events) state = evolveDeal(state, event, id);
  return state;
}

function opened(event: Recorded<DealOpened>, id: string): DealState {
  const { data, occurredAt } = event;
  const last = changeBy(event);
  return {
    id,
    revision: event.revision,
    status: 'open',
    title: data.title,
    kind: data.kind,
    pipelineId: data.pipelineId,
    pipelineVersion: data.pipelineVersion,
    stageId: data.stageId,
    rank: data.rank,
    lastOpenStageId: data.stageId,
    value: data.value,
    lineItems: data.lineItems,
    probability: data.probability,
    forecastCategory: data.forecastCategory,
    expectedClose: data.expectedClose,
    ownerId: data.ownerId,
    teamId: data.teamId,
    visibility: data.visibility,
    source: data.source,
    labels: data.labels,
    contacts: [
      ...(data.personId === null ? [] : [{ kind: 'person' as const, id: data.personId, role: 'primary' }]),
      ...(data.organizationId === null
        ? []
        : [{ kind: 'organization' as const, id: data.organizationId, role: 'primary' }]),
    ],
    criteria: data.criteria,
    leadId: data.leadId,
    capturedAt: data.capturedAt === null ? null : Date.parse(data.capturedAt),
    previousDealId: data.previousDealId,
    openedAt: occurredAt,
    closedAt: null,
    loss: null,
    churn: null,
    wonBackBy: null,
    mergedInto: null,
    merged: [],
    pendingMerge: null,
    voided: null,
    visits: [
      {
        visitNo: 1,
        pipelineId: data.pipelineId,
        pipelineVersion: data.pipelineVersion,
        stageId: data.stageId,
        rank: data.rank,
        entry: 'opened',
        enteredAt: occurredAt,
        exitedAt: null,
        exit: null,
      },
    ],
    activities: [],
    files: [],
    proposals: [],
    snoozes: [],
    touch: touchBy(event),
    last: { stage: last, owner: last, value: last, snooze: last },
  };
}

function changed(state: DealState, event: Exclude<Recorded<DealEvent>, Recorded<DealOpened>>): DealState {
  switch (event.type) {
    case 'DealStageMoved':
      return moved(state, event);
    case 'DealWon':
      return won(state, event);
    case 'DealLost': {
      const { stageId, reason, note, competitor } = event.data;
      return {
        ...state,
        status: 'lost',
        closedAt: event.occurredAt,
        loss: { reason, note, competitor, stageId },
        visits: leave(state.visits, 'lost', event.occurredAt),
        snoozes: snoozesAfter(state.snoozes, { kind: 'ended', at: event.occurredAt }),
        last: { ...state.last, stage: changeBy(event) },
      };
    }
    case 'CustomerChurned':
      return {
        ...state,
        status: 'churned',
        churn: { reason: event.data.reason, churnedAt: event.occurredAt },
        visits: leave(state.visits, 'churned', event.occurredAt),
        last: { ...state.last, stage: changeBy(event) },
      };
    case 'CustomerWonBack':
      return { ...state, wonBackBy: event.data.dealId, last: { ...state.last, stage: changeBy(event) } };
    case 'WinBackAbandoned':
      return { ...state, wonBackBy: null, last: { ...state.last, stage: changeBy(event) } };
    case 'DealReopened':
      return { ...backIn(state, event, 'reopened'), closedAt: null, loss: null };
    case 'MergeStarted':
      return { ...state, pendingMerge: { ...event.data, unmerge: false } };
    case 'UnmergeStarted':
      return { ...state, pendingMerge: { ...event.data, unmerge: true } };
    case 'MergeCompleted':
      return { ...state, pendingMerge: null, merged: [...state.merged, event.data.otherDealId] };
    case 'MergeAbandoned':
      return { ...state, pendingMerge: null };
    case 'UnmergeCompleted':
      return { ...state, pendingMerge: null, merged: state.merged.filter((id) => id !== event.data.otherDealId) };
    case 'MergeRefused':
      return state;
    case 'DealMergedInto':
      return {
        ...state,
        status: 'merged',
        mergedInto: event.data.survivorId,
        visits: leave(state.visits, 'merged', event.occurredAt),
        last: { ...state.last, stage: changeBy(event) },
      };
    case 'DealUnmerged':
      return { ...backIn(state, event, 'unmerged'), mergedInto: null };
    case 'DealCorrected':
      return corrected(state, event.data.standing);
    case 'DealVoided':
      return {
        ...state,
        status: 'voided',
        voided: event.data,
        visits: leave(state.visits, 'voided', event.occurredAt),
        last: { ...state.last, stage: changeBy(event) },
      };
    case 'DealPipelineSwitched':
      return takenOver(state, event, 'switched');
    case 'DealRelocated':
      return takenOver(state, event, 'relocated');
    case 'DealValueChanged':
      return { ...state, value: event.data.value, last: { ...state.last, value: changeBy(event) } };
    case 'LineItemsSet':
      return { ...state, ...event.data, last: { ...state.last, value: changeBy(event) } };
    case 'ProposalRecorded':
      return { ...state, proposals: proposalsAfter(state.proposals, event) };
    case 'ProposalAccepted': {
      const { lineItems, value } = event.data;
      const proposals = proposalsAfter(state.proposals, event);
      return { ...state, proposals, lineItems, value, last: { ...state.last, value: changeBy(event) } };
    }
    case 'DealAssigned': {
      const { ownerId, teamId } = event.data;
      return { ...state, ownerId, teamId, last: { ...state.last, owner: changeBy(event) } };
    }
    case 'ActivityPlanned':
    case 'ActivityRescheduled':
    case 'ActivityCompleted':
    case 'ActivityCancelled':
      return { ...state, activities: activitiesAfter(state.activities, event) };
    case 'FileLinked':
      return { ...state, files: [...state.files, event.data] };
    case 'DealLabelled':
    case 'DealContactLinked':
    case 'DealVisibilitySet':
    case 'ExpectedCloseSet':
    case 'DealProbabilitySet':
    case 'ForecastCategorySet':
    case 'CriterionConfirmed':
      return fieldAfter(state, event);
    case 'DealSnoozed':
    case 'DealWoken':
      return snoozed(state, event);
    case 'NoteAdded':
    case 'GateOverridden':
    case 'DealKeptAlive':
    case 'InteractionLogged':
    case 'TextRedacted':
    case 'TextsErased':
      return state;
    default: {
      const unknown: never = event;
      throw new Error(`deal ${state.id}: unknown event ${JSON.stringify(unknown)}`);
    }
  }
}

function moved(state: DealState, event: Recorded<DealStageMoved>): DealState {
  const { to, direction, pipelineVersion } = event.data;
  return {
    ...state,
    pipelineId: to.pipelineId,
    pipelineVersion,
    stageId: to.stageId,
    rank: to.rank,
    lastOpenStageId: state.status === 'open' ? to.stageId : state.lastOpenStageId,
    visits: enter(leave(state.visits, direction, event.occurredAt), {
      ...to,
      pipelineVersion,
      entry: direction,
      enteredAt: event.occurredAt,
    }),
    last: { ...state.last, stage: changeBy(event) },
  };
}

function won(state: DealState, event: Recorded<DealWon>): DealState {
  const { enters, pipelineVersion } = event.data;
  const { occurredAt } = event;
  const visits = leave(state.visits, 'won', occurredAt);
  const closed: DealState = {
    ...state,
    status: 'won',
    closedAt: occurredAt,
    loss: null,
    visits,
    snoozes: snoozesAfter(state.snoozes, { kind: 'ended', at: occurredAt }),
    last: { ...state.last, stage: changeBy(event) },
  };
  if (enters === null) return closed;
  return {
    ...closed,
    pipelineId: enters.pipelineId,
    pipelineVersion,
    stageId: enters.stageId,
    rank: enters.rank,
    visits: enter(visits, { ...enters, pipelineVersion, entry: 'won', enteredAt: occurredAt }),
  };
}

/** Open again, in the pipeline that the deal is in, or was in before a relocation. */
function backIn(
  state: DealState,
  event: Recorded<DealReopened> | Recorded<DealUnmerged>,
  entry: 'reopened' | 'unmerged',
): DealState {
  const { toStageId, rank, pipelineVersion } = event.data;
  const pipelineId = event.type === 'DealReopened' ? (event.data.pipelineId ?? state.pipelineId) : state.pipelineId;
  return {
    ...state,
    status: 'open',
    pipelineId,
    pipelineVersion,
    stageId: toStageId,
    rank,
    lastOpenStageId: toStageId,
    visits: enter(entry === 'reopened' ? leave(state.visits, entry, event.occurredAt) : state.visits, {
      pipelineId,
      pipelineVersion,
      stageId: toStageId,
      rank,
      entry,
      enteredAt: event.occurredAt,
    }),
    last: { ...state.last, stage: changeBy(event) },
  };
}

/** Elsewhere, be it in another pipeline. */
function takenOver(
  state: DealState,
  event: Recorded<DealRelocated> | Recorded<DealPipelineSwitched>,
  how: 'relocated' | 'switched',
): DealState {
  const { to, pipelineVersion } = event.data;
  return {
    ...state,
    pipelineId: to.pipelineId,
    pipelineVersion,
    stageId: to.stageId,
    rank: to.rank,
    lastOpenStageId: state.status === 'open' ? to.stageId : state.lastOpenStageId,
    visits: enter(leave(state.visits, how, event.occurredAt), {
      ...to,
      pipelineVersion,
      entry: how,
      enteredAt: event.occurredAt,
    }),
    last: { ...state.last, stage: changeBy(event) },
  };
}

function corrected(state: DealState, standing: CorrectedStanding | null): DealState {
  if (standing === null) return state;
  const { lossStageId, ...stands } = standing;
  const loss = state.loss === null || lossStageId === null ? state.loss : { ...state.loss, stageId: lossStageId };
  const last = { ...state.last, ...stands.last };
  return { ...state, ...stands, snoozes: stands.snoozes ?? state.snoozes, last, loss };
}

/** As any change that may be of any time, a snooze or its end holds from the last one on at the earliest. */
function snoozed(state: DealState, event: Recorded<DealSnoozed | DealWoken>): DealState {
  const at = Math.max(event.occurredAt, state.last.snooze.at);
  const change: SnoozeChange =
    event.type === 'DealSnoozed' ? { kind: 'snoozed', at, until: Date.parse(event.data.until) } : { kind: 'ended', at };
  const { revision, type } = event;
  const last = { ...state.last, snooze: { at, revision, type } };
  return { ...state, snoozes: snoozesAfter(state.snoozes, change), last };
}

/** Ends the visit that is open, if one is. */
function leave(visits: readonly Visit[], exit: VisitExit, at: number): readonly Visit[] {
  const last = visits.at(-1);
  if (last === undefined || last.exit !== null) return visits;
  return visits.with(-1, { ...last, exitedAt: at, exit });
}

function enter(visits: readonly Visit[], visit: Omit<Visit, 'visitNo' | 'exitedAt' | 'exit'>): readonly Visit[] {
  const { pipelineId, pipelineVersion, stageId, rank, entry, enteredAt } = visit;
  return visits.concat({
    visitNo: visits.length + 1,
    pipelineId,
    pipelineVersion,
    stageId,
    rank,
    entry,
    enteredAt,
    exitedAt: null,
    exit: null,
  });
}

function changeBy(event: Recorded<DealEvent>): LastChange {
  return { at: event.occurredAt, revision: event.revision, type: event.type };
}
