import type { EpochMs, LastChange } from '../shared/decision.js';
import type { Money } from '../shared/money.js';
import type { StagePlace } from './deal.events.js';
import type { Snooze } from './deal.snooze.js';
import type { Touch, Visit } from './deal.state.js';

/** What of an event can be corrected: when it happened, a value, the stage of a move, or that there was a move at all. */
export type CorrectedField = 'occurredAt' | 'value' | 'toStageId' | 'withdrawn';

/** How one event would have been recorded, had it been right; what is left out stays as it is. */
export interface Amendment {
  readonly revision: number;
  /** RFC 3339. */
  readonly occurredAt?: string;
  /** Of an opening, a change of value, a win or a loss. */
  readonly value?: Money | null;
  /** Of a move. */
  readonly move?: { readonly from: StagePlace; readonly to: StagePlace; readonly direction: 'forward' | 'backward' };
  /** Of a switch to another pipeline: from where. */
  readonly from?: StagePlace;
  /** Of a win or a loss: where; of a reopening: to where. */
  readonly stage?: { readonly stageId: string; readonly rank: number };
  /** It did not happen. */
  readonly withdrawn?: true;
  /** When it counted as a touch, and when it counts now; null: no more. */
  readonly touch?: { readonly was: EpochMs; readonly is: EpochMs | null };
}

/** Where a deal stands after a correction: what folds know that do not keep its past. Times in epoch milliseconds. */
export interface CorrectedStanding {
  readonly pipelineId: string;
  readonly pipelineVersion: number;
  readonly stageId: string;
  readonly rank: number;
  readonly lastOpenStageId: string;
  readonly value: Money | null;
  readonly openedAt: EpochMs;
  readonly closedAt: EpochMs | null;
  /** Where it was lost; null: it is not. */
  readonly lossStageId: string | null;
  readonly visits: readonly Visit[];
  readonly touch: Touch;
  /** Left out before there were snoozes, as is their last change. */
  readonly snoozes?: readonly Snooze[];
  readonly last: {
    readonly stage: LastChange;
    readonly owner: LastChange;
    readonly value: LastChange;
    readonly snooze?: LastChange;
  };
}

/** One event of the deal was wrong. From then on the deal is known as if it, and what followed from it, had been right. */
export interface DealCorrected {
  readonly type: 'DealCorrected';
  readonly data: {
    /** Of the event that was wrong. */
    readonly revision: number;
    readonly field: CorrectedField;
    /** The right value as it was given: RFC 3339, money or null, the id of a stage, `true`. */
    readonly value: string | Money | true | null;
    readonly reason: string;
    /** By revision: that event, and those that follow from it. */
    readonly amended: readonly Amendment[];
    /** Null in a history that is told as if it had been right. */
    readonly standing: CorrectedStanding | null;
  };
}
