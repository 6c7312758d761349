import { convertedMinor, rateOn } from '#domain/settings/exchange-rates.js';
import type { Settings } from '#domain/settings/settings.js';
import { Temporal } from 'temporal-polyfill';
import type { MoneySums } from './money-list.js';
import { amountOf } from './money-list.js';

/** The object that stands beside lists of money: each list's sum in the reporting currency, under the list's name. */
export type Reporting<Name extends string> = Readonly<Record<Name, string | null>> & {
  readonly currency: string;
  /** The civil date that the rates are of: each the latest on or before it. */
  readonly rateDate: string;
  /** Currencies without a rate, sorted; a sum that would need one is null. */
  readonly missingRates: readonly string[];
};

/** The rates of one civil date into the reporting currency (metrics.md, "Money"). */
export class ReportingRates {
  readonly #rates = new Map<string, string | null>();

  private constructor(
    private readonly settings: Settings,
    readonly currency: string,
    readonly date: string,
  ) {}

  /** The rates of the civil date that the instant is on in the zone; null: there is no reporting currency. */
  static at(settings: Settings, instant: number, zone: string): ReportingRates | null {
    const { reportingCurrency } = settings;
    if (reportingCurrency === null) return null;
    const date = Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(zone).toPlainDate();
    return new ReportingRates(settings, reportingCurrency, date.toString());
  }

  /** `scale` says for each list how many of its units make one minor unit of money. */
  report<Name extends string>(
    lists: Readonly<Record<Name, { readonly sums: MoneySums; readonly scale?: bigint }>>,
  ): Reporting<Name> {
    const missing = new Set<string>();
    const amounts: Partial<Record<Name, string | null>> = {};
    for (const name in lists) {
      const { sums, scale } = lists[name];
      const lacking = sums.currencies().filter((currency) => this.#rate(currency) === null);
      for (const currency of lacking) missing.add(currency);
      amounts[name] = lacking.length > 0 ? null : this.#sum(sums, scale);
    }
    // Every name of `lists` was given an amount.
    const reported = amounts as Record<Name, string | null>;
    return { currency: this.currency, ...reported, rateDate: this.date, missingRates: [...missing].sort() };
  }

  #sum(sums: MoneySums, scale: bigint | undefined): string {
    const parts = sums.currencies().map((currency) => ({
      currency,
      minor: sums.get(currency),
      rate: this.#rate(currency) ?? '0',
    }));
    return amountOf(convertedMinor(parts, this.currency, scale), this.currency);
  }

  #rate(currency: string): string | null {
    if (currency === this.currency) return '1';
    const known = this.#rates.get(currency);
    if (known !== undefined) return known;
    const rate = rateOn(this.settings.exchangeRates, this.currency, currency, this.date)?.rate ?? null;
    this.#rates.set(currency, rate);
    return rate;
  }
}
