import type { VisitEntry, VisitExit } from '#domain/deal/deal.state.js';

/** A visit of a journey. Times in epoch milliseconds; `value` in minor units, as folded at the entering revision. */
export interface JourneyVisit {
  readonly pipelineId: string;
  readonly pipelineVersion: number;
  readonly stageId: string;
  readonly entry: VisitEntry;
  readonly revision: number;
  readonly enteredAt: number;
  readonly exitedAt: number | null;
  readonly exit: VisitExit | null;
  readonly currency: string | null;
  readonly value: number | null;
}

/** A change of status of a journey: win, loss, reopening, churn, void, merge. */
export interface JourneyTurn {
  readonly kind: 'won' | 'lost' | 'reopened' | 'churned' | 'voided' | 'merged';
  readonly revision: number;
  readonly at: number;
  readonly pipelineId: string;
  readonly stageId: string;
  readonly currency: string | null;
  readonly value: number | null;
}

/** The whole way of a deal, in the order of its stream. */
export interface JourneyPath {
  readonly visits: readonly JourneyVisit[];
  readonly turns: readonly JourneyTurn[];
}
