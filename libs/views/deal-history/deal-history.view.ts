import type { DealEvent } from '#domain/deal/deal.events.js';
import type { Touch } from '#domain/deal/deal.state.js';
import { touchAfter } from '#domain/deal/deal.touch.js';
import type { Recorded } from '#domain/shared/decision.js';
import { decode } from '#event-store/codec.js';
import { categoryOf, idOf } from '#event-store/streams.js';
import type { TableRow, View } from '#projection/view.js';
import type { Row } from '#view-store/port.js';
import { descriptionOf } from '../deal-columns.js';
import { isDealEvent, unreadableOpening } from '../domain-event.js';
import { strings, textOrNull } from '../stored-row.js';
import { dueColumns } from '../planned.js';
import { changesBy } from './change.js';
import type { Change } from './change.js';
import { DEAL_HISTORY, FOREVER } from './deal-history.schema.js';
import { amended } from './amended.js';
import { historyOf, insertTouch } from './history.js';
import type { Attributes, History, HistoryState, TouchTime } from './history.js';
import { packLife, unpackLife } from './life.js';
import type { PackedLife } from './life.js';
import { packPath, unpackPath } from './packed-path.js';

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

  rows(state, key) {
    const deal = idOf(key);
    const history = historyOf(state);
    return [...segments(deal, history), ...journeys(deal, state, history), ...closes(deal, history)];
  },

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

function segments(deal: string, { segments }: History): readonly TableRow[] {
  return segments.map(({ standing, attributes, clocks, dues, from }, index) => ({
    table: 'segment',
    row: {
      id: `${deal}#${index}`,
      stage: standing.stage,
      status: standing.status,
      board: standing.board,
      ...columns(attributes),
      ownProbability: attributes.ownProbability,
      ownCategory: attributes.ownCategory,
      ...clocks,
      ...dueColumns(dues),
      from,
      to: segments[index + 1]?.from ?? FOREVER,
    },
  }));
}

function journeys(deal: string, state: HistoryState, { path, beginnings }: History): readonly TableRow[] {
  const packed = packPath(path);
  return beginnings.map(({ pipeline, enteredAt, attributes }, index) => ({
    table: 'journey',
    row: {
      id: `${deal}#${index}`,
      deal,
      pipeline,
      firstEnteredAt: enteredAt,
      ...columns(attributes),
      path: packed,
      life: index === 0 ? packLife(state) : null,
    },
  }));
}

/** The state that a deal's first journey was made of. */
function stateOf(row: Row): HistoryState {
  return unpackLife(row['life'] as PackedLife, unpackPath(row['path'] as object), {
    source: textOrNull(row, 'source'),
    labels: strings(row, 'labels'),
    products: strings(row, 'products'),
    expectedClose: textOrNull(row, 'expectedClose'),
  });
}

function closes(deal: string, { path, closes }: History): readonly TableRow[] {
  return closes.map(({ turn, reason, attributes }) => ({
    table: 'close',
    row: {
      id: `${deal}#${turn.revision}`,
      deal,
      pipeline: turn.pipelineId,
      stage: turn.stageId,
      outcome: turn.kind,
      reason,
      closedAt: turn.at,
      supersededAt:
        path.turns.find(({ revision, kind }) => revision > turn.revision && kind !== 'churned')?.at ?? FOREVER,
      firstEnteredAt: path.visits[0]?.enteredAt ?? turn.at,
      ...columns({ ...attributes, currency: turn.currency, value: turn.value }),
    },
  }));
}

/** The columns of attributes, as journeys and closes have them. */
function columns(attributes: Attributes) {
  const { owner, team, audience, source, labels, products, currency, value, expectedClose } = attributes;
  return {
    owner,
    team,
    audience,
    source,
    labels: setOf(labels),
    products: setOf(products),
    currency,
    value,
    expectedClose,
  };
}

/** Null is the empty set: most deals have no products, and a null costs nothing. */
function setOf(values: readonly string[]): readonly string[] | null {
  return values.length === 0 ? null : values;
}
