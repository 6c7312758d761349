import type { Row } from '#view-store/port.js';
import type { JourneyPath, JourneyTurn } from '#views/deal-history/journey.js';
import { unpackPath } from '#views/deal-history/packed-path.js';
import { objectIn } from '../row-values.js';

/** The path in a row of the table `journey`. */
export function pathIn(row: Row): JourneyPath {
  const path = objectIn(row, 'path');
  if (path === null) throw new Error(`journey ${row.id} has no path`);
  return unpackPath(path);
}

/** The path as it stood at an instant: later visits and turns have not happened, later exits are open. */
export function pathAt(path: JourneyPath, asOf: number): JourneyPath {
  const visits = path.visits.filter((visit) => visit.enteredAt <= asOf);
  return {
    visits: visits.map((visit) =>
      visit.exitedAt !== null && visit.exitedAt > asOf ? { ...visit, exitedAt: null, exit: null } : visit,
    ),
    turns: path.turns.filter((turn) => turn.at <= asOf),
  };
}

/** How the deal stands at the end of the path. Voided deals are out of all metrics. */
export type Outcome = 'open' | 'won' | 'lost' | 'switched' | 'merged' | 'voided';

/**
 * The outcome in one pipeline, where a deal that is elsewhere by now was `switched`, or, without a pipeline, of the deal
 * wherever it is. A churned deal was won.
 */
export function outcomeOf(path: JourneyPath, pipelineId: string | null): Outcome {
  const last = path.visits.at(-1);
  // A merge is told by the exit of the visit: an unmerge begins another one. A churn takes nothing back of the win.
  const turn = path.turns.findLast(isOfOutcome);
  if (turn?.kind === 'voided' || last?.exit === 'voided') return 'voided';
  if (last !== undefined && pipelineId !== null && last.pipelineId !== pipelineId) return 'switched';
  if (last?.exit === 'merged') return 'merged';
  return turn === undefined || turn.kind === 'reopened' ? 'open' : turn.kind;
}

type OutcomeTurn = JourneyTurn & { readonly kind: Exclude<JourneyTurn['kind'], 'merged' | 'churned'> };

function isOfOutcome(turn: JourneyTurn): turn is OutcomeTurn {
  return turn.kind !== 'merged' && turn.kind !== 'churned';
}
