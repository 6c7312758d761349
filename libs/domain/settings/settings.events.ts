import type { Criterion } from '../lead/criteria.js';
import type { ActivityKind, DurationSpec } from '../pipeline/pipeline.events.js';
import type { Money } from '../shared/money.js';

/** These names and shapes are the stored format of `settings-main`: version them with care. */

export interface BusinessCalendar {
  /** ISO weekdays, Monday is 1; ascending. */
  readonly workingDays: readonly number[];
  /** Civil dates, ascending. */
  readonly holidays: readonly string[];
}

/** A question of the organisation's own, asked when a lead is qualified. */
export interface Question {
  readonly key: string;
  readonly text: string;
  readonly required: boolean;
}

export interface QualificationRules {
  /** Criteria that have to be confirmed. */
  readonly required: readonly Criterion[];
  /** Whether a lead must fit the ideal customer profile, at least in part. */
  readonly icpRequired: boolean;
  readonly questions: readonly Question[];
}

/** What a person can do that shows interest; recorded on leads. */
export const ENGAGEMENT_KINDS = [
  'email-opened',
  'link-clicked',
  'pricing-page-seen',
  'demo-requested',
  'social-reply',
  'form-sent',
] as const;
export type EngagementKind = (typeof ENGAGEMENT_KINDS)[number];

/** Points are whole numbers and may be negative. */
export type ScoringRule = { readonly rule: string; readonly points: number } & (
  | {
      readonly engagement: EngagementKind;
      /** So many engagements give points; null: each one. */
      readonly atMost: number | null;
    }
  | {
      readonly attribute: string;
      /** Values that give the points. */
      readonly in: readonly string[];
    }
);

export const FOLLOW_UP_OCCASIONS = ['win', 'loss', 'churn', 'conversion'] as const;
export type FollowUpOccasion = (typeof FOLLOW_UP_OCCASIONS)[number];

/** An activity to be planned, due so long after the occasion. */
export interface FollowUp {
  readonly kind: ActivityKind;
  readonly subject: string;
  /** A duration, or calendar months: `P3M`. */
  readonly after: DurationSpec;
}

export const COUNT_METRICS = ['leads-captured', 'deals-won', 'activities'] as const;
export const MONEY_METRICS = ['lead-value', 'value-won'] as const;
export const TARGET_PERIODS = ['day', 'week', 'month', 'quarter', 'year'] as const;

export interface Target {
  readonly key: string;
  readonly metric: (typeof COUNT_METRICS)[number] | (typeof MONEY_METRICS)[number];
  readonly period: (typeof TARGET_PERIODS)[number];
  /** Of each period: money for the metrics of value, else a whole number. */
  readonly goal: Money | number;
  /** Whose target it is; all null: the organisation's. At most one is given. */
  readonly owner: string | null;
  readonly team: string | null;
  readonly product: string | null;
}

/** What was spent on winning customers in a month, `2026-03`. */
export interface Spend {
  readonly kind: 'sales' | 'marketing';
  readonly month: string;
  readonly amount: Money;
}

export interface TimeZoneSet {
  readonly type: 'TimeZoneSet';
  readonly data: { readonly timeZone: string };
}

export interface ReportingCurrencySet {
  readonly type: 'ReportingCurrencySet';
  readonly data: { readonly currency: string | null };
}

export interface BusinessCalendarSet {
  readonly type: 'BusinessCalendarSet';
  readonly data: BusinessCalendar;
}

export interface QualificationPolicySet {
  readonly type: 'QualificationPolicySet';
  readonly data: QualificationRules;
}

export interface ScoringModelSet {
  readonly type: 'ScoringModelSet';
  readonly data: { readonly rules: readonly ScoringRule[] };
}

export interface ReasonsSet {
  readonly type: 'LossReasonsSet' | 'DisqualificationReasonsSet' | 'ChurnReasonsSet';
  readonly data: { readonly reasons: readonly string[] };
}

export interface FollowUpPlanSet {
  readonly type: 'FollowUpPlanSet';
  readonly data: { readonly on: FollowUpOccasion; readonly activities: readonly FollowUp[] };
}

export interface TargetsSet {
  readonly type: 'TargetsSet';
  readonly data: { readonly targets: readonly Target[] };
}

/** Only the rates that changed: units of `base` for one unit of `currency`, a decimal string; null withdraws one. */
export interface ExchangeRatesSet {
  readonly type: 'ExchangeRatesSet';
  readonly data: {
    readonly base: string;
    readonly rates: readonly { readonly currency: string; readonly date: string; readonly rate: string | null }[];
  };
}

/** Only what changed: the whole amount of a kind, month and currency; zero is no spend. */
export interface SpendSet {
  readonly type: 'SpendSet';
  readonly data: { readonly entries: readonly Spend[] };
}

export type SettingsEvent =
  | TimeZoneSet
  | ReportingCurrencySet
  | BusinessCalendarSet
  | QualificationPolicySet
  | ScoringModelSet
  | ReasonsSet
  | FollowUpPlanSet
  | TargetsSet
  | ExchangeRatesSet
  | SpendSet;
