import type { Activity } from '../activity/activity.state.js';
import type { EpochMs, LastChange } from '../shared/decision.js';
import type { Actor } from '../shared/decision.js';
import type { Money } from '../shared/money.js';
import type { Criterion } from '../lead/lead.events.js';
import type { ForecastCategory } from '../pipeline/pipeline.events.js';
import type { DealFile, DealStatus, DealVisibility, LineItem } from './deal.events.js';
import type { Proposal } from './deal.proposals.js';
import type { Snooze } from './deal.snooze.js';

export type VisitEntry = 'opened' | 'forward' | 'backward' | 'switched' | 'reopened' | 'unmerged' | 'relocated' | 'won';
export type VisitExit =
  'forward' | 'backward' | 'won' | 'lost' | 'switched' | 'merged' | 'voided' | 'relocated' | 'churned' | 'reopened';

/** One stay of the deal in one stage (metrics.md). */
export interface Visit {
  /** Counts from 1. */
  readonly visitNo: number;
  readonly pipelineId: string;
  readonly pipelineVersion: number;
  readonly stageId: string;
  /** As recorded; never compared across versions. */
  readonly rank: number;
  readonly entry: VisitEntry;
  readonly enteredAt: EpochMs;
  readonly exitedAt: EpochMs | null;
  readonly exit: VisitExit | null;
}

/**
 * Since when the deal has been where it is: a relocation is not its doing, so the stay runs on through it. Null: it is
 * on no visit.
 */
export function stayBegan(visits: readonly Visit[]): EpochMs | null {
  const last = visits.at(-1);
  if (last === undefined || last.exit !== null) return null;
  return visits.findLast(({ entry }) => entry !== 'relocated')?.enteredAt ?? last.enteredAt;
}

/** Where a reopening returns to. */
export function lastOpenPlace({
  visits,
  lastOpenStageId: stageId,
  ...deal
}: Pick<DealState, 'visits' | 'lastOpenStageId' | 'pipelineId' | 'pipelineVersion'>): Pick<
  Visit,
  'pipelineId' | 'pipelineVersion' | 'stageId'
> {
  const { pipelineId, pipelineVersion } = visits.findLast((visit) => visit.stageId === stageId) ?? deal;
  return { pipelineId, pipelineVersion, stageId };
}

/** The latest qualifying event, by occurredAt clamped to recordedAt; of equals the last by revision. */
export interface Touch {
  readonly at: EpochMs;
  readonly type: string;
  readonly actor: Actor;
  readonly occurredAt: EpochMs;
  readonly revision: number;
}

/** A deal that is voided or merged into another is a closed book: nothing is added to it. */
export const LIVING: readonly DealStatus[] = ['open', 'won', 'lost', 'churned'];

export interface DealState {
  readonly id: string;
  readonly revision: number;
  readonly status: DealStatus;
  readonly title: string;
  readonly kind: string;
  readonly pipelineId: string;
  /** In force at the last change of stage. */
  readonly pipelineVersion: number;
  readonly stageId: string;
  readonly rank: number;
  readonly lastOpenStageId: string;
  readonly value: Money | null;
  readonly lineItems: readonly LineItem[];
  readonly probability: number | null;
  readonly forecastCategory: ForecastCategory | null;
  readonly expectedClose: string | null;
  readonly ownerId: string;
  readonly teamId: string | null;
  readonly visibility: DealVisibility;
  readonly source: string | null;
  readonly labels: readonly string[];
  readonly contacts: readonly {
    readonly kind: 'person' | 'organization';
    readonly id: string;
    readonly role: string;
  }[];
  readonly criteria: readonly Criterion[];
  /** Linked files, in the order of their linking. */
  readonly files: readonly DealFile[];
  /** In the order in which they were recorded. */
  readonly proposals: readonly Proposal[];
  readonly leadId: string | null;
  readonly capturedAt: EpochMs | null;
  readonly previousDealId: string | null;
  readonly openedAt: EpochMs;
  /** The last close, null while open. */
  readonly closedAt: EpochMs | null;
  readonly loss: {
    readonly reason: string;
    readonly note: string | null;
    readonly competitor: string | null;
    readonly stageId: string;
  } | null;
  readonly churn: { readonly reason: string; readonly churnedAt: EpochMs } | null;
  /** The deal that wins the customer of this churned one back. */
  readonly wonBackBy: string | null;
  /** The survivor that the deal hangs under. */
  readonly mergedInto: string | null;
  /** The deals that hang under this one. */
  readonly merged: readonly string[];
  /** As the survivor: the merge that has begun and not ended. */
  readonly pendingMerge: { readonly mergeId: string; readonly otherDealId: string; readonly unmerge: boolean } | null;
  /** `leadId`: the lead whose conversion was taken back by it. */
  readonly voided: { readonly reason: string; readonly leadId: string | null } | null;
  readonly visits: readonly Visit[];
  readonly activities: readonly Activity[];
  /** In time, without overlap. */
  readonly snoozes: readonly Snooze[];
  readonly touch: Touch;
  /** Where the groups {stage and status}, {owner} and {value}, and the snooze, stand in time. */
  readonly last: {
    readonly stage: LastChange;
    readonly owner: LastChange;
    readonly value: LastChange;
    readonly snooze: LastChange;
  };
}
