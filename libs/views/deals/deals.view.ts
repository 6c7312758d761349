import { decode } from '#event-store/codec.js';
import { categoryOf, idOf } from '#event-store/streams.js';
import type { View } from '#projection/view.js';
import type { Row } from '#view-store/port.js';
import { audienceOf } from '../deal-columns.js';
import { isDealEvent, unreadableOpening } from '../domain-event.js';
import { evolveCard } from './card.js';
import type { CardState } from './card.js';
import { DEALS } from './deals.schema.js';

/** Cards of the deals and the totals of the boards' columns. */
export const DEALS_VIEW: View<CardState> = {
  schema: DEALS,
  states: 'stored',

  key: (event) => (categoryOf(event.stream) === 'deal' ? event.stream : null),

  evolve(state, event) {
    const decoded = decode(event);
    if (isDealEvent(decoded)) return evolveCard(state, decoded, event.stream);
    if (state === null) throw unreadableOpening(event);
    return { ...state, revision: event.revision };
  },

  rows: (state, key) => [{ table: 'card', row: row(state, idOf(key)) }],

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
          ownProbability: state.fixed.ownProbability,
        },
        measures: { count: 1, withoutValue: state.value === null ? 1 : 0, value: state.value ?? 0 },
      },
    ];
  },
};

function row(state: CardState, id: string): Row {
  const { fixed, touch } = state;
  return {
    id,
    pipeline: state.pipeline,
    stage: state.stage,
    status: state.status,
    board: boardOf(state),
    title: state.title,
    owner: state.owner,
    team: state.team,
    audience: audienceOf(state.visibility, state.owner, state.team),
    source: fixed.source,
    labels: fixed.labels,
    products: fixed.products,
    contactKind: state.contact?.kind ?? null,
    contactId: state.contact?.id ?? null,
    currency: state.currency,
    value: state.value,
    ownProbability: fixed.ownProbability,
    ownCategory: fixed.ownCategory,
    expectedClose: fixed.expectedClose,
    revision: state.revision,
    openedAt: state.openedAt,
    enteredAt: state.enteredAt,
    touch: touch.at,
    clockFrom: touch.at,
    stayFrom: state.enteredAt,
    snoozedUntil: null,
    lastTouch: { type: touch.type, actor: touch.actor, occurredAt: touch.occurredAt, revision: touch.revision },
  };
}

/** A deal with an open visit is on its pipeline's board: it is open, or won and in a post-sale stage. */
function boardOf({ pipeline, enteredAt }: CardState): string | null {
  return enteredAt === null ? null : pipeline;
}
