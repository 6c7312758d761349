import { type CounterSum, type FoldedView } from '../fold.js';
import { counterKey } from '../counting.js';
import { idOf } from '../view.js';
import type { TableRow } from '../view.js';
import type { ViewReads, ViewSchema } from '#view-store/port.js';

/** All that a store holds of a view, in the form of `foldView`. */
export async function storedView(store: ViewReads, schema: ViewSchema): Promise<FoldedView> {
  const rows = new Map<string, TableRow>();
  for (const [table, { columns }] of Object.entries(schema.tables)) {
    for await (const chunk of store.scan(schema, { table, columns: Object.keys(columns) })) {
      for (const row of chunk) rows.set(idOf({ table, row }), { table, row });
    }
  }
  const counters = new Map<string, CounterSum>();
  for (const [counter, { dimensions, measures }] of Object.entries(schema.counters)) {
    const { results } = await store.read(schema, [
      { kind: 'sum', counter, groupBy: Object.keys(dimensions), sums: measures },
    ]);
    for (const { key, sums } of results[0]) {
      if (Object.values(sums).every((sum) => sum === 0n)) continue;
      counters.set(counterKey(schema, { counter, dimensions: key, measures: {} }), {
        counter,
        dimensions: key,
        measures: sums,
      });
    }
  }
  return { rows, counters };
}

/** The same view with the differences that do not count evened out: columns left out are null, measures left out 0. */
export function comparable(schema: ViewSchema, view: FoldedView): unknown {
  const rows = [...view.rows].map(([id, { table, row }]): [unknown, unknown] => [
    id,
    Object.keys(schema.tables[table]?.columns ?? {}).map((column) => row[column] ?? null),
  ]);
  const counters = [...view.counters].map(([id, { counter, measures }]): [unknown, unknown] => [
    id,
    schema.counters[counter]?.measures.map((measure) => String(measures[measure] ?? 0n)),
  ]);
  return { rows: new Map<unknown, unknown>(rows), counters: new Map<unknown, unknown>(counters) };
}
