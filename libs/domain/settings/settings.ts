import type { Criterion } from '../lead/criteria.js';
import { NO_RATES, type ExchangeRates } from './exchange-rates.js';
import type {
  BusinessCalendar,
  FollowUp,
  FollowUpOccasion,
  QualificationRules,
  ScoringRule,
  Spend,
  Target,
} from './settings.events.js';

/** The organisation's policies that are in force at one moment. */
export interface Settings {
  /** IANA time zone of the organisation. */
  readonly timeZone: string;
  readonly reportingCurrency: string | null;
  readonly businessCalendar: BusinessCalendar;
  readonly qualificationPolicy: QualificationRules & { readonly version: number };
  /** Version 0 is the model of no rules, which holds before any is set. */
  readonly scoringModel: { readonly version: number; readonly rules: readonly ScoringRule[] };
  readonly lossReasons: readonly string[];
  readonly disqualificationReasons: readonly string[];
  readonly churnReasons: readonly string[];
  readonly followUpPlans: Readonly<Record<FollowUpOccasion, readonly FollowUp[]>>;
  readonly targets: readonly Target[];
  readonly exchangeRates: ExchangeRates;
  /** One for each kind, month and currency, in that order. */
  readonly spend: readonly Spend[];
}

const REQUIRED: readonly Criterion[] = ['budget', 'authority', 'need', 'timeline'];

/** What holds before any settings are made (contract.md, "Limits and defaults"). */
export const DEFAULT_SETTINGS: Settings = {
  timeZone: 'UTC',
  reportingCurrency: null,
  businessCalendar: { workingDays: [1, 2, 3, 4, 5], holidays: [] },
  qualificationPolicy: { version: 1, required: REQUIRED, icpRequired: false, questions: [] },
  scoringModel: { version: 0, rules: [] },
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
  churnReasons: ['price', 'competitor', 'closed', 'seasonal', 'service', 'other'],
  followUpPlans: { win: [], loss: [], churn: [], conversion: [] },
  targets: [],
  exchangeRates: NO_RATES,
  spend: [],
};
