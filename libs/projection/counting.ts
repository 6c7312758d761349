import type { Increment, ViewSchema } from '#view-store/port.js';
import { counterOf } from '#view-store/schema.js';

/**
 * Adds up increments by counter and dimensions, so that a batch writes each counter row once. What cancels out is
 * left out.
 */
export class Counting {
  private readonly sums = new Map<string, { readonly first: Increment; readonly measures: Record<string, number> }>();
  /** Sums that would have left the safe integers: the store adds them exactly. */
  private readonly full: Increment[] = [];

  constructor(private readonly schema: ViewSchema) {}

  add(increment: Increment, sign: 1 | -1): void {
    const key = counterKey(this.schema, increment);
    let sum = this.sums.get(key);
    if (sum === undefined) {
      sum = { first: increment, measures: {} };
      this.sums.set(key, sum);
    }
    for (const measure in increment.measures) {
      const value = sign * (increment.measures[measure] ?? 0);
      const total = (sum.measures[measure] ?? 0) + value;
      if (Number.isSafeInteger(total)) {
        sum.measures[measure] = total;
      } else {
        this.full.push({ ...increment, measures: { [measure]: sum.measures[measure] ?? 0 } });
        sum.measures[measure] = value;
      }
    }
  }

  increments(): readonly Increment[] {
    const result = [...this.full];
    for (const { first, measures } of this.sums.values()) {
      if (Object.values(measures).some((value) => value !== 0)) {
        result.push({ counter: first.counter, dimensions: first.dimensions, measures });
      }
    }
    return result;
  }
}

/** Identifies a counter row, whatever the order in which the dimensions are given. */
export function counterKey(schema: ViewSchema, { counter, dimensions }: Increment): string {
  let key = counter;
  for (const name in counterOf(schema, counter).dimensions) {
    const value = dimensions[name] ?? null;
    // Texts with their lengths, so that none can look like the next one's beginning.
    key += typeof value === 'string' ? ` ${value.length}"${value}` : ` ${value}`;
  }
  return key;
}
