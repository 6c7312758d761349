import type { DealStatus } from './deal.events.js';

/** On the survivor, which can meanwhile not be merged away. */
export interface MergeStarted {
  readonly type: 'MergeStarted';
  readonly data: { readonly mergeId: string; readonly otherDealId: string };
}

/** On the other, which decides: it leaves its visit, and stays a whole stream of its own. */
export interface DealMergedInto {
  readonly type: 'DealMergedInto';
  readonly data: { readonly mergeId: string; readonly survivorId: string };
}

/** Why the other did not join: how it stood, or that it was taking in another one itself. */
export type MergeObstacle = DealStatus | 'merging';

/** On the other, which decides, so that whoever asks again is told the same. */
export interface MergeRefused {
  readonly type: 'MergeRefused';
  readonly data: { readonly mergeId: string; readonly survivorId: string; readonly status: MergeObstacle };
}

/** On the survivor: the other has joined. What the survivor did since stays its own. */
export interface MergeCompleted {
  readonly type: 'MergeCompleted';
  readonly data: { readonly mergeId: string; readonly otherDealId: string };
}

/** On the survivor: the other has refused. */
export interface MergeAbandoned {
  readonly type: 'MergeAbandoned';
  readonly data: { readonly mergeId: string; readonly otherDealId: string; readonly status: MergeObstacle };
}

/** On the survivor. */
export interface UnmergeStarted {
  readonly type: 'UnmergeStarted';
  readonly data: { readonly mergeId: string; readonly otherDealId: string };
}

/** On the other: open again, in the stage where it was. */
export interface DealUnmerged {
  readonly type: 'DealUnmerged';
  readonly data: {
    readonly mergeId: string;
    readonly survivorId: string;
    readonly toStageId: string;
    readonly rank: number;
    readonly pipelineVersion: number;
  };
}

/** On the survivor: the other stands by itself. */
export interface UnmergeCompleted {
  readonly type: 'UnmergeCompleted';
  readonly data: { readonly mergeId: string; readonly otherDealId: string };
}

export type MergeEvent =
  | MergeStarted
  | DealMergedInto
  | MergeRefused
  | MergeCompleted
  | MergeAbandoned
  | UnmergeStarted
  | DealUnmerged
  | UnmergeCompleted;
