import type { ViewSchema } from '#view-store/port.js';

/** One row for each pipeline, so that they can be listed; `createdAt` in epoch milliseconds. */
export const PIPELINES: ViewSchema = {
  view: 'pipelines',
  version: 1,
  tables: {
    pipeline: {
      id: 'string',
      columns: {
        name: 'string',
        /** 0 | 1 */
        retired: 'integer',
        /** Version in force. */
        version: 'integer',
        createdAt: 'integer',
      },
      indexes: [['createdAt']],
    },
  },
  counters: {},
};
