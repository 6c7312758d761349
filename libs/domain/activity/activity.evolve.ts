import type { Recorded } from '../shared/decision.js';
import type { ActivityEvent } from './activity.events.js';
import type { Activity } from './activity.state.js';

/** The activities of a deal or a lead after one more event, in the order in which they were planned. */
export function activitiesAfter(activities: readonly Activity[], event: Recorded<ActivityEvent>): readonly Activity[] {
  switch (event.type) {
    case 'ActivityPlanned': {
      const { dueAt, ...data } = event.data;
      return [...activities, { ...data, dueAt: Date.parse(dueAt), status: 'planned', doneAt: null, outcome: null }];
    }
    case 'ActivityRescheduled':
      return changed(activities, event.data.activityId, { dueAt: Date.parse(event.data.dueAt) });
    case 'ActivityCompleted':
      return changed(activities, event.data.activityId, {
        status: 'done',
        doneAt: event.occurredAt,
        outcome: event.data.outcome ?? null,
      });
    case 'ActivityCancelled':
      return changed(activities, event.data.activityId, { status: 'cancelled' });
  }
}

function changed(activities: readonly Activity[], activityId: string, change: Partial<Activity>): readonly Activity[] {
  return activities.map((activity) => (activity.activityId === activityId ? { ...activity, ...change } : activity));
}

/** What the event changes, for as-of: an activity's changes hold in the order of the stream. */
export function activityField(event: ActivityEvent): string {
  return `activity:${event.data.activityId}`;
}
