import type { Criterion } from '../lead/lead.events.js';

/** What holds before any settings are made (contract.md, "Limits and defaults"). */
export interface Settings {
  /** IANA time zone of the organisation. */
  readonly timeZone: string;
  readonly reportingCurrency: string | null;
  readonly qualificationPolicy: { readonly version: number; readonly required: readonly Criterion[] };
  readonly lossReasons: readonly string[];
  readonly disqualificationReasons: readonly string[];
}

export const DEFAULT_SETTINGS: Settings = {
  timeZone: 'UTC',
  reportingCurrency: null,
  qualificationPolicy: { version: 1, required: ['budget', 'authority', 'need', 'timeline'] },
  lossReasons: ['price', 'competitor', 'no-budget', 'no-decision', 'timing', 'no-response', 'other'],
  disqualificationReasons: [
    'no-budget',
    'no-authority',
    'no-need',
    'no-timeline',
    'bad-fit',
    'unreachable',
    'duplicate',
    'other',
  ],
};
