import type { DealEvent } from '#domain/deal/deal.events.js';
import type { Touch } from '#domain/deal/deal.state.js';
import { touchAfter } from '#domain/deal/deal.touch.js';
import type { Recorded } from '#domain/shared/decision.js';
import { decode } from '#event-store/codec.js';
import { categoryOf, idOf } from '#event-store/streams.js';
import type { View } from '#projection/view.js';
import { descriptionOf } from '../deal-columns.js';
import { isDealEvent, unreadableOpening } from '../domain-event.js';
import { changesBy } from './change.js';
import type { Change } from './change.js';
import { DEAL_HISTORY } from './deal-history.schema.js';
import { amended } from './amended.js';
import { differingRows, historyRows, stateOf } from './history-rows.js';
import { insertTouch } from './history.js';
import type { HistoryState, TouchTime } from './history.js';

/** Segments, journeys and closes of the deals. */
export const DEAL_HISTORY_VIEW: View<HistoryState> = {
  schema: DEAL_HISTORY,
  states: 'stored',
  restore: { table: 'journey', id: (key) => `${idOf(key)}#0`, state: stateOf },

  key: (event) => (categoryOf(event.stream) === 'deal' ? event.stream : null),

  evolve(state, event) {
    const decoded = decode(event);
    if (isDealEvent(decoded)) return evolve(state, decoded, event.stream);
    if (state === null) throw unreadableOpening(event);
    return state;
  },

  rows: (state, key) => historyRows(idOf(key), state),
  differing: (before, after, key) => differingRows(idOf(key), before, after),
  counters: () => [],
};

function evolve(state: HistoryState | null, event: Recorded<DealEvent>, stream: string): HistoryState {
  if (event.type === 'DealOpened') {
    if (state !== null) throw new Error(`${stream}: DealOpened again at revision ${event.revision}`);
    const { visibility } = event.data;
    const description = descriptionOf(event.data);
    return {
      visibility,
      description,
      changes: changesBy(event, { changes: [], description }),
      touches: withTouch([], event, []),
    };
  }
  if (state === null) throw new Error(`${stream}: ${event.type} before DealOpened`);
  if (event.type === 'DealCorrected') return amended(state, event.data.amended);
  const changes = changesBy(event, state);
  return {
    ...state,
    changes: changes.length === 0 ? state.changes : [...state.changes, ...changes],
    touches: withTouch(state.touches, event, changes),
  };
}

const UNTOUCHED: Touch = {
  at: -Infinity,
  type: '',
  actor: { id: '', kind: 'reactor' },
  occurredAt: -Infinity,
  revision: -1,
};

/**
 * A late-recorded touch takes its place among the earlier ones: at an instant the touch is the latest until then. It
 * counts from when its changes hold.
 */
function withTouch(
  touches: readonly TouchTime[],
  event: Recorded<DealEvent>,
  changes: readonly Change[],
): readonly TouchTime[] {
  const { at } = touchAfter(UNTOUCHED, event);
  if (at === -Infinity) return touches;
  const putOff = changes.find((change) => change.at > event.occurredAt);
  const from = putOff?.at ?? at;
  return insertTouch(touches, { at, from });
}
