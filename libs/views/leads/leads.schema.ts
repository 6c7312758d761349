import type { ViewSchema } from '#view-store/port.js';

/** The inbox: one row for each lead. `capturedAt` in epoch milliseconds; `body` is the folded LeadState. */
export const LEADS: ViewSchema = {
  view: 'leads',
  version: 3,
  tables: {
    lead: {
      id: 'string',
      columns: {
        status: 'string',
        source: 'string',
        owner: 'string',
        labels: 'strings',
        capturedAt: 'integer',
        followUpOn: 'string',
        score: 'integer',
        /** Lower-case title and names, for `q`. */
        search: 'string',
        body: 'json',
      },
      indexes: [
        ['capturedAt'],
        ['status', 'capturedAt'],
        ['owner', 'capturedAt'],
        ['status', 'followUpOn'],
        ['status', 'score'],
      ],
    },
  },
  counters: { status: { dimensions: { status: 'string', owner: 'string' }, measures: ['count'] } },
};
