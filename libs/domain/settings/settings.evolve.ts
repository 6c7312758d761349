import type { Recorded } from '../shared/decision.js';
import { withRates } from './exchange-rates.js';
import { DEFAULT_SETTINGS } from './settings.js';
import type { SettingsEvent, Spend } from './settings.events.js';
import type { Policies, SettingsState } from './settings.state.js';

const EMPTY: SettingsState = {
  revision: -1,
  changedAt: -Infinity,
  versions: [],
  exchangeRates: DEFAULT_SETTINGS.exchangeRates,
  spend: DEFAULT_SETTINGS.spend,
};

/** The settings after one more event of their stream. Throws on an unknown event type. */
export function evolveSettings(state: SettingsState | null, event: Recorded<SettingsEvent>): SettingsState {
  const before = state ?? EMPTY;
  const at = { revision: event.revision, changedAt: event.occurredAt };
  switch (event.type) {
    case 'ExchangeRatesSet':
      return { ...before, ...at, exchangeRates: withRates(before.exchangeRates, event.data.base, event.data.rates) };
    case 'SpendSet':
      return { ...before, ...at, spend: withSpend(before.spend, event.data.entries) };
    default: {
      const policies = changed(before.versions.at(-1)?.policies ?? DEFAULT_SETTINGS, event);
      const version = { revision: event.revision, from: event.occurredAt, policies };
      return { ...before, ...at, versions: [...before.versions, version] };
    }
  }
}

type PolicyEvent = Exclude<SettingsEvent, { readonly type: 'ExchangeRatesSet' | 'SpendSet' }>;

function changed(policies: Policies, event: PolicyEvent): Policies {
  switch (event.type) {
    case 'TimeZoneSet':
      return { ...policies, timeZone: event.data.timeZone };
    case 'ReportingCurrencySet':
      return { ...policies, reportingCurrency: event.data.currency };
    case 'BusinessCalendarSet':
      return { ...policies, businessCalendar: event.data };
    case 'QualificationPolicySet': {
      const version = policies.qualificationPolicy.version + 1;
      return { ...policies, qualificationPolicy: { ...event.data, version } };
    }
    case 'ScoringModelSet':
      return { ...policies, scoringModel: { ...event.data, version: policies.scoringModel.version + 1 } };
    case 'LossReasonsSet':
      return { ...policies, lossReasons: event.data.reasons };
    case 'DisqualificationReasonsSet':
      return { ...policies, disqualificationReasons: event.data.reasons };
    case 'ChurnReasonsSet':
      return { ...policies, churnReasons: event.data.reasons };
    case 'FollowUpPlanSet':
      return { ...policies, followUpPlans: { ...policies.followUpPlans, [event.data.on]: event.data.activities } };
    case 'TargetsSet':
      return { ...policies, targets: event.data.targets };
    default: {
      const unknown: never = event;
      throw new Error(`settings: unknown event ${JSON.stringify(unknown)}`);
    }
  }
}

function withSpend(spend: readonly Spend[], entries: readonly Spend[]): readonly Spend[] {
  const byKey = new Map([...spend, ...entries].map((entry) => [spendKey(entry), entry]));
  return [...byKey.entries()]
    .filter(([, { amount }]) => /[1-9]/.test(amount.amount))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, entry]) => entry);
}

/** Of entries with the same key the last one holds. */
export function spendKey({ kind, month, amount }: Spend): string {
  return `${kind} ${month} ${amount.currency}`;
}
