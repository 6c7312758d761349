import type { JourneyPath } from '#views/deal-history/journey.js';
import type { CivilInterval, Interval } from '../interval.js';
import { CohortTally } from './cohort-tally.js';
import type { FunnelFrame, FunnelParams } from './funnel.params.js';
import type { FunnelBody, FunnelRest } from './funnel.answer.js';
import { outcomeOf } from './journey-at.js';
import { measure } from './measure.js';
import { exitsOf, PeriodTally } from './period-tally.js';
import { transitionsOf, TransitionTally } from './transitions.js';

/** A part of the window, for each of which the funnel is counted apart. */
export interface FunnelPart {
  readonly dates: CivilInterval;
  readonly interval: Interval;
}

/** One funnel in the making: the whole, its buckets and its transitions. */
export class FunnelTally {
  readonly #whole: Counted;
  readonly #parts: readonly { readonly part: FunnelPart; readonly counted: Counted }[];
  readonly #transitions = new TransitionTally();

  constructor(
    private readonly params: FunnelParams,
    private readonly frame: FunnelFrame,
    parts: readonly FunnelPart[],
  ) {
    const make = (): Counted =>
      params.basis === 'cohort'
        ? new CohortTally(frame.ladder.stages, params.mode)
        : new PeriodTally(frame.ladder.stages);
    this.#whole = make();
    this.#parts = parts.map((part) => ({ part, counted: make() }));
  }

  get n(): number {
    return this.#whole.n;
  }

  /** `path`: as it stood at the instant of the question. */
  add(path: JourneyPath): void {
    const { pipelineId, basis, mode, restate } = this.params;
    const { ladder, interval } = this.frame;
    if (outcomeOf(path, null) === 'voided') return;
    if (basis === 'cohort') {
      const facts = measure(path, pipelineId, ladder, restate);
      if (facts === null) return;
      for (const counted of this.#at(facts.first.at)) if (counted instanceof CohortTally) counted.add(facts);
    } else {
      for (const exit of exitsOf(path, pipelineId, ladder, restate)) {
        if (!contains(interval, exit.at)) continue;
        for (const counted of this.#at(exit.at)) if (counted instanceof PeriodTally) counted.add(exit);
      }
    }
    if (mode !== 'transitions') return;
    for (const transition of transitionsOf(path, pipelineId, ladder, restate)) {
      if (basis === 'cohort' || contains(interval, transition.at)) this.#transitions.add(transition);
    }
  }

  result(): FunnelRest {
    return {
      ...this.#body(this.#whole),
      transitions: this.#transitions.result(this.frame.ladder),
      buckets: this.#parts.map(({ part, counted }) => ({ ...part.dates, n: counted.n, ...this.#body(counted) })),
    };
  }

  *#at(instant: number): Iterable<Counted> {
    yield this.#whole;
    const counted = this.#partAt(instant);
    if (counted !== undefined) yield counted;
  }

  /** By halving: the parts are in order, without gaps. */
  #partAt(instant: number): Counted | undefined {
    let [low, high] = [0, this.#parts.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#parts[middle]?.part.interval.to ?? 0) <= instant) low = middle + 1;
      else high = middle;
    }
    const found = this.#parts[low];
    return found !== undefined && contains(found.part.interval, instant) ? found.counted : undefined;
  }

  #body(counted: Counted): FunnelBody {
    if (counted instanceof CohortTally) return counted.result(this.frame.isRetired);
    return { maturity: null, stages: counted.result(this.frame.isRetired), won: null };
  }
}

type Counted = CohortTally | PeriodTally;

function contains({ from, to }: Interval, instant: number): boolean {
  return from <= instant && instant < to;
}
