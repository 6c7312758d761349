import type { EpochMs } from '../shared/decision.js';
import type { Gate, MoveRules, StageDefinition, StageMapping } from './pipeline.events.js';

export interface Stage extends StageDefinition {
  /** Counts from 1 over the open stages, then on over the post-sale ones. */
  readonly rank: number;
  readonly retired: boolean;
  readonly relocatedTo: string | null;
}

/** The pipeline as it was from one change on. */
export interface PipelineVersion {
  /** Counts from 1; every change to the stages makes a new one. */
  readonly version: number;
  /** Revision of the event that made it. */
  readonly revision: number;
  /** When it came into force. Policies are never back-dated. */
  readonly from: EpochMs;
  readonly name: string;
  readonly moveRules: MoveRules;
  readonly winGates: readonly Gate[];
  /** In rank order. */
  readonly stages: readonly Stage[];
}

export interface PipelineState {
  readonly id: string;
  readonly retired: boolean;
  /** Since when, and where its deals go; absent while it is not retired. */
  readonly retirement?: { readonly from: EpochMs; readonly mapping: readonly StageMapping[] };
  /** Oldest first, at least one. */
  readonly versions: readonly PipelineVersion[];
}
