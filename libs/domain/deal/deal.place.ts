import type { DealEvent } from './deal.events.js';

/**
 * The stage that the event puts the deal into; null: it stays where it is. `pipelineId` null: of the pipeline that the
 * deal is in already.
 */
export function stageEntered(
  event: DealEvent,
): { readonly pipelineId: string | null; readonly stageId: string } | null {
  switch (event.type) {
    case 'DealOpened': {
      const { pipelineId, stageId } = event.data;
      return { pipelineId, stageId };
    }
    case 'DealStageMoved':
    case 'DealRelocated':
    case 'DealPipelineSwitched':
      return event.data.to;
    case 'DealWon':
      return event.data.enters;
    case 'DealCorrected':
      return event.data.standing;
    case 'DealReopened':
      return { pipelineId: event.data.pipelineId ?? null, stageId: event.data.toStageId };
    case 'DealUnmerged':
      return { pipelineId: null, stageId: event.data.toStageId };
    case 'DealLost':
    case 'CustomerChurned':
    case 'CustomerWonBack':
    case 'WinBackAbandoned':
    case 'DealValueChanged':
    case 'LineItemsSet':
    case 'ProposalRecorded':
    case 'ProposalAccepted':
    case 'DealAssigned':
    case 'GateOverridden':
    case 'NoteAdded':
    case 'TextRedacted':
    case 'TextsErased':
    case 'FileLinked':
    case 'ActivityPlanned':
    case 'ActivityRescheduled':
    case 'ActivityCompleted':
    case 'ActivityCancelled':
    case 'DealVoided':
    case 'DealLabelled':
    case 'DealContactLinked':
    case 'DealVisibilitySet':
    case 'ExpectedCloseSet':
    case 'DealProbabilitySet':
    case 'ForecastCategorySet':
    case 'CriterionConfirmed':
    case 'DealSnoozed':
    case 'DealWoken':
    case 'DealKeptAlive':
    case 'InteractionLogged':
    case 'DealMergedInto':
    case 'MergeStarted':
    case 'MergeRefused':
    case 'MergeCompleted':
    case 'MergeAbandoned':
    case 'UnmergeStarted':
    case 'UnmergeCompleted':
      return null;
    default: {
      const unknown: never = event;
      throw new Error(`unknown event ${JSON.stringify(unknown)}`);
    }
  }
}
