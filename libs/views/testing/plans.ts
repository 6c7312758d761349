import type { ActivityEvent } from '#domain/activity/activity.events.js';

const DAY = 86_400_000;
const KINDS = ['call', 'demo', 'task'] as const;

/** The activities of a generated deal or lead: planned at any time, past ones included, and over once at most. */
export class Plans {
  private readonly open: string[] = [];
  private next = 1;

  /** What happens; null: what is tried is not possible now. `clock`: due dates lie around it. */
  take(op: 'plan' | 'reschedule' | 'complete' | 'cancel', pick: number, clock: number): ActivityEvent | null {
    const dueAt = new Date(clock + (pick - 3) * DAY).toISOString();
    if (op === 'plan') {
      const activityId = `activity-${this.next++}`;
      this.open.push(activityId);
      const kind = KINDS[pick % KINDS.length] ?? 'call';
      const data = { activityId, kind, subject: `Subject ${pick}`, dueAt, assigneeId: 'u-1' };
      return { type: 'ActivityPlanned', data };
    }
    const activityId = this.open[pick % this.open.length];
    if (activityId === undefined) return null;
    if (op === 'reschedule') return { type: 'ActivityRescheduled', data: { activityId, dueAt } };
    this.open.splice(this.open.indexOf(activityId), 1);
    if (op === 'complete') return { type: 'ActivityCompleted', data: { activityId, note: 'went well' } };
    return { type: 'ActivityCancelled', data: { activityId, reason: null } };
  }
}
