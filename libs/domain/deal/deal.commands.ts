import type { ActivityCommand } from '../activity/activity.commands.js';
import type { ErasureCommand } from '../personal/erasure.commands.js';
import type { EpochMs, Recorded } from '../shared/decision.js';
import type { Money } from '../shared/money.js';
import type { ForecastCategory } from '../pipeline/pipeline.events.js';
import type { PipelineState } from '../pipeline/pipeline.state.js';
import type { Settings } from '../settings/settings.js';
import type { MergeCommand } from './deal.merge-commands.js';
import type { DealEvent, DealFile, DealVisibility, LineItem } from './deal.events.js';
import type { DealAttentionCommand } from './deal.attention-commands.js';
import type { AbandonWinBack, CustomerCommand } from './deal.customer-commands.js';
import type { DealFieldCommand, SetLineItems } from './deal.field-commands.js';
import type { ProposalCommand } from './deal.proposal-commands.js';

export interface Override {
  readonly reason: string;
}

export interface OpenDeal {
  readonly type: 'OpenDeal';
  readonly id: string;
  readonly title: string;
  readonly pipeline: PipelineState | null;
  /** Default: the first open stage. */
  readonly stageId: string | null;
  readonly value: Money | null;
  readonly lineItems: readonly LineItem[];
  /** Ids of products that can be sold, those of the items among them; left out: none. */
  readonly products?: ReadonlySet<string>;
  readonly personId: string | null;
  readonly organizationId: string | null;
  /** Default: the actor. */
  readonly ownerId: string | null;
  readonly visibility: DealVisibility;
  readonly source: string | null;
  readonly labels: readonly string[];
  readonly expectedClose: string | null;
  readonly probability: number | null;
  readonly forecastCategory: ForecastCategory | null;
}

/** `pipeline` is the pipeline that the deal is in, here and below unless it says otherwise. */
export interface MoveDealStage {
  readonly type: 'MoveDealStage';
  readonly toStageId: string;
  readonly pipeline: PipelineState;
  readonly override: Override | null;
}

export interface ChangeDealValue {
  readonly type: 'ChangeDealValue';
  readonly value: Money | null;
}

export interface AssignDeal {
  readonly type: 'AssignDeal';
  readonly ownerId: string;
  /** The owner's team, frozen into the event. */
  readonly teamId: string | null;
}

export interface WinDeal {
  readonly type: 'WinDeal';
  readonly pipeline: PipelineState;
  readonly override: Override | null;
}

export interface LoseDeal {
  readonly type: 'LoseDeal';
  readonly reason: string;
  readonly note: string | null;
  readonly competitor: string | null;
  readonly settings: Settings;
}

/** `pipeline`: the one that its last open stage is of. */
export interface ReopenDeal {
  readonly type: 'ReopenDeal';
  readonly pipeline: PipelineState;
}

/** `pipeline`: the one to take it to. */
export interface SwitchPipeline {
  readonly type: 'SwitchPipeline';
  readonly pipeline: PipelineState | null;
  /** Default: the first open stage. */
  readonly stageId: string | null;
  readonly override: Override | null;
}

/**
 * Out of a retired stage. Idempotent: a deal that is not on a visit to the stage is left where it is, so a retirement
 * may be worked through any number of times, and a deal that comes back to the stage is relocated again.
 */
export interface RelocateDeal {
  readonly type: 'RelocateDeal';
  readonly from: { readonly pipelineId: string; readonly stageId: string };
  /** The stage that stands in for it. If that is retired too, the end of its chain of targets is taken. */
  readonly toStageId: string;
  /** The pipeline that `toStageId` is of, as it is now. */
  readonly pipeline: PipelineState;
  readonly retirementId: string;
}

export interface VoidDeal {
  readonly type: 'VoidDeal';
  readonly reason: string;
}

/** Voids the deal that a lead was converted to. */
export interface RevertConversion {
  readonly type: 'RevertConversion';
  readonly leadId: string;
  readonly reason: string;
}

export interface LinkFile {
  readonly type: 'LinkFile';
  readonly file: DealFile;
}

/** What is put right, and how. */
export type Correction =
  | { readonly field: 'occurredAt'; readonly value: EpochMs }
  | { readonly field: 'value'; readonly value: Money | null }
  /** Of a move. */
  | { readonly field: 'toStageId'; readonly value: string }
  /** A move that did not happen. */
  | { readonly field: 'withdrawn'; readonly value: true };

/**
 * `revision`: of the event that is wrong. `history`: all events of the deal, as stored. `pipelines`: those that the deal
 * has been in, as they are now, by id.
 */
export type CorrectDeal = {
  readonly type: 'CorrectDeal';
  readonly revision: number;
  readonly reason: string;
  readonly history: readonly Recorded<DealEvent>[];
  readonly pipelines: ReadonlyMap<string, PipelineState>;
} & Correction;

export interface AddNote {
  readonly type: 'AddNote';
  readonly text: string;
}

export type DealCommand =
  | OpenDeal
  | MoveDealStage
  | ChangeDealValue
  | AssignDeal
  | WinDeal
  | LoseDeal
  | ReopenDeal
  | SwitchPipeline
  | RelocateDeal
  | VoidDeal
  | RevertConversion
  | CorrectDeal
  | MergeCommand
  | AddNote
  | LinkFile
  | ActivityCommand
  | DealFieldCommand
  | SetLineItems
  | ProposalCommand
  | CustomerCommand
  | AbandonWinBack
  | DealAttentionCommand
  | ErasureCommand;
