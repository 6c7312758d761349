import type { ViewSchema } from '#view-store/port.js';

/**
 * People and organisations, what they are found by, and where they take part. A contact is named by its stream
 * (`person-<id>`), since a person and an organisation may have the same id.
 */
export const CONTACTS: ViewSchema = {
  view: 'contacts',
  version: 2,
  tables: {
    /** One row for each; its id is the stream. `body` is the folded ContactState. */
    contact: {
      id: 'string',
      columns: {
        kind: 'string',
        /** Lower-case name: lists are sorted by it. */
        name: 'string',
        organization: 'string',
        /** 0 | 1: it was merged into another one. */
        merged: 'integer',
        /** 0 | 1 */
        erased: 'integer',
        /** Lower-case name, addresses and numbers, plain, for `q`; they go when the contact is erased. */
        search: 'string',
        body: 'json',
      },
      indexes: [['kind', 'erased', 'merged', 'name']],
    },
    /** What likely duplicates have in common: `key` is the kind, the type and the value. */
    key: {
      id: 'string',
      columns: { key: 'string', contact: 'string' },
      indexes: [['key']],
    },
    /** Leads and deals that a contact was ever linked to. */
    link: {
      id: 'string',
      columns: { contact: 'string', stream: 'string' },
      indexes: [['contact']],
    },
  },
  personal: true,
  counters: {},
};
