import type { Family, Sample } from './exposition.js';

/** Values by their labels, in the order in which they were first seen. */
class Labelled<T> {
  readonly #values = new Map<string, { readonly labels: readonly string[]; readonly value: T }>();

  constructor(
    private readonly names: readonly string[],
    private readonly fresh: () => T,
  ) {}

  at(labels: readonly string[]): T {
    const key = labels.join('\u0000');
    let found = this.#values.get(key);
    if (found === undefined) this.#values.set(key, (found = { labels, value: this.fresh() }));
    return found.value;
  }

  *each(): Generator<readonly [labels: Readonly<Record<string, string>>, value: T]> {
    for (const { labels, value } of this.#values.values()) {
      yield [Object.fromEntries(this.names.map((name, index) => [name, labels[index] ?? ''])), value];
    }
  }
}

/** Something that is counted, and never goes back while the process lives. */
export class Counter {
  readonly #counts: Labelled<{ count: number }>;

  /** @param name as the convention has it: the unit, and `_total` in the end */
  constructor(
    private readonly name: string,
    private readonly help: string,
    labels: readonly string[],
  ) {
    this.#counts = new Labelled(labels, () => ({ count: 0 }));
  }

  /** @param labels in the order of their names; few different ones: each is kept for ever */
  add(labels: readonly string[]): void {
    this.#counts.at(labels).count += 1;
  }

  family(): Family {
    const samples = [...this.#counts.each()].map(([labels, { count }]) => ({ labels, value: count }));
    return { name: this.name, type: 'counter', help: this.help, samples };
  }
}

interface Distribution {
  /** For each bound the values up to it and above the one before; the last is for all above. */
  readonly counts: number[];
  sum: number;
}

/** How something that is measured is distributed. */
export class Histogram {
  readonly #distributions: Labelled<Distribution>;

  /** @param bounds upper, ascending, in the unit of the name */
  constructor(
    private readonly name: string,
    private readonly help: string,
    labels: readonly string[],
    private readonly bounds: readonly number[],
  ) {
    this.#distributions = new Labelled(labels, () => ({
      counts: new Array<number>(bounds.length + 1).fill(0),
      sum: 0,
    }));
  }

  /** @param labels in the order of their names; few different ones: each is kept for ever */
  observe(labels: readonly string[], value: number): void {
    const distribution = this.#distributions.at(labels);
    let index = 0;
    while (value > (this.bounds[index] ?? Infinity)) index += 1;
    distribution.counts[index] = (distribution.counts[index] ?? 0) + 1;
    distribution.sum += value;
  }

  family(): Family {
    const samples: Sample[] = [];
    for (const [labels, { counts, sum }] of this.#distributions.each()) {
      let below = 0;
      for (const [index, count] of counts.entries()) {
        below += count;
        samples.push({
          suffix: '_bucket',
          labels: { ...labels, le: String(this.bounds[index] ?? '+Inf') },
          value: below,
        });
      }
      samples.push({ suffix: '_sum', labels, value: sum }, { suffix: '_count', labels, value: below });
    }
    return { name: this.name, type: 'histogram', help: this.help, samples };
  }
}
