import type { EpochMs } from '../shared/decision.js';
import type { ExchangeRates } from './exchange-rates.js';
import { DEFAULT_SETTINGS, type Settings } from './settings.js';
import type { Spend } from './settings.events.js';

/** What is replaced as a whole and has versions; rates and spend are facts by date, as known now. */
export type Policies = Omit<Settings, 'exchangeRates' | 'spend'>;

export interface SettingsVersion {
  /** Of the event that made it. */
  readonly revision: number;
  /** In force from then on. */
  readonly from: EpochMs;
  readonly policies: Policies;
}

export interface SettingsState {
  readonly revision: number;
  /** Of the last change: policies are never back-dated. */
  readonly changedAt: EpochMs;
  /** In order; none while only rates and spend were recorded. */
  readonly versions: readonly SettingsVersion[];
  readonly exchangeRates: ExchangeRates;
  readonly spend: readonly Spend[];
}

/** What is in force now; null: no settings were ever made, so that the defaults hold. */
export function settingsNow(state: SettingsState | null): Settings {
  return settingsAt(state, Infinity);
}

/** The policies in force at an instant, with the rates and the spend that are known now. */
export function settingsAt(state: SettingsState | null, at: EpochMs): Settings {
  if (state === null) return DEFAULT_SETTINGS;
  const { exchangeRates, spend } = state;
  const policies = state.versions.findLast(({ from }) => from <= at)?.policies ?? DEFAULT_SETTINGS;
  return { ...policies, exchangeRates, spend };
}
