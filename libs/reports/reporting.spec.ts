import { NO_RATES, withRates } from '#domain/settings/exchange-rates.js';
import { DEFAULT_SETTINGS } from '#domain/settings/settings.js';
import { MoneySums } from './money-list.js';
import { ReportingRates } from './reporting.js';
import { at } from './testing/play.js';

const exchangeRates = withRates(NO_RATES, 'EUR', [{ currency: 'USD', date: '2026-03-01', rate: '0.92' }]);
const SETTINGS = { ...DEFAULT_SETTINGS, reportingCurrency: 'EUR', exchangeRates };

function sums(...parts: [string, number][]): MoneySums {
  const all = new MoneySums();
  for (const [currency, minor] of parts) all.add(currency, minor);
  return all;
}

const report = (instant: string, zone: string, value: MoneySums) =>
  ReportingRates.at(SETTINGS, at(instant), zone)?.report({ value: { sums: value } });

describe('money in the reporting currency', () => {
  it('is nothing while there is none', () => {
    expect(ReportingRates.at(DEFAULT_SETTINGS, at('2026-03-01'), 'UTC')).toBeNull();
  });

  it('takes the latest rate on or before the civil date', () => {
    expect(report('2026-03-05', 'UTC', sums(['USD', 1000], ['EUR', 50]))).toEqual({
      currency: 'EUR',
      value: '9.70',
      rateDate: '2026-03-05',
      missingRates: [],
    });
  });

  it('is null where a rate is missing, and names it', () => {
    const before = report('2026-02-28T23:30:00.000Z', 'UTC', sums(['USD', 1000], ['GBP', 1]));
    expect(before).toEqual({ currency: 'EUR', value: null, rateDate: '2026-02-28', missingRates: ['GBP', 'USD'] });
    // It is the next day already in Berlin.
    expect(report('2026-02-28T23:30:00.000Z', 'Europe/Berlin', sums(['USD', 1000]))?.value).toBe('9.20');
  });

  it('of no money at all is zero', () => {
    expect(report('2026-02-28', 'UTC', sums())?.value).toBe('0.00');
  });
});
