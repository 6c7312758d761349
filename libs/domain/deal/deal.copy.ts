import type { DealState } from './deal.state.js';

/** What an event changes of a deal. */
export type DealChanges = Partial<DealState>;

/**
 * A deal of its own, to be changed. It is written out so that all deals are objects of one form to V8: with
 * `{ ...state }` each copy has another form than its original, and a fold of such copies is soon left to the slow path.
 */
export function copyOf(state: DealState): DealState {
  return {
    id: state.id,
    revision: state.revision,
    status: state.status,
    title: state.title,
    kind: state.kind,
    pipelineId: state.pipelineId,
    pipelineVersion: state.pipelineVersion,
    stageId: state.stageId,
    rank: state.rank,
    lastOpenStageId: state.lastOpenStageId,
    value: state.value,
    lineItems: state.lineItems,
    probability: state.probability,
    forecastCategory: state.forecastCategory,
    expectedClose: state.expectedClose,
    ownerId: state.ownerId,
    teamId: state.teamId,
    visibility: state.visibility,
    source: state.source,
    labels: state.labels,
    contacts: state.contacts,
    criteria: state.criteria,
    leadId: state.leadId,
    capturedAt: state.capturedAt,
    previousDealId: state.previousDealId,
    openedAt: state.openedAt,
    closedAt: state.closedAt,
    loss: state.loss,
    churn: state.churn,
    wonBackBy: state.wonBackBy,
    mergedInto: state.mergedInto,
    merged: state.merged,
    pendingMerge: state.pendingMerge,
    voided: state.voided,
    visits: state.visits,
    activities: state.activities,
    files: state.files,
    proposals: state.proposals,
    snoozes: state.snoozes,
    touch: state.touch,
    last: state.last,
  };
}
