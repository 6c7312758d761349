import type { PipelineState } from '../pipeline/pipeline.state.js';
import type { Settings } from '../settings/settings.js';
import type { Money } from '../shared/money.js';

export interface RecordChurn {
  readonly type: 'RecordChurn';
  readonly reason: string;
  readonly settings: Settings;
}

/** On the churned deal. */
export interface WinBackCustomer {
  readonly type: 'WinBackCustomer';
  /** Of the new deal. */
  readonly dealId: string;
  /** The one that the new deal begins in. */
  readonly pipeline: PipelineState | null;
  /** Default: the first open stage. */
  readonly stageId: string | null;
  /** Default: what the churned deal was worth. */
  readonly value?: Money | null;
  /** The deal that won the customer back, if one did, never should have been: it is voided. */
  readonly inVain: boolean;
}

/** The second step of a win-back whose deal turned out to be somebody else's: taken whatever has become of the deal. */
export interface AbandonWinBack {
  readonly type: 'AbandonWinBack';
  readonly dealId: string;
}

export type CustomerCommand = RecordChurn | WinBackCustomer;
