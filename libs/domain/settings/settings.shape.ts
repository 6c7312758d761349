import { CRITERIA } from '../lead/criteria.js';
import { isCivilDate } from '../shared/civil-date.js';
import { minorDigits } from '../shared/currency.js';
import { isNegative } from '../shared/money.js';
import { isRate } from './exchange-rates.js';
import type { SetExchangeRates, SetReasons, SetSpend, SettingsCommand } from './settings.commands.js';
import { spendKey } from './settings.evolve.js';
import { MONEY_METRICS, type BusinessCalendar, type QualificationRules, type Target } from './settings.events.js';

/** What the missing fit is called among what a qualification lacks. */
export const ICP_FIT = 'icp-fit';

/** `path` is a JSON pointer into the command's body. */
export interface SettingsProblem {
  readonly path: string;
  readonly message: string;
}

/** What makes a setting impossible, whatever is in force; null: nothing. */
export function settingsProblem(command: SettingsCommand): SettingsProblem | null {
  switch (command.type) {
    case 'SetTimeZone':
      return null;
    case 'SetReportingCurrency':
      return command.currency === null ? null : currencyProblem(command.currency, '/currency');
    case 'SetBusinessCalendar':
      return calendarProblem(command.calendar);
    case 'SetQualificationPolicy':
      return questionProblem(command.rules);
    case 'SetScoringModel':
      return repeated('/rules', command.rules, ({ rule }) => rule);
    case 'SetLossReasons':
    case 'SetDisqualificationReasons':
    case 'SetChurnReasons':
      return reasonsProblem(command);
    case 'SetFollowUpPlan':
      return null;
    case 'SetTargets':
      return targetsProblem(command.targets);
    case 'SetExchangeRates':
      return ratesProblem(command);
    case 'SetSpend':
      return spendProblem(command);
    default: {
      const unknown: never = command;
      throw new Error(`unknown command ${JSON.stringify(unknown)}`);
    }
  }
}

function currencyProblem(currency: string, path: string): SettingsProblem | null {
  return minorDigits(currency) === null ? { path, message: 'must be a code of ISO 4217' } : null;
}

function calendarProblem({ workingDays, holidays }: BusinessCalendar): SettingsProblem | null {
  if (workingDays.length === 0) return { path: '/workingDays', message: 'must name at least one day of the week' };
  const wrongDay = workingDays.findIndex((day) => !Number.isInteger(day) || day < 1 || day > 7);
  if (wrongDay >= 0) return { path: `/workingDays/${wrongDay}`, message: 'must be a weekday from 1 (Monday) to 7' };
  const wrongDate = holidays.findIndex((date) => !isCivilDate(date));
  if (wrongDate >= 0) return { path: `/holidays/${wrongDate}`, message: 'must be a date like 2026-12-25' };
  return repeated('/workingDays', workingDays, String) ?? repeated('/holidays', holidays, (date) => date);
}

/** What is missing is told by one name, whether it is a criterion or a question. */
function questionProblem({ required, questions }: QualificationRules): SettingsProblem | null {
  const taken: readonly string[] = [...CRITERIA, ICP_FIT];
  const at = questions.findIndex(({ key }) => taken.includes(key));
  if (at >= 0) return { path: `/questions/${at}/key`, message: `must be none of ${taken.join(', ')}` };
  return repeated('/required', required, (each) => each) ?? repeated('/questions', questions, ({ key }) => key);
}

function reasonsProblem({ reasons }: SetReasons): SettingsProblem | null {
  if (reasons.length === 0) return { path: '/reasons', message: 'must name at least one' };
  return repeated('/reasons', reasons, (reason) => reason);
}

function targetsProblem(targets: readonly Target[]): SettingsProblem | null {
  for (const [index, { metric, goal, owner, team, product }] of targets.entries()) {
    const money = MONEY_METRICS.some((each) => each === metric);
    const path = `/targets/${index}`;
    if (money !== (typeof goal === 'object')) {
      return { path: `${path}/goal`, message: money ? 'must be money' : 'must be a whole number' };
    }
    if (typeof goal === 'object' && isNegative(goal)) return { path: `${path}/goal`, message: 'cannot be below zero' };
    if ([owner, team, product].filter((whose) => whose !== null).length > 1) {
      return { path, message: 'can be of one owner, team or product' };
    }
  }
  return repeated('/targets', targets, ({ key }) => key);
}

function ratesProblem({ base, rates }: SetExchangeRates): SettingsProblem | null {
  const wrongBase = base === null ? null : currencyProblem(base, '/base');
  if (wrongBase !== null) return wrongBase;
  if (rates.length === 0) return { path: '/rates', message: 'must hold at least one' };
  for (const [index, { currency, date, rate }] of rates.entries()) {
    const path = `/rates/${index}`;
    const wrong = currencyProblem(currency, `${path}/currency`);
    if (wrong !== null) return wrong;
    if (currency === base) return { path: `${path}/currency`, message: 'is the base itself' };
    if (!isCivilDate(date)) return { path: `${path}/date`, message: 'must be a date like 2026-03-01' };
    if (rate !== null && !isRate(rate)) {
      return { path: `${path}/rate`, message: 'must be a decimal string above zero with at most 10 decimals' };
    }
  }
  return repeated('/rates', rates, ({ currency, date }) => `${currency} ${date}`);
}

function spendProblem({ entries }: SetSpend): SettingsProblem | null {
  if (entries.length === 0) return { path: '/entries', message: 'must hold at least one' };
  for (const [index, { month, amount }] of entries.entries()) {
    const path = `/entries/${index}`;
    if (!isCivilDate(`${month}-01`)) return { path: `${path}/month`, message: 'must be a month like 2026-03' };
    if (isNegative(amount)) return { path: `${path}/amount`, message: 'cannot be below zero' };
  }
  return repeated('/entries', entries, spendKey);
}

function repeated<T>(path: string, list: readonly T[], key: (each: T) => string): SettingsProblem | null {
  const seen = new Set<string>();
  for (const [index, each] of list.entries()) {
    if (seen.has(key(each))) return { path: `${path}/${index}`, message: 'repeats an entry before it' };
    seen.add(key(each));
  }
  return null;
}
