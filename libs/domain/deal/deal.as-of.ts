import { activityField } from '../activity/activity.evolve.js';
import { eventsAsOf } from '../shared/as-of.js';
import type { EpochMs, Recorded } from '../shared/decision.js';
import { correctedHistory } from './deal.corrected-history.js';
import type { DealEvent } from './deal.events.js';

/**
 * The events of a deal that are in force at an instant, with their revisions; folded they give the deal as of then.
 * None before the opening. What was corrected is as if it had been right.
 */
export function dealEventsAsOf(events: readonly Recorded<DealEvent>[], asOf: EpochMs): readonly Recorded<DealEvent>[] {
  return eventsAsOf(correctedHistory(events), asOf, fieldsOf);
}

/** The groups and fields of its own that an event changes; the opening begins them all. */
export function fieldsOf(event: Recorded<DealEvent>): readonly string[] {
  switch (event.type) {
    case 'DealOpened':
    case 'NoteAdded':
    case 'DealKeptAlive':
    case 'InteractionLogged':
    case 'FileLinked':
    case 'DealCorrected':
    case 'TextRedacted':
    case 'TextsErased':
    case 'MergeRefused':
      return [];
    case 'MergeStarted':
    case 'MergeCompleted':
    case 'MergeAbandoned':
    case 'UnmergeStarted':
    case 'UnmergeCompleted':
      return ['merge'];
    case 'DealStageMoved':
    case 'DealWon':
    case 'DealLost':
    case 'CustomerChurned':
    case 'CustomerWonBack':
    case 'WinBackAbandoned':
    case 'DealReopened':
    case 'DealRelocated':
    case 'DealPipelineSwitched':
    case 'DealVoided':
    case 'DealMergedInto':
    case 'DealUnmerged':
    case 'GateOverridden':
      return ['stage'];
    case 'DealValueChanged':
    case 'LineItemsSet':
      return ['value'];
    case 'ProposalRecorded':
      return [`proposal:${event.data.proposalId}`];
    case 'ProposalAccepted':
      return ['value', `proposal:${event.data.proposalId}`];
    case 'DealAssigned':
      return ['owner'];
    case 'ActivityPlanned':
    case 'ActivityRescheduled':
    case 'ActivityCompleted':
    case 'ActivityCancelled':
      return [activityField(event)];
    case 'DealLabelled':
    case 'DealContactLinked':
    case 'DealVisibilitySet':
    case 'ExpectedCloseSet':
    case 'DealProbabilitySet':
    case 'ForecastCategorySet':
    case 'CriterionConfirmed':
      return [event.type];
    case 'DealSnoozed':
    case 'DealWoken':
      return ['snooze'];
    default: {
      const unknown: never = event;
      throw new Error(`unknown event ${JSON.stringify(unknown)}`);
    }
  }
}
