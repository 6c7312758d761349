import type { DealEvent } from '#domain/deal/deal.events.js';
import { isTouch, touchBy } from '#domain/deal/deal.touch.js';
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
import type { HistoryState } from './history.js';
import { insertTouch, touchTime, type TouchTime } from './touches.js';

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
  const touches = withTouch(state.touches, event, changes);
  if (changes.length === 0 && touches === state.touches) return state;
  return {
    visibility: state.visibility,
    description: state.description,
    // Of exact size, where a spread leaves room to grow: many states wait for their commit.
    changes: changes.length === 0 ? state.changes : state.changes.toSpliced(state.changes.length, 0, ...changes),
    touches,
  };
}

/**
 * A late-recorded touch takes its place among the earlier ones: at an instant the touch is the latest until then. It
 * counts from when the event is in force, as what it changes does, also if its time is clamped.
 */
function withTouch(
  touches: readonly TouchTime[],
  event: Recorded<DealEvent>,
  changes: readonly Change[],
): readonly TouchTime[] {
  if (!isTouch(event)) return touches;
  return insertTouch(touches, touchTime(touchBy(event).at, changes[0]?.at ?? event.occurredAt));
}
