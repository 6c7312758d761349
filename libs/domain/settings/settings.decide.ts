import type { CommandContext, Decision } from '../shared/decision.js';
import { accept } from '../shared/decision.js';
import { sameJson } from '../shared/equality.js';
import { sameMoney } from '../shared/money.js';
import { invalidRequest } from '../shared/refusals.js';
import { rateOf } from './exchange-rates.js';
import type { SetExchangeRates, SetSpend, SettingsCommand } from './settings.commands.js';
import { spendKey } from './settings.evolve.js';
import type { SettingsEvent } from './settings.events.js';
import { settingsProblem } from './settings.shape.js';
import type { Settings } from './settings.js';
import { settingsNow, type SettingsState } from './settings.state.js';

/** Policies are never back-dated: a change holds from now on, whatever time the context gives. */
export function decideSettings(
  state: SettingsState | null,
  command: SettingsCommand,
  { now }: CommandContext,
): Decision<SettingsEvent> {
  const problem = settingsProblem(command);
  if (problem !== null) return invalidRequest(problem.path, problem.message);
  const current = settingsNow(state);
  if (command.type === 'SetExchangeRates' && command.base === null && current.reportingCurrency === null) {
    return invalidRequest('/base', 'must be given while there is no reporting currency');
  }
  const event = changeOf(command, current);
  if (event === null) return accept();
  return accept<SettingsEvent>({ ...event, occurredAt: Math.max(now, state?.changedAt ?? now) });
}

/** Null: it is so already. */
function changeOf(command: SettingsCommand, current: Settings): SettingsEvent | null {
  switch (command.type) {
    case 'SetTimeZone':
      return unless(command.timeZone === current.timeZone, {
        type: 'TimeZoneSet',
        data: { timeZone: command.timeZone },
      });
    case 'SetReportingCurrency':
      return unless(command.currency === current.reportingCurrency, {
        type: 'ReportingCurrencySet',
        data: { currency: command.currency },
      });
    case 'SetBusinessCalendar': {
      const data = {
        workingDays: [...command.calendar.workingDays].sort((a, b) => a - b),
        holidays: [...command.calendar.holidays].sort(),
      };
      return unless(sameJson(data, current.businessCalendar), { type: 'BusinessCalendarSet', data });
    }
    case 'SetQualificationPolicy': {
      const { version: _, ...rules } = current.qualificationPolicy;
      return unless(sameJson(command.rules, rules), { type: 'QualificationPolicySet', data: command.rules });
    }
    case 'SetScoringModel':
      return unless(sameJson(command.rules, current.scoringModel.rules), {
        type: 'ScoringModelSet',
        data: { rules: command.rules },
      });
    case 'SetLossReasons':
      return reasons('LossReasonsSet', command.reasons, current.lossReasons);
    case 'SetDisqualificationReasons':
      return reasons('DisqualificationReasonsSet', command.reasons, current.disqualificationReasons);
    case 'SetChurnReasons':
      return reasons('ChurnReasonsSet', command.reasons, current.churnReasons);
    case 'SetFollowUpPlan':
      return unless(sameJson(command.plan.activities, current.followUpPlans[command.plan.on]), {
        type: 'FollowUpPlanSet',
        data: command.plan,
      });
    case 'SetTargets':
      return unless(sameJson(command.targets, current.targets), {
        type: 'TargetsSet',
        data: { targets: command.targets },
      });
    case 'SetExchangeRates':
      return exchangeRates(command, current);
    case 'SetSpend':
      return spend(command, current);
    default: {
      const unknown: never = command;
      throw new Error(`unknown command ${JSON.stringify(unknown)}`);
    }
  }
}

function unless(same: boolean, event: SettingsEvent): SettingsEvent | null {
  return same ? null : event;
}

function reasons(
  type: 'LossReasonsSet' | 'DisqualificationReasonsSet' | 'ChurnReasonsSet',
  asked: readonly string[],
  current: readonly string[],
): SettingsEvent | null {
  return unless(sameJson(asked, current), { type, data: { reasons: asked } });
}

function exchangeRates(command: SetExchangeRates, current: Settings): SettingsEvent | null {
  const base = command.base ?? current.reportingCurrency ?? '';
  const rates = command.rates.filter(
    ({ currency, date, rate }) => rateOf(current.exchangeRates, base, currency, date) !== rate,
  );
  return unless(rates.length === 0, { type: 'ExchangeRatesSet', data: { base, rates } });
}

function spend(command: SetSpend, current: Settings): SettingsEvent | null {
  const known = new Map(current.spend.map((entry) => [spendKey(entry), entry.amount]));
  const entries = command.entries.filter((entry) => {
    const before = known.get(spendKey(entry)) ?? null;
    return before === null ? /[1-9]/.test(entry.amount.amount) : !sameMoney(before, entry.amount);
  });
  return unless(entries.length === 0, { type: 'SpendSet', data: { entries } });
}
