import { decode } from '#event-store/codec.js';
import { categoryOf, idOf } from '#event-store/streams.js';
import type { View } from '#projection/view.js';
import { audienceOf } from '../deal-columns.js';
import { isDealEvent, unreadableOpening } from '../domain-event.js';
import { evolveCard } from './card.js';
import { boardOf, cardOf, rowOf } from './card-row.js';
import type { CardState } from './card.js';
import { DEALS } from './deals.schema.js';

/** Cards of the deals and the totals of the boards' columns. */
export const DEALS_VIEW: View<CardState> = {
  schema: DEALS,
  states: 'stored',
  restore: { table: 'card', id: idOf, state: cardOf },

  key: (event) => (categoryOf(event.stream) === 'deal' ? event.stream : null),

  evolve(state, event) {
    const decoded = decode(event);
    if (isDealEvent(decoded)) return evolveCard(state, decoded, event.stream);
    if (state === null) throw unreadableOpening(event);
    return { ...state, revision: event.revision };
  },

  rows: (state, key) => [{ table: 'card', row: rowOf(state, idOf(key)) }],

  counters(state) {
    const board = boardOf(state);
    if (board === null) return [];
    return [
      {
        counter: 'column',
        dimensions: {
          board,
          stage: state.stage,
          owner: state.owner,
          audience: audienceOf(state.visibility, state.owner, state.team),
          currency: state.currency,
          ownProbability: state.description.ownProbability,
        },
        measures: { count: 1, withoutValue: state.value === null ? 1 : 0, value: state.value ?? 0 },
      },
    ];
  },
};
