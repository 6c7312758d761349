import type { ViewSchema } from '#view-store/port.js';

/** The inbox: one row for each lead. `capturedAt` in epoch milliseconds; `body` is the folded LeadState, personal strings sealed. */
export const LEADS: ViewSchema = {
  view: 'leads',
  version: 4,
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
        /** Lower-case title and names, plain, for `q`: three lines, empty ones too; they go when they are erased. */
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
  personal: true,
  counters: { status: { dimensions: { status: 'string', owner: 'string' }, measures: ['count'] } },
};
