import type { Amendment } from '#domain/deal/deal.correction-events.js';
import { minorValue } from '../deal-columns.js';
import type { Change, StageTurn } from './change.js';
import type { HistoryState } from './history.js';
import { countsFrom, insertTouch, touchedAt, touchTime, type TouchTime } from './touches.js';

/** The history of a deal as if the events that are amended had been right. */
export function amended(state: HistoryState, amendments: readonly Amendment[]): HistoryState {
  const byRevision = new Map(amendments.map((amendment) => [amendment.revision, amendment]));
  return {
    ...state,
    changes: state.changes.flatMap((change) => {
      const amendment = byRevision.get(change.revision);
      if (amendment === undefined) return [change];
      return amendment.withdrawn === true ? [] : [amendedChange(change, amendment)];
    }),
    touches: amendments.reduce(
      (touches, amendment) => amendedTouches(touches, amendment, state.changes),
      state.touches,
    ),
  };
}

function amendedChange(change: Change, { occurredAt, value, move, stage }: Amendment): Change {
  const timed = occurredAt === undefined ? change : { ...change, at: Date.parse(occurredAt) };
  if (timed.kind === 'value') return value === undefined ? timed : { ...timed, ...minorValue(value) };
  if (timed.kind !== 'stage') return timed;
  return { ...timed, turn: amendedTurn(timed.turn, move, stage) };
}

/** A win or a loss does not say where it was: it follows from the visits. */
function amendedTurn(turn: StageTurn, move: Amendment['move'], stage: Amendment['stage']): StageTurn {
  if (turn.kind === 'reopened' && stage !== undefined) return { ...turn, to: { ...turn.to, stageId: stage.stageId } };
  if ((turn.kind !== 'forward' && turn.kind !== 'backward') || move === undefined) return turn;
  const { pipelineId, stageId } = move.to;
  return { kind: move.direction, to: { pipelineId, stageId, pipelineVersion: turn.to.pipelineVersion } };
}

/** A touch is told by its time and from when on it counts; both may change. */
function amendedTouches(
  touches: readonly TouchTime[],
  { revision, occurredAt, touch }: Amendment,
  changes: readonly Change[],
): readonly TouchTime[] {
  if (touch === undefined) return touches;
  const { was, is } = touch;
  const from = changes.find((change) => change.revision === revision)?.at ?? was;
  const index = touches.findIndex((each) => touchedAt(each) === was && countsFrom(each) === from);
  const rest = index < 0 ? touches : touches.toSpliced(index, 1);
  if (is === null) return rest;
  return insertTouch(rest, touchTime(is, occurredAt === undefined ? from : Date.parse(occurredAt)));
}
