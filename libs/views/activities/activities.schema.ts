import type { ViewSchema } from '#view-store/port.js';

/**
 * What is to be done and was done, of deals, of leads and of neither: one row for each activity, and one for each
 * series, with its next occurrence. Times in epoch milliseconds.
 */
export const ACTIVITIES: ViewSchema = {
  view: 'activities',
  version: 1,
  tables: {
    activity: {
      /** Stream and activity: a client may use an activity's id on several deals. */
      id: 'string',
      columns: {
        activity: 'string',
        deal: 'string',
        lead: 'string',
        kind: 'string',
        subject: 'string',
        /** planned | done | cancelled */
        status: 'string',
        /** Of a series: of the next occurrence, or the last one when none is left. */
        dueAt: 'integer',
        assignee: 'string',
        doneAt: 'integer',
        outcome: 'string',
        /** Civil date; null: it does not recur. */
        occurrence: 'string',
        targetCount: 'integer',
        /** When it is to be announced as due; null: it is over, or was announced. */
        pending: 'integer',
      },
      indexes: [
        ['status', 'dueAt'],
        ['assignee', 'status', 'dueAt'],
        ['kind', 'status', 'dueAt'],
        ['assignee', 'kind', 'status', 'dueAt'],
        ['deal', 'dueAt'],
        ['lead', 'dueAt'],
        ['pending'],
      ],
    },
  },
  counters: {},
};
