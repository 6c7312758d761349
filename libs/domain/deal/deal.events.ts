import type { ActivityEvent } from '../activity/activity.events.js';
import type { Money } from '../shared/money.js';
import type { Criterion } from '../lead/criteria.js';
import type { EvidenceKind, ForecastCategory } from '../pipeline/pipeline.events.js';
import type { MergeEvent } from './deal.merge-events.js';
import type { DealCorrected } from './deal.correction-events.js';
import type { DealAttentionEvent } from './deal.attention-events.js';
import type { CustomerEvent } from './deal.customer-events.js';
import type { DealFieldEvent, LineItemsSet } from './deal.field-events.js';
import type { ProposalEvent } from './deal.proposal-events.js';
import type { ErasureEvent } from '../personal/erasure.events.js';
import type { MissingGate } from '../shared/rejection.js';

/** These names and shapes are the stored format of `deal-<id>`: version them with care. */

export type DealStatus = 'open' | 'won' | 'lost' | 'churned' | 'voided' | 'merged';
export type DealVisibility = 'owner' | 'team' | 'everyone';

/** A stage of a pipeline and its rank in the version that was in force; the rank is for the record. */
export interface StagePlace {
  readonly pipelineId: string;
  readonly stageId: string;
  readonly rank: number;
}

export interface LineItem {
  readonly productId: string;
  /** Decimal. */
  readonly quantity: string;
  readonly unitPrice: Money;
  /** 0 to 1. */
  readonly discount: number;
  /** 0 to 1; left out: none. */
  readonly tax?: number;
}

export interface DealOpened {
  readonly type: 'DealOpened';
  readonly data: {
    readonly title: string;
    readonly kind: 'new' | 'upsell' | 'cross-sell' | 'renewal' | 'win-back';
    readonly pipelineId: string;
    readonly pipelineVersion: number;
    readonly stageId: string;
    readonly rank: number;
    readonly value: Money | null;
    readonly lineItems: readonly LineItem[];
    readonly personId: string | null;
    readonly organizationId: string | null;
    readonly ownerId: string;
    readonly teamId: string | null;
    readonly visibility: DealVisibility;
    readonly source: string | null;
    readonly labels: readonly string[];
    /** Civil date. */
    readonly expectedClose: string | null;
    /** The deal's own, 0 to 1; null: as the stage. */
    readonly probability: number | null;
    readonly forecastCategory: ForecastCategory | null;
    readonly leadId: string | null;
    /** When the lead was captured, RFC 3339. */
    readonly capturedAt: string | null;
    readonly previousDealId: string | null;
    /** Criteria that the lead's qualification had confirmed. */
    readonly criteria: readonly Criterion[];
  };
}

export interface DealStageMoved {
  readonly type: 'DealStageMoved';
  readonly data: {
    readonly from: StagePlace;
    readonly to: StagePlace;
    readonly direction: 'forward' | 'backward';
    readonly pipelineVersion: number;
  };
}

/** Comes in the same append right before the move, switch or win that it let through. `stageId` null: the win gates. */
export interface GateOverridden {
  readonly type: 'GateOverridden';
  readonly data: { readonly stageId: string | null; readonly missing: readonly MissingGate[]; readonly reason: string };
}

export interface DealValueChanged {
  readonly type: 'DealValueChanged';
  readonly data: { readonly value: Money | null };
}

export interface DealAssigned {
  readonly type: 'DealAssigned';
  readonly data: { readonly ownerId: string; readonly teamId: string | null };
}

/** `stageId`: where it was won; `enters`: the post-sale stage that it enters, if the pipeline has one. */
export interface DealWon {
  readonly type: 'DealWon';
  readonly data: {
    readonly stageId: string;
    readonly value: Money | null;
    readonly enters: StagePlace | null;
    readonly pipelineVersion: number;
  };
}

export interface DealLost {
  readonly type: 'DealLost';
  readonly data: {
    readonly stageId: string;
    readonly value: Money | null;
    readonly reason: string;
    readonly note: string | null;
    readonly competitor: string | null;
  };
}

/** Back to the last open stage. */
export interface DealReopened {
  readonly type: 'DealReopened';
  readonly data: {
    readonly toStageId: string;
    readonly rank: number;
    readonly pipelineVersion: number;
    /** Left out: the pipeline that the deal was in; another one when it was relocated after the win. */
    readonly pipelineId?: string;
  };
}

/**
 * Taken from a retired stage to the one that stands in for it, by a reactor. It is no touch, and the stay runs on.
 * `retirementId`: the event that retired the stage.
 */
export interface DealRelocated {
  readonly type: 'DealRelocated';
  readonly data: {
    readonly from: StagePlace;
    readonly to: StagePlace;
    /** Of the pipeline that it is taken to. */
    readonly pipelineVersion: number;
    readonly retirementId: string;
  };
}

/** Taken over into another pipeline. */
export interface DealPipelineSwitched {
  readonly type: 'DealPipelineSwitched';
  readonly data: {
    readonly from: StagePlace;
    readonly to: StagePlace;
    /** Of the pipeline that it is taken to. */
    readonly pipelineVersion: number;
  };
}

/**
 * Out of all metrics from then on. `leadId`: the lead whose conversion is taken back by it; its LeadConversionReverted
 * follows. Null: only the deal is voided.
 */
export interface DealVoided {
  readonly type: 'DealVoided';
  readonly data: { readonly reason: string; readonly leadId: string | null };
}

export interface NoteAdded {
  readonly type: 'NoteAdded';
  readonly data: { readonly text: string };
}

/** A file that is kept elsewhere: where, and its SHA-256 in lower-case hex. `kind`: what it proves to gates. */
export interface FileLinked {
  readonly type: 'FileLinked';
  readonly data: DealFile;
}

export interface DealFile {
  readonly name: string;
  readonly uri: string;
  readonly sha256: string | null;
  readonly kind: EvidenceKind | null;
}

export type DealEvent =
  | DealOpened
  | DealStageMoved
  | GateOverridden
  | DealValueChanged
  | DealAssigned
  | DealWon
  | DealLost
  | DealReopened
  | DealRelocated
  | DealPipelineSwitched
  | DealVoided
  | DealCorrected
  | MergeEvent
  | NoteAdded
  | FileLinked
  | ActivityEvent
  | DealFieldEvent
  | LineItemsSet
  | ProposalEvent
  | CustomerEvent
  | DealAttentionEvent
  | ErasureEvent;
