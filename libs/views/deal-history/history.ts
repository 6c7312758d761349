import type { DealVisibility } from '#domain/deal/deal.events.js';
import type { EpochMs } from '#domain/shared/decision.js';
import type { Description, MinorValue } from '../deal-columns.js';
import type { Change } from './change.js';
import type { JourneyTurn } from './journey.js';
import type { TouchTime } from './touches.js';

/** All that the history of one deal is derived from. */
export interface HistoryState {
  /** As the deal was opened with, here and below. */
  readonly visibility: DealVisibility;
  readonly description: Description;
  /** In the order of the stream; the first three are the opening's. */
  readonly changes: readonly Change[];
  /** Ascending by when they count from. */
  readonly touches: readonly TouchTime[];
}

/** Attributes of a deal that an event can change: in groups, so that a change of one shares the others. */
export interface Attributes {
  readonly ownership: Ownership;
  readonly worth: MinorValue;
  readonly description: Description;
}

export interface Ownership {
  readonly owner: string | null;
  readonly team: string | null;
  readonly audience: string | null;
}

/** A deal's first visit in a pipeline. */
export interface Beginning {
  readonly pipeline: string;
  readonly enteredAt: EpochMs;
  readonly attributes: Attributes;
}

export interface Close {
  /** Of kind won or lost. */
  readonly turn: JourneyTurn;
  readonly reason: string | null;
  /** As they were just before the close. */
  readonly attributes: Attributes;
}
