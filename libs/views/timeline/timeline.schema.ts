import type { ViewSchema } from '#view-store/port.js';

/** One row for each event of a lead, a deal or a contact; the row's id is the event's position. */
export const TIMELINE: ViewSchema = {
  view: 'timeline',
  version: 2,
  tables: {
    entry: {
      id: 'integer',
      columns: {
        stream: 'string',
        revision: 'integer',
        type: 'string',
        actorId: 'string',
        actorKind: 'string',
        occurredAt: 'integer',
        recordedAt: 'integer',
        /** The event's free text (a note, a loss note, an override's reason), if it has one. */
        text: 'string',
      },
      indexes: [['stream', 'occurredAt']],
    },
  },
  counters: {},
};
