import type { ClientSession, Db, Document } from 'mongodb';
import type { Increment, ViewSchema } from '../../port.js';
import { counterOf } from '../../schema.js';
import type { CollectionNames } from './names.js';
import { BILLION, highField, lowField } from './sum.js';
import { toStored } from './values.js';

interface Total {
  readonly dimensions: Increment['dimensions'];
  readonly measures: Map<string, bigint>;
}

/**
 * Adds increments to the stored counters, each measure as billions and the rest (both with the sign of the sum of the
 * commit). Nothing is carried from the rest to the billions: that would have to read first. A rest would overflow after
 * 9 billion commits to one row, which the server refuses as an error.
 */
export async function storeIncrements(
  database: Db,
  session: ClientSession,
  schema: ViewSchema,
  names: CollectionNames,
  increments: readonly Increment[],
): Promise<void> {
  for (const [counter, totals] of addUp(schema, increments)) {
    const definition = counterOf(schema, counter);
    const collection = database.collection<{ _id: string }>(names.counter(counter));
    await collection.bulkWrite(
      [...totals].map(([id, total]) => ({
        updateOne: { filter: { _id: id }, update: changeOf(definition.dimensions, total), upsert: true },
      })),
      { session, ordered: false },
    );
    const lessened = [...totals].filter(([, { measures }]) => [...measures.values()].some((value) => value < 0n));
    if (lessened.length === 0) continue;
    const zero = definition.measures.flatMap((measure) => [highField(measure), lowField(measure)]);
    await collection.deleteMany(
      { _id: { $in: lessened.map(([id]) => id) }, ...Object.fromEntries(zero.map((field) => [field, 0])) },
      { session },
    );
  }
}

function addUp(schema: ViewSchema, increments: readonly Increment[]): ReadonlyMap<string, ReadonlyMap<string, Total>> {
  const counters = new Map<string, Map<string, Total>>();
  for (const { counter, dimensions, measures } of increments) {
    const definition = counterOf(schema, counter);
    const id = JSON.stringify(Object.keys(definition.dimensions).map((dimension) => dimensions[dimension] ?? null));
    const totals = counters.get(counter) ?? new Map<string, Total>();
    counters.set(counter, totals);
    const total = totals.get(id) ?? { dimensions, measures: new Map<string, bigint>() };
    totals.set(id, total);
    for (const measure of definition.measures) {
      total.measures.set(measure, (total.measures.get(measure) ?? 0n) + BigInt(measures[measure] ?? 0));
    }
  }
  return counters;
}

function changeOf(dimensions: Readonly<Record<string, 'string' | 'integer'>>, total: Total): Document {
  const parts = [...total.measures].flatMap(([measure, value]): [string, bigint][] => [
    [highField(measure), value / BigInt(BILLION)],
    [lowField(measure), value % BigInt(BILLION)],
  ]);
  const columns = Object.entries(dimensions).map(([name, type]) => [name, toStored(type, total.dimensions[name])]);
  return {
    ...(parts.length === 0 ? {} : { $inc: Object.fromEntries(parts) }),
    $setOnInsert: Object.fromEntries(columns) as Document,
  };
}
