import type { JourneyPath } from '#views/deal-history/journey.js';
import type { Interval } from '../interval.js';
import { MoneySums } from '../money-list.js';
import { CloseTally } from './close-tally.js';
import type { Close, DealSize, SalesCycle, ValueRate } from './close-tally.js';
import { CohortRateTally } from './cohort-rate.js';
import type { CohortRate } from './cohort-rate.js';
import { realised, revenueGrowth, VelocityTally } from './velocity.js';
import type { RealisedVelocity, RevenueGrowth, Velocity } from './velocity.js';

/** The intervals that performance looks at: the window, as many days before it, and the days before `asOf`. */
export interface PerformanceWindows {
  readonly window: Interval;
  readonly previous: Interval;
  readonly velocity: Interval;
  /** Civil days of the window. */
  readonly days: number;
}

export interface PerformanceRest {
  readonly winRate: {
    readonly closed: { readonly ratio: number | null; readonly won: number; readonly lost: number };
    readonly cohort: CohortRate;
    readonly value: readonly ValueRate[];
  };
  readonly excluded: { readonly voided: number; readonly merged: number };
  readonly dealSize: readonly DealSize[];
  readonly withoutValue: number;
  readonly salesCycle: SalesCycle;
  readonly velocity: { readonly potential: readonly Velocity[]; readonly realised: readonly RealisedVelocity[] };
  readonly revenueGrowth: readonly RevenueGrowth[];
}

/** One performance report in the making: the whole, or a group. */
export class PerformanceTally {
  readonly #closes = new CloseTally();
  readonly #previousValue = new MoneySums();
  readonly #velocity = new VelocityTally();
  readonly #cohort = new CohortRateTally();

  constructor(
    private readonly windows: PerformanceWindows,
    private readonly minSample: number,
  ) {}

  /** Closes in the window. */
  get n(): number {
    return this.#closes.won + this.#closes.lost;
  }

  /** A close may be in several of the intervals. */
  addClose(close: Close): void {
    const { window, previous, velocity } = this.windows;
    if (contains(window, close.closedAt)) this.#closes.add(close);
    if (contains(velocity, close.closedAt)) this.#velocity.addClose(close);
    const { won, currency, value } = close;
    if (won && currency !== null && value !== null && contains(previous, close.closedAt)) {
      this.#previousValue.add(currency, value);
    }
  }

  addOpen(currency: string | null): void {
    this.#velocity.addOpen(currency);
  }

  addToCohort(path: JourneyPath, pipelineId: string | null): void {
    this.#cohort.add(path, pipelineId);
  }

  result(): PerformanceRest {
    const closes = this.#closes;
    const { voided, merged } = this.#cohort;
    return {
      winRate: { closed: closes.winRate(), cohort: this.#cohort.result(), value: closes.valueRates() },
      excluded: { voided, merged },
      dealSize: closes.dealSizes(),
      withoutValue: closes.withoutValue,
      salesCycle: closes.salesCycle(),
      velocity: {
        potential: this.#velocity.result(this.minSample),
        realised: realised(closes.wonValue, this.windows.days),
      },
      revenueGrowth: revenueGrowth(closes.wonValue, this.#previousValue),
    };
  }
}

function contains({ from, to }: Interval, instant: number): boolean {
  return from <= instant && instant < to;
}
