import type { RateChange } from './exchange-rates.js';
import type {
  BusinessCalendar,
  FollowUpPlanSet,
  QualificationRules,
  ReasonsSet,
  ScoringModelSet,
  Spend,
  TargetsSet,
} from './settings.events.js';

export interface SetTimeZone {
  readonly type: 'SetTimeZone';
  /** An IANA time zone that exists. */
  readonly timeZone: string;
}

export interface SetReportingCurrency {
  readonly type: 'SetReportingCurrency';
  readonly currency: string | null;
}

export interface SetBusinessCalendar {
  readonly type: 'SetBusinessCalendar';
  readonly calendar: BusinessCalendar;
}

export interface SetQualificationPolicy {
  readonly type: 'SetQualificationPolicy';
  readonly rules: QualificationRules;
}

export interface SetScoringModel {
  readonly type: 'SetScoringModel';
  readonly rules: ScoringModelSet['data']['rules'];
}

export interface SetReasons {
  readonly type: 'SetLossReasons' | 'SetDisqualificationReasons' | 'SetChurnReasons';
  readonly reasons: ReasonsSet['data']['reasons'];
}

export interface SetFollowUpPlan {
  readonly type: 'SetFollowUpPlan';
  readonly plan: FollowUpPlanSet['data'];
}

export interface SetTargets {
  readonly type: 'SetTargets';
  readonly targets: TargetsSet['data']['targets'];
}

/** The days that are not named keep their rates. */
export interface SetExchangeRates {
  readonly type: 'SetExchangeRates';
  /** Default: the reporting currency. */
  readonly base: string | null;
  readonly rates: readonly RateChange[];
}

/** The months that are not named keep theirs. */
export interface SetSpend {
  readonly type: 'SetSpend';
  readonly entries: readonly Spend[];
}

/** Each replaces one policy as a whole. */
export type SettingsCommand =
  | SetTimeZone
  | SetReportingCurrency
  | SetBusinessCalendar
  | SetQualificationPolicy
  | SetScoringModel
  | SetReasons
  | SetFollowUpPlan
  | SetTargets
  | SetExchangeRates
  | SetSpend;
