import type { Checkpoint, Commit, Increment, Row, ViewSchema } from '../port.js';

/** A view with every type of column, id, index and counter. */
export const EXAMPLE: ViewSchema = {
  view: 'contract-example',
  version: 1,
  tables: {
    card: {
      id: 'string',
      columns: {
        kind: 'string',
        name: 'string',
        amount: 'integer',
        at: 'integer',
        from: 'string',
        tags: 'strings',
        marks: 'integers',
        body: 'json',
      },
      indexes: [['kind', 'amount'], ['name'], ['from', 'kind', 'at']],
    },
    entry: { id: 'integer', columns: { stream: 'string', at: 'integer' }, indexes: [['stream', 'at']] },
  },
  counters: {
    total: { dimensions: { kind: 'string', level: 'integer' }, measures: ['count', 'amount'] },
    // The name of a table and of a counter may be the same.
    card: { dimensions: { kind: 'string' }, measures: ['count'] },
  },
};

export function at(position: bigint): Checkpoint {
  return { position, hash: position.toString(16).padStart(64, '0') };
}

/** A commit of nothing but a step of the checkpoint, and what is given. */
export function step(from: bigint | null, to: bigint, epoch: number, changes: Partial<Commit> = {}): Commit {
  return {
    states: [],
    upserts: [],
    deletes: [],
    increments: [],
    checkpoint: { from: from === null ? null : at(from), to: at(to), epoch },
    ...changes,
  };
}

export function cards(...rows: readonly Row[]): Commit['upserts'] {
  return rows.map((row) => ({ table: 'card', row }));
}

/** The row as it is read back: every column, null where none was given. */
export function fullCard(row: Row): Row {
  return { kind: null, name: null, amount: null, at: null, from: null, tags: null, marks: null, body: null, ...row };
}

export function total(kind: string | null, level: number | null, count: number, amount: number): Increment {
  return { counter: 'total', dimensions: { kind, level }, measures: { count, amount } };
}
