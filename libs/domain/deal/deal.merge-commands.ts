import type { PipelineState } from '../pipeline/pipeline.state.js';
import type { MergeObstacle } from './deal.merge-events.js';
import type { DealState } from './deal.state.js';

/** Of the survivor. `other`: as it is known now; null: there is no such deal. */
export interface MergeDeals {
  readonly type: 'MergeDeals';
  readonly mergeId: string;
  readonly otherDealId: string;
  readonly other: DealState | null;
}

export interface UnmergeDeals {
  readonly type: 'UnmergeDeals';
  readonly mergeId: string;
  readonly otherDealId: string;
  readonly other: DealState | null;
}

/** Of the other: it decides. */
export interface JoinSurvivor {
  readonly type: 'JoinSurvivor';
  readonly mergeId: string;
  readonly survivorId: string;
}

/** Of the other; `pipeline` is the one that it is in. */
export interface LeaveSurvivor {
  readonly type: 'LeaveSurvivor';
  readonly mergeId: string;
  readonly survivorId: string;
  readonly pipeline: PipelineState;
}

/** Of the survivor, when the other has decided. `refused`: why it did not join. */
export interface EndMerge {
  readonly type: 'EndMerge';
  readonly mergeId: string;
  readonly refused: MergeObstacle | null;
}

/** The steps that follow from what was decided before: nothing refuses them. */
export type MergeStep = JoinSurvivor | LeaveSurvivor | EndMerge;
export type MergeCommand = MergeDeals | UnmergeDeals | MergeStep;
