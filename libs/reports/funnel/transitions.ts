import { ratio } from '../ratio.js';
import type { JourneyPath } from '#views/deal-history/journey.js';
import type { Ladder } from './ladder.js';
import type { Restate } from './measure.js';

/** A move between two stages, or in or out of the pipeline. */
export interface Transition {
  /** A stage; null: it was opened or switched in; after a reopening how it was closed. */
  readonly from: string | null;
  readonly to: string;
  readonly at: number;
}

/** Ends of a visit that are transitions of their own; a move is told by the visit that it begins. */
const ENDS = new Set(['won', 'lost', 'switched', 'merged']);

/** Every move of the deal in the pipeline, backward ones included, in the order of its stream. */
export function transitionsOf(
  path: JourneyPath,
  pipelineId: string,
  ladder: Ladder,
  restate: Restate,
): readonly Transition[] {
  const transitions: Transition[] = [];
  let node: string | null = null;
  for (const visit of path.visits) {
    if (visit.pipelineId !== pipelineId || (visit.entry === 'relocated' && restate === 'as-was')) continue;
    const place = ladder.place(visit);
    if (place === null) continue;
    const stage = ladder.stages[place - 1]?.id ?? visit.stageId;
    if (visit.entry === 'switched' || visit.entry === 'unmerged') node = null;
    if (node !== stage) transitions.push({ from: node, to: stage, at: visit.enteredAt });
    node = stage;
    if (visit.exit === null || visit.exitedAt === null || !ENDS.has(visit.exit)) continue;
    transitions.push({ from: stage, to: visit.exit, at: visit.exitedAt });
    node = visit.exit;
  }
  return transitions;
}

/** The from-to matrix of contract.md. `share`: of all that left `from`. */
export interface TransitionCount {
  readonly from: string | null;
  readonly to: string;
  readonly count: number;
  readonly share: number | null;
}

export class TransitionTally {
  readonly #counts = new Map<string | null, Map<string, number>>();

  add({ from, to }: Transition): void {
    const row = this.#counts.get(from) ?? new Map<string, number>();
    row.set(to, (row.get(to) ?? 0) + 1);
    this.#counts.set(from, row);
  }

  /** In the order of the ladder: opened first, then the stages, then the ends. */
  result(ladder: Ladder): readonly TransitionCount[] {
    const order = new Map<string | null, number>([[null, -1], ...ladder.stages.map(({ id }, i) => [id, i] as const)]);
    const place = (node: string | null): number => order.get(node) ?? ladder.stages.length;
    const compare = (a: string | null, b: string | null): number =>
      place(a) - place(b) || ((a ?? '') < (b ?? '') ? -1 : 1);
    return [...this.#counts]
      .sort(([a], [b]) => compare(a, b))
      .flatMap(([from, row]) => {
        const total = [...row.values()].reduce((sum, count) => sum + count, 0);
        return [...row]
          .sort(([a], [b]) => compare(a, b))
          .map(([to, count]) => ({ from, to, count, share: ratio(count, total) }));
      });
  }
}
