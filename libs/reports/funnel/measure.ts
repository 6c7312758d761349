import type { JourneyPath, JourneyVisit } from '#views/deal-history/journey.js';
import { outcomeOf } from './journey-at.js';
import type { Outcome } from './journey-at.js';
import type { Ladder } from './ladder.js';

export type Restate = 'current' | 'as-was';

/** The event by which something first held, with the deal's value as folded there. */
export interface Milestone {
  readonly revision: number;
  readonly at: number;
  /** `entry` of the visit that it began, or the kind of the turn. */
  readonly by: string;
  readonly currency: string | null;
  readonly value: number | null;
}

/** What a funnel counts of one deal in one pipeline. The lists have one item for each stage of the ladder. */
export interface Facts {
  readonly outcome: Outcome;
  readonly first: Milestone;
  /** Place of the first visit. */
  readonly firstPlace: number;
  /** Highest place of a visit. */
  readonly furthest: number;
  /** First win in this pipeline. */
  readonly win: Milestone | null;
  readonly reached: readonly (Milestone | null)[];
  readonly entered: readonly (Milestone | null)[];
  /** The stage after every earlier one, in order of first entry. */
  readonly strict: readonly (Milestone | null)[];
  /** First win after all stages in order. */
  readonly strictWin: Milestone | null;
  readonly reentries: readonly number[];
  readonly backwardFrom: readonly number[];
  /** Milliseconds from the first entry to the first later visit of higher rank, or win. */
  readonly toNext: readonly (number | null)[];
  /** The last loss of a deal that is lost, and its place. */
  readonly loss: { readonly milestone: Milestone; readonly place: number } | null;
  /** What took the deal to another pipeline, if it is there now. */
  readonly switchedBy: Milestone | null;
}

/** A visit of this pipeline that has a place. */
interface Placed {
  readonly visit: JourneyVisit;
  readonly place: number;
  /** The visit right before, in the same pipeline, had the same place. */
  readonly stays: boolean;
}

/** Entries that begin a visit of the same stay, not a new entry by somebody's decision. */
const NO_REENTRY = new Set(['reopened', 'unmerged', 'relocated']);

/**
 * Measures one deal's way through a pipeline, by the definitions of metrics.md ("Funnel conversion"). `path` is as it
 * stood at the instant of the question. Null: the deal was never in the pipeline, or it is voided.
 */
export function measure(path: JourneyPath, pipelineId: string, ladder: Ladder, restate: Restate): Facts | null {
  const outcome = outcomeOf(path, pipelineId);
  const begin = path.visits.find((visit) => visit.pipelineId === pipelineId);
  if (begin === undefined || outcome === 'voided') return null;

  const size = ladder.stages.length;
  const placed = placedVisits(path, pipelineId, ladder, restate);
  const wins = path.turns.filter((turn) => turn.kind === 'won' && turn.pipelineId === pipelineId).map(ofTurn);
  const entered = new Array<Milestone | null>(size).fill(null);
  const reached = new Array<Milestone | null>(size).fill(null);
  const reentries = new Array<number>(size).fill(0);
  const backwardFrom = new Array<number>(size).fill(0);
  let furthest = 0;
  for (const { visit, place, stays } of placed) {
    if (place === 0) continue;
    const index = place - 1;
    const milestone = ofVisit(visit);
    if (entered[index] === null) entered[index] = milestone;
    else if (!stays && !NO_REENTRY.has(visit.entry)) reentries[index] = (reentries[index] ?? 0) + 1;
    if (visit.exit === 'backward') backwardFrom[index] = (backwardFrom[index] ?? 0) + 1;
    for (; furthest < place; furthest++) reached[furthest] = milestone;
  }
  const win = wins[0] ?? null;
  const strict = inOrder(entered);
  const lastStrict = strict.at(-1) ?? null;
  return {
    outcome,
    first: ofVisit(begin),
    firstPlace: placed[0]?.place ?? 0,
    furthest,
    win,
    reached: reached.map((milestone) => earlier(milestone, win)),
    entered,
    strict,
    strictWin: (lastStrict && wins.find(({ revision }) => revision > lastStrict.revision)) ?? null,
    reentries,
    backwardFrom,
    toNext: entered.map((from, index) => from && timeToHigher(from, index + 1, placed, wins)),
    loss: outcome === 'lost' ? lastLoss(path, placed) : null,
    switchedBy: outcome === 'switched' ? lastSwitch(path, pipelineId) : null,
  };
}

function placedVisits(path: JourneyPath, pipelineId: string, ladder: Ladder, restate: Restate): readonly Placed[] {
  const placed: Placed[] = [];
  let before: number | null = null;
  for (const visit of path.visits) {
    if (visit.entry === 'relocated' && restate === 'as-was') continue;
    const place = visit.pipelineId === pipelineId ? ladder.place(visit) : null;
    if (place !== null) placed.push({ visit, place, stays: place === before });
    before = place;
  }
  return placed;
}

function inOrder(entered: readonly (Milestone | null)[]): readonly (Milestone | null)[] {
  let last = -1;
  return entered.map((milestone) => {
    last = milestone !== null && milestone.revision > last ? milestone.revision : Infinity;
    return last === Infinity ? null : milestone;
  });
}

function timeToHigher(
  from: Milestone,
  place: number,
  placed: readonly Placed[],
  wins: readonly Milestone[],
): number | null {
  const higher = placed.find((step) => step.place > place && step.visit.revision > from.revision);
  const win = wins.find(({ revision }) => revision > from.revision) ?? null;
  const next = earlier(higher === undefined ? null : ofVisit(higher.visit), win);
  return next === null ? null : next.at - from.at;
}

function lastLoss(path: JourneyPath, placed: readonly Placed[]): Facts['loss'] {
  const turn = path.turns.findLast(({ kind }) => kind === 'lost');
  if (turn === undefined) return null;
  const place = placed.findLast(({ visit }) => visit.revision < turn.revision)?.place ?? 0;
  return { milestone: ofTurn(turn), place };
}

function lastSwitch(path: JourneyPath, pipelineId: string): Milestone | null {
  const here = path.visits.findLastIndex((visit) => visit.pipelineId === pipelineId);
  const next = path.visits[here + 1];
  return next === undefined ? null : ofVisit(next);
}

function earlier(a: Milestone | null, b: Milestone | null): Milestone | null {
  if (a === null || b === null) return a ?? b;
  return b.revision < a.revision ? b : a;
}

function ofVisit({ revision, enteredAt, entry, currency, value }: JourneyVisit): Milestone {
  return { revision, at: enteredAt, by: entry, currency, value };
}

function ofTurn({ revision, at, kind, currency, value }: JourneyPath['turns'][number]): Milestone {
  return { revision, at, by: kind, currency, value };
}
