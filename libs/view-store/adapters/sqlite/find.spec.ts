import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EXAMPLE } from '../../contract/examples.js';
import type { FindRequest } from '../../port.js';
import { SqliteDatabase } from './database.js';
import { find, firstPageSql } from './find.js';
import { SqliteViewStore } from './view-store.js';

let folder = '';
/** Of the view EXAMPLE. */
let path = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'views-plan-'));
  path = join(folder, `${EXAMPLE.view}.db`);
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

describe('the plan of a query', () => {
  const plan = (request: FindRequest): readonly string[] => {
    const database = SqliteDatabase.open(path, { cacheMiB: 1 });
    try {
      const { sql, params } = firstPageSql(EXAMPLE, request);
      return database.rows(`EXPLAIN QUERY PLAN ${sql}`, params).map((row) => String(row[3]));
    } finally {
      database.close();
    }
  };

  async function prepared(): Promise<void> {
    const store = SqliteViewStore.open(folder);
    await store.prepare(EXAMPLE);
    await store.createIndexes(EXAMPLE);
    await store.close();
  }

  it.each([
    ['ascending', false],
    ['descending', true],
  ])('of a column of a board is a range of its index, %s, without sorting', async (_, descending) => {
    await prepared();
    const steps = plan({
      kind: 'find',
      table: 'card',
      where: { columns: { from: 'board', kind: 'stage' } },
      sort: [{ column: 'at', descending }],
      limit: 20,
    });
    expect(steps).toEqual([expect.stringMatching(/USING INDEX .*card_by_from_kind_at.* \(from=\? AND kind=\?\)/)]);
  });

  it('of entries with an integer id is a range of their index as well', async () => {
    await prepared();
    const steps = plan({
      kind: 'find',
      table: 'entry',
      where: { columns: { stream: 's' } },
      sort: [{ column: 'at', descending: true }],
      limit: 20,
    });
    expect(steps).toEqual([expect.stringMatching(/INDEX .*entry_by_stream_at.* \(stream=\?\)/)]);
  });

  it('of a prefix and of a list of values uses the index', async () => {
    await prepared();
    const prefix = plan({ kind: 'find', table: 'card', where: { columns: { name: { prefix: 'ab' } } }, limit: 20 });
    expect(prefix.join()).toMatch(/card_by_name.* \(name>\? AND name<\?\)/);
    const list = plan({ kind: 'find', table: 'card', where: { columns: { name: { in: ['a', 'b'] } } }, limit: 20 });
    expect(list.join()).toMatch(/card_by_name.* \(name=\?\)/);
  });

  it('of every next page is a range too, with nulls and mixed directions', async () => {
    await prepared();
    const database = SqliteDatabase.open(path, { cacheMiB: 1 });
    const seen: string[] = [];
    const rows = database.rows.bind(database);
    database.rows = (sql, params) => {
      seen.push(...rows(`EXPLAIN QUERY PLAN ${sql}`, params).map((row) => String(row[3])));
      return rows(sql, params);
    };
    for (const descending of [false, true]) {
      for (const value of [5, null]) {
        find(database, EXAMPLE, {
          kind: 'find',
          table: 'card',
          where: { columns: { from: 'b', kind: 's' } },
          sort: [{ column: 'at', descending }],
          limit: 20,
          after: [value, 'id'],
        });
      }
    }
    database.close();
    expect(seen.length).toBeGreaterThan(5);
    for (const step of seen) expect(step).toMatch(/card_by_from_kind_at.* \(from=\? AND kind=\? AND at/);
  });
});
