import type { ViewReads, ViewSchema } from '#view-store/port.js';
import type { Restore } from './view.js';

const ROWS_PER_READ = 1_000;

/** The states of those keys that have a row. */
export async function restoreStates<State extends object>(
  store: Pick<ViewReads, 'read'>,
  schema: ViewSchema,
  restore: Restore<State>,
  keys: readonly string[],
): Promise<ReadonlyMap<string, State>> {
  const byId = new Map(keys.map((key) => [restore.id(key), key]));
  const ids = [...byId.keys()];
  const states = new Map<string, State>();
  for (let first = 0; first < ids.length; first += ROWS_PER_READ) {
    const wanted = ids.slice(first, first + ROWS_PER_READ);
    const { results } = await store.read(schema, [
      { kind: 'find', table: restore.table, where: { columns: { id: { in: wanted } } }, limit: wanted.length },
    ]);
    for (const row of results[0].rows) {
      const key = byId.get(String(row.id));
      if (key !== undefined) states.set(key, restore.state(row));
    }
  }
  return states;
}
