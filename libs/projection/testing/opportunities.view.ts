import type { JsonValue, RecordedEvent } from '#event-store/event.js';
import type { ViewSchema } from '#view-store/port.js';
import type { View } from '../view.js';

/** A small view with all that views may have: several rows a key, sets, JSON, nulls, counters, deletions. */
export interface Opportunity {
  readonly board: string | null;
  readonly stage: string;
  readonly value: number | null;
  readonly labels: readonly string[];
  readonly moves: readonly { readonly stage: string; readonly at: number }[];
}

const SCHEMA: ViewSchema = {
  view: 'opportunities',
  version: 1,
  tables: {
    card: {
      id: 'string',
      columns: { board: 'string', stage: 'string', value: 'integer', labels: 'strings', last: 'json' },
      indexes: [['board', 'stage', 'value']],
    },
    move: { id: 'string', columns: { stage: 'string', at: 'integer' }, indexes: [['stage', 'at']] },
  },
  counters: {
    column: { dimensions: { board: 'string', stage: 'string' }, measures: ['count', 'value'] },
  },
};

export const OPPORTUNITIES: View<Opportunity> = {
  schema: SCHEMA,
  states: 'stored',
  key: (event) => (event.stream.startsWith('deal-') ? event.stream.slice(5) : null),
  evolve: (state, event) => evolve(state ?? { board: null, stage: 'none', value: null, labels: [], moves: [] }, event),
  rows: (state, key) => {
    // A move that was taken back leaves no row: fewer rows than before must delete.
    const moves = state.moves.map(({ stage, at }, index) => ({
      table: 'move',
      row: { id: `${key}:${index}`, stage, at },
    }));
    if (state.stage === 'gone') return moves;
    const { board, stage, value, labels } = state;
    return [
      { table: 'card', row: { id: key, board, stage, value, labels, last: state.moves.at(-1) ?? null } },
      ...moves,
    ];
  },
  counters: ({ board, stage, value }) =>
    board === null
      ? []
      : [{ counter: 'column', dimensions: { board, stage }, measures: { count: 1, value: value ?? 0 } }],
};

function evolve(state: Opportunity, event: RecordedEvent): Opportunity {
  const { data } = event;
  switch (event.type) {
    case 'Opened':
      return { ...state, board: text(data.board), stage: 'new' };
    case 'Moved':
      return {
        ...state,
        stage: text(data.stage),
        moves: [...state.moves, { stage: text(data.stage), at: Date.parse(event.metadata.occurredAt) }],
      };
    case 'MoveTakenBack':
      return { ...state, stage: state.moves.at(-2)?.stage ?? 'new', moves: state.moves.slice(0, -1) };
    case 'Valued':
      return { ...state, value: typeof data.value === 'number' ? data.value : null };
    case 'Labelled':
      return { ...state, labels: [...state.labels.filter((label) => label !== data.label), text(data.label)] };
    case 'Archived':
      return { ...state, board: null, stage: 'gone' };
    case 'Broken':
      throw new Error(`cannot be folded: ${text(data.why)}`);
    default:
      return state;
  }
}

function text(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** One row for each event; nothing is loaded or kept. */
export const ENTRIES: View<{ readonly position: number; readonly stream: string; readonly type: string }> = {
  schema: {
    view: 'entries',
    version: 1,
    tables: { entry: { id: 'integer', columns: { stream: 'string', type: 'string' }, indexes: [['stream']] } },
    counters: { type: { dimensions: { type: 'string' }, measures: ['count'] } },
  },
  states: 'none',
  key: (event) => event.id,
  evolve: (_, { position, stream, type }) => ({ position: Number(position), stream, type }),
  rows: ({ position, stream, type }) => [{ table: 'entry', row: { id: position, stream, type } }],
  counters: ({ type }) => [{ counter: 'type', dimensions: { type }, measures: { count: 1 } }],
};
