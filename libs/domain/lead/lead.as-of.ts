import { activityField } from '../activity/activity.evolve.js';
import { eventsAsOf } from '../shared/as-of.js';
import type { EpochMs, Recorded } from '../shared/decision.js';
import type { LeadEvent } from './lead.events.js';

/**
 * The events of a lead that are in force at an instant, with their revisions; folded they give the lead as of then.
 * None before the capture.
 */
export function leadEventsAsOf(events: readonly Recorded<LeadEvent>[], asOf: EpochMs): readonly Recorded<LeadEvent>[] {
  return eventsAsOf(events, asOf, fieldsOf);
}

function fieldsOf(event: Recorded<LeadEvent>): readonly string[] {
  switch (event.type) {
    case 'LeadCaptured':
    case 'LeadNoteAdded':
    case 'TextRedacted':
    case 'TextsErased':
      return [];
    case 'LeadEdited':
      return Object.keys(event.data);
    case 'LeadAssigned':
      return ['owner'];
    case 'LeadLabelled':
      return ['labels'];
    case 'LeadContactLinked':
      return Object.keys(event.data);
    case 'LeadEngagementRecorded':
      return [];
    case 'ActivityPlanned':
    case 'ActivityRescheduled':
    case 'ActivityCompleted':
    case 'ActivityCancelled':
      return [activityField(event)];
    case 'LeadArchived':
    case 'LeadQualified':
    case 'LeadDisqualified':
    case 'LeadNurtured':
    case 'LeadReopened':
    case 'LeadConverted':
    case 'LeadConversionReverted':
      return ['status'];
    default: {
      const unknown: never = event;
      throw new Error(`unknown event ${JSON.stringify(unknown)}`);
    }
  }
}
