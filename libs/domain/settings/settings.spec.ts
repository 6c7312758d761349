import { day, given, recorded, unknownEvent } from '../shared/testing/given.js';
import type { Decider, Told } from '../shared/testing/given.js';
import { rateOn } from './exchange-rates.js';
import type { SettingsCommand } from './settings.commands.js';
import { decideSettings } from './settings.decide.js';
import type { ScoringRule, SettingsEvent, Spend, Target } from './settings.events.js';
import { evolveSettings } from './settings.evolve.js';
import { DEFAULT_SETTINGS } from './settings.js';
import { settingsAt, settingsNow, type SettingsState } from './settings.state.js';

const settings: Decider<SettingsState, SettingsCommand, SettingsEvent> = {
  id: 'main',
  decide: decideSettings,
  evolve: evolveSettings,
};

const now = (...history: readonly Told<SettingsEvent>[]) => settingsNow(given(settings, history).state());
const zone = (timeZone: string): SettingsCommand => ({ type: 'SetTimeZone', timeZone });
const zoned = (timeZone: string): SettingsEvent => ({ type: 'TimeZoneSet', data: { timeZone } });
const euro: SettingsEvent = { type: 'ReportingCurrencySet', data: { currency: 'EUR' } };
const rule: ScoringRule = { rule: 'priced', points: 20, engagement: 'pricing-page-seen', atMost: null };
const spent = (amount: string, change: Partial<Spend> = {}): Spend => ({
  kind: 'marketing',
  month: '2026-03',
  amount: { amount, currency: 'EUR' },
  ...change,
});
const target: Target = {
  key: 'month',
  metric: 'value-won',
  period: 'month',
  goal: { amount: '7500.00', currency: 'EUR' },
  owner: 'u-1',
  team: null,
  product: null,
};

/** Each policy: what sets it, the event that says so, and what it is then. */
const POLICIES: readonly (readonly [SettingsCommand, SettingsEvent, Partial<typeof DEFAULT_SETTINGS>])[] = [
  [zone('Europe/Berlin'), zoned('Europe/Berlin'), { timeZone: 'Europe/Berlin' }],
  [{ type: 'SetReportingCurrency', currency: 'EUR' }, euro, { reportingCurrency: 'EUR' }],
  [
    { type: 'SetBusinessCalendar', calendar: { workingDays: [5, 1], holidays: ['2026-12-26', '2026-12-25'] } },
    { type: 'BusinessCalendarSet', data: { workingDays: [1, 5], holidays: ['2026-12-25', '2026-12-26'] } },
    { businessCalendar: { workingDays: [1, 5], holidays: ['2026-12-25', '2026-12-26'] } },
  ],
  [
    { type: 'SetQualificationPolicy', rules: { required: ['budget'], icpRequired: true, questions: [] } },
    { type: 'QualificationPolicySet', data: { required: ['budget'], icpRequired: true, questions: [] } },
    { qualificationPolicy: { version: 2, required: ['budget'], icpRequired: true, questions: [] } },
  ],
  [
    { type: 'SetScoringModel', rules: [rule] },
    { type: 'ScoringModelSet', data: { rules: [rule] } },
    { scoringModel: { version: 1, rules: [rule] } },
  ],
  [
    { type: 'SetLossReasons', reasons: ['price'] },
    { type: 'LossReasonsSet', data: { reasons: ['price'] } },
    { lossReasons: ['price'] },
  ],
  [
    { type: 'SetDisqualificationReasons', reasons: ['bad-fit'] },
    { type: 'DisqualificationReasonsSet', data: { reasons: ['bad-fit'] } },
    { disqualificationReasons: ['bad-fit'] },
  ],
  [
    { type: 'SetChurnReasons', reasons: ['moved'] },
    { type: 'ChurnReasonsSet', data: { reasons: ['moved'] } },
    { churnReasons: ['moved'] },
  ],
  [
    {
      type: 'SetFollowUpPlan',
      plan: { on: 'loss', activities: [{ kind: 'call', subject: 'Check in', after: 'P90D' }] },
    },
    {
      type: 'FollowUpPlanSet',
      data: { on: 'loss', activities: [{ kind: 'call', subject: 'Check in', after: 'P90D' }] },
    },
    {
      followUpPlans: {
        ...DEFAULT_SETTINGS.followUpPlans,
        loss: [{ kind: 'call', subject: 'Check in', after: 'P90D' }],
      },
    },
  ],
  [
    { type: 'SetTargets', targets: [target] },
    { type: 'TargetsSet', data: { targets: [target] } },
    { targets: [target] },
  ],
];

describe('a policy', () => {
  it.each(POLICIES.map((each) => [each[1].type, ...each] as const))('is set by %s', (_, command, event, after) => {
    given(settings).when(command).then([event]);
    expect(now(event)).toEqual({ ...DEFAULT_SETTINGS, ...after });
    given(settings, [event]).when(command).thenNothing();
  });

  it('that says what holds by default changes nothing', () => {
    given(settings).when(zone('UTC')).thenNothing();
    given(settings).when({ type: 'SetReportingCurrency', currency: null }).thenNothing();
    given(settings).when({ type: 'SetLossReasons', reasons: DEFAULT_SETTINGS.lossReasons }).thenNothing();
    given(settings).when({ type: 'SetScoringModel', rules: [] }).thenNothing();
  });

  it('holds from its change on, and every version can be asked for', () => {
    const state = given(settings, [zoned('Europe/Berlin'), euro, zoned('Asia/Tokyo')]).state();
    expect(settingsAt(state, day(0) - 1)).toEqual(DEFAULT_SETTINGS);
    expect(settingsAt(state, day(0)).timeZone).toBe('Europe/Berlin');
    expect(settingsAt(state, day(1))).toMatchObject({ timeZone: 'Europe/Berlin', reportingCurrency: 'EUR' });
    expect(settingsAt(state, day(2)).timeZone).toBe('Asia/Tokyo');
    expect(settingsAt(null, day(2))).toEqual(DEFAULT_SETTINGS);
  });

  it('is never back-dated, whatever the clock says', () => {
    const history = [{ ...zoned('Europe/Berlin'), occurredAt: day(12) }];
    given(settings, history)
      .when(zone('UTC'))
      .then([{ ...zoned('UTC'), occurredAt: day(12) }]);
  });

  it('of an event that is not known cannot be folded', () => {
    const [event] = recorded([unknownEvent<SettingsEvent>('MoodSet')]);
    expect(() => event && evolveSettings(null, event)).toThrow(/unknown event/);
  });
});

describe('exchange rates and spend', () => {
  const rates = (...list: [string, string | null][]): SettingsCommand => ({
    type: 'SetExchangeRates',
    base: null,
    rates: list.map(([date, rate]) => ({ currency: 'USD', date, rate })),
  });

  it('are taken into the reporting currency, and only what changes is recorded', () => {
    given(settings)
      .when(rates(['2026-03-01', '0.92']))
      .thenRejected('invalid-request');
    const first: SettingsEvent = {
      type: 'ExchangeRatesSet',
      data: { base: 'EUR', rates: [{ currency: 'USD', date: '2026-03-01', rate: '0.92' }] },
    };
    given(settings, [euro])
      .when(rates(['2026-03-01', '0.92'], ['2026-03-02', null]))
      .then([first]);
    given(settings, [euro, first])
      .when(rates(['2026-03-01', '0.92']))
      .thenNothing();
    given(settings, [euro, first])
      .when(rates(['2026-03-01', null]))
      .then([
        {
          type: 'ExchangeRatesSet',
          data: { base: 'EUR', rates: [{ currency: 'USD', date: '2026-03-01', rate: null }] },
        },
      ]);
    expect(rateOn(now(euro, first).exchangeRates, 'EUR', 'USD', '2026-03-05')?.rate).toBe('0.92');
  });

  it('are known for policies of every day', () => {
    const first: SettingsEvent = {
      type: 'ExchangeRatesSet',
      data: { base: 'EUR', rates: [{ currency: 'USD', date: '2026-01-01', rate: '0.9' }] },
    };
    const state = given(settings, [first, euro]).state();
    expect(rateOn(settingsAt(state, day(-5)).exchangeRates, 'EUR', 'USD', '2026-01-02')?.rate).toBe('0.9');
  });

  it('of a month are replaced by what is said last, and taken away by zero', () => {
    const entry = spent('100.00');
    const set = (...entries: Spend[]): SettingsCommand => ({ type: 'SetSpend', entries });
    const event = (...entries: Spend[]): SettingsEvent => ({ type: 'SpendSet', data: { entries } });
    const sales = spent('5.00', { kind: 'sales' });
    given(settings)
      .when(set(entry, spent('0.00', { month: '2026-04' })))
      .then([event(entry)]);
    given(settings, [event(entry)])
      .when(set(entry))
      .thenNothing();
    given(settings, [event(entry)])
      .when(set(entry, sales))
      .then([event(sales)]);
    expect(now(event(sales, entry), event(spent('120.00'))).spend).toEqual([spent('120.00'), sales]);
    expect(now(event(sales, entry), event(spent('0.00'))).spend).toEqual([sales]);
  });
});

describe('settings that cannot be', () => {
  const calendar = (workingDays: number[], holidays: string[] = []): SettingsCommand => ({
    type: 'SetBusinessCalendar',
    calendar: { workingDays, holidays },
  });
  const questions = (...keys: string[]): SettingsCommand => ({
    type: 'SetQualificationPolicy',
    rules: { required: [], icpRequired: false, questions: keys.map((key) => ({ key, text: '?', required: false })) },
  });
  const targets = (...list: Partial<Target>[]): SettingsCommand => ({
    type: 'SetTargets',
    targets: list.map((change) => ({ ...target, ...change })),
  });
  const rate = (change: { currency?: string; date?: string; rate?: string }, base = 'EUR'): SettingsCommand => ({
    type: 'SetExchangeRates',
    base,
    rates: [{ currency: 'USD', date: '2026-03-01', rate: '1', ...change }],
  });
  const spend = (...entries: Spend[]): SettingsCommand => ({ type: 'SetSpend', entries });

  it.each<[string, SettingsCommand]>([
    ['/currency', { type: 'SetReportingCurrency', currency: 'XXX' }],
    ['/workingDays', calendar([])],
    ['/workingDays/0', calendar([8])],
    ['/workingDays/1', calendar([1, 1])],
    ['/holidays/0', calendar([1], ['2026-02-29'])],
    ['/questions/0/key', questions('budget')],
    ['/questions/1', questions('a', 'a')],
    ['/rules/1', { type: 'SetScoringModel', rules: [rule, rule] }],
    ['/reasons', { type: 'SetLossReasons', reasons: [] }],
    ['/reasons/1', { type: 'SetChurnReasons', reasons: ['a', 'a'] }],
    ['/targets/0/goal', targets({ metric: 'deals-won' })],
    ['/targets/0/goal', targets({ goal: 5 })],
    ['/targets/0/goal', targets({ goal: { amount: '-1.00', currency: 'EUR' } })],
    ['/targets/0', targets({ team: 'north' })],
    ['/targets/1', targets({}, {})],
    ['/base', rate({}, 'XXX')],
    ['/rates', { type: 'SetExchangeRates', base: 'EUR', rates: [] }],
    ['/rates/0/currency', rate({ currency: 'usd' })],
    ['/rates/0/currency', rate({ currency: 'EUR' })],
    ['/rates/0/date', rate({ date: '2026-02-30' })],
    ['/rates/0/rate', rate({ rate: '0' })],
    ['/entries', spend()],
    ['/entries/0/month', spend(spent('1.00', { month: '2026-13' }))],
    ['/entries/0/amount', spend(spent('-1.00'))],
    ['/entries/1', spend(spent('1.00'), spent('2.00'))],
  ])('are refused at %s', (path, command) => {
    const { decision } = given(settings).when(command);
    expect(decision).toMatchObject({ ok: false, rejection: { code: 'invalid-request', path } });
  });
});
