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
import { copyOf, type DealChanges } from './deal.copy.js';
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
  const changes = changesBy(event, state);
  const touch = touchAfter(changes.touch ?? state.touch, event);
  return Object.assign(copyOf(state), changes, { revision: event.revision, touch });
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

function changesBy(event: Exclude<Recorded<DealEvent>, Recorded<DealOpened>>, state: DealState): DealChanges {
  switch (event.type) {
    case 'DealStageMoved':
      return moved(state, event);
    case 'DealWon':
      return won(state, event);
    case 'DealLost': {
      const { stageId, reason, note, competitor } = event.data;
      return {
        status: 'lost',
        closedAt: event.occurredAt,
        loss: { reason, note, competitor, stageId },
        visits: leave(state.visits, 'lost', event.occurredAt),
        snoozes: snoozesAfter(state.snoozes, { kind: 'ended', at: event.occurredAt }),
        last: lastAfter(state.last, { stage: changeBy(event) }),
      };
    }
    case 'CustomerChurned':
      return {
        status: 'churned',
        churn: { reason: event.data.reason, churnedAt: event.occurredAt },
        visits: leave(state.visits, 'churned', event.occurredAt),
        last: lastAfter(state.last, { stage: changeBy(event) }),
      };
    case 'CustomerWonBack':
      return { wonBackBy: event.data.dealId, last: lastAfter(state.last, { stage: changeBy(event) }) };
    case 'WinBackAbandoned':
      return { wonBackBy: null, last: lastAfter(state.last, { stage: changeBy(event) }) };
    case 'DealReopened':
      return { ...backIn(state, event, 'reopened'), closedAt: null, loss: null };
    case 'MergeStarted':
      return { pendingMerge: { ...event.data, unmerge: false } };
    case 'UnmergeStarted':
      return { pendingMerge: { ...event.data, unmerge: true } };
    case 'MergeCompleted':
      return { pendingMerge: null, merged: [...state.merged, event.data.otherDealId] };
    case 'MergeAbandoned':
      return { pendingMerge: null };
    case 'UnmergeCompleted':
      return { pendingMerge: null, merged: state.merged.filter((id) => id !== event.data.otherDealId) };
    case 'MergeRefused':
      return {};
    case 'DealMergedInto':
      return {
        status: 'merged',
        mergedInto: event.data.survivorId,
        visits: leave(state.visits, 'merged', event.occurredAt),
        last: lastAfter(state.last, { stage: changeBy(event) }),
      };
    case 'DealUnmerged':
      return { ...backIn(state, event, 'unmerged'), mergedInto: null };
    case 'DealCorrected':
      return corrected(state, event.data.standing);
    case 'DealVoided':
      return {
        status: 'voided',
        voided: event.data,
        visits: leave(state.visits, 'voided', event.occurredAt),
        last: lastAfter(state.last, { stage: changeBy(event) }),
      };
    case 'DealPipelineSwitched':
      return takenOver(state, event, 'switched');
    case 'DealRelocated':
      return takenOver(state, event, 'relocated');
    case 'DealValueChanged':
      return { value: event.data.value, last: lastAfter(state.last, { value: changeBy(event) }) };
    case 'LineItemsSet':
      return { ...event.data, last: lastAfter(state.last, { value: changeBy(event) }) };
    case 'ProposalRecorded':
      return { proposals: proposalsAfter(state.proposals, event) };
    case 'ProposalAccepted': {
      const { lineItems, value } = event.data;
      const proposals = proposalsAfter(state.proposals, event);
      return { proposals, lineItems, value, last: lastAfter(state.last, { value: changeBy(event) }) };
    }
    case 'DealAssigned': {
      const { ownerId, teamId } = event.data;
      return { ownerId, teamId, last: lastAfter(state.last, { owner: changeBy(event) }) };
    }
    case 'ActivityPlanned':
    case 'ActivityRescheduled':
    case 'ActivityCompleted':
    case 'ActivityCancelled':
      return { activities: activitiesAfter(state.activities, event) };
    case 'FileLinked':
      return { files: [...state.files, event.data] };
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
      return {};
    default: {
      const unknown: never = event;
      throw new Error(`deal ${state.id}: unknown event ${JSON.stringify(unknown)}`);
    }
  }
}

function moved(state: DealState, event: Recorded<DealStageMoved>): DealChanges {
  const { to, direction, pipelineVersion } = event.data;
  return {
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
    last: lastAfter(state.last, { stage: changeBy(event) }),
  };
}

function won(state: DealState, event: Recorded<DealWon>): DealChanges {
  const { enters, pipelineVersion } = event.data;
  const { occurredAt } = event;
  const visits = leave(state.visits, 'won', occurredAt);
  const closed: DealChanges = {
    status: 'won',
    closedAt: occurredAt,
    loss: null,
    visits,
    snoozes: snoozesAfter(state.snoozes, { kind: 'ended', at: occurredAt }),
    last: lastAfter(state.last, { stage: changeBy(event) }),
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
): DealChanges {
  const { toStageId, rank, pipelineVersion } = event.data;
  const pipelineId = event.type === 'DealReopened' ? (event.data.pipelineId ?? state.pipelineId) : state.pipelineId;
  return {
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
    last: lastAfter(state.last, { stage: changeBy(event) }),
  };
}

/** Elsewhere, be it in another pipeline. */
function takenOver(
  state: DealState,
  event: Recorded<DealRelocated> | Recorded<DealPipelineSwitched>,
  how: 'relocated' | 'switched',
): DealChanges {
  const { to, pipelineVersion } = event.data;
  return {
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
    last: lastAfter(state.last, { stage: changeBy(event) }),
  };
}

function corrected(state: DealState, standing: CorrectedStanding | null): DealChanges {
  if (standing === null) return {};
  const { lossStageId, ...stands } = standing;
  const loss = state.loss === null || lossStageId === null ? state.loss : { ...state.loss, stageId: lossStageId };
  const last = lastAfter(state.last, stands.last);
  return { ...stands, snoozes: stands.snoozes ?? state.snoozes, last, loss };
}

/** As any change that may be of any time, a snooze or its end holds from the last one on at the earliest. */
function snoozed(state: DealState, event: Recorded<DealSnoozed | DealWoken>): DealChanges {
  const at = Math.max(event.occurredAt, state.last.snooze.at);
  const change: SnoozeChange =
    event.type === 'DealSnoozed' ? { kind: 'snoozed', at, until: Date.parse(event.data.until) } : { kind: 'ended', at };
  const { revision, type } = event;
  const last = lastAfter(state.last, { snooze: { at, revision, type } });
  return { snoozes: snoozesAfter(state.snoozes, change), last };
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

/** Written out for the same reason as `copyOf`. */
function lastAfter(last: DealState['last'], changes: Partial<DealState['last']>): DealState['last'] {
  const { stage = last.stage, owner = last.owner, value = last.value, snooze = last.snooze } = changes;
  return { stage, owner, value, snooze };
}

function changeBy(event: Recorded<DealEvent>): LastChange {
  return { at: event.occurredAt, revision: event.revision, type: event.type };
}
