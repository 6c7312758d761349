import type { ColumnType, ColumnValue, Commit, Row, TableDefinition, Upsert, ViewSchema } from '../../port.js';
import { tableOf } from '../../schema.js';
import type { SqliteDatabase, SqlValue } from './database.js';
import { quote, tableName } from './tables.js';
import { toSql } from './values.js';

/** Each call of a statement costs 2 to 3 microseconds beside its parameters, a parameter 0.1 to 0.3. */
const ROWS_PER_STATEMENT = 16;

/** Stores rows that fit their tables, in the order given; some of them wait for `flush`. */
export class RowsWriter {
  private readonly writers = new Map<string, RowWriter>();

  constructor(
    private readonly database: SqliteDatabase,
    private readonly schema: ViewSchema,
  ) {}

  write(upserts: Commit['upserts']): void {
    for (const upsert of upserts) this.writer(upsert.table).write(upsert);
  }

  flush(): void {
    for (const writer of this.writers.values()) writer.flush();
  }

  private writer(table: string): RowWriter {
    let writer = this.writers.get(table);
    if (writer === undefined) {
      writer = new RowWriter(this.database, tableName(this.schema, table), tableOf(this.schema, table));
      this.writers.set(table, writer);
    }
    return writer;
  }
}

/** Writes rows of one table: whole ones many at a time, and of those whose stored form is known only what differs. */
class RowWriter {
  private readonly name: string;
  private readonly columns: readonly string[];
  private readonly types: readonly ColumnType[];
  private readonly idType: ColumnType;
  /** Rows that follow each other often share their sets and JSON: those are written once. */
  private readonly shared: { value: ColumnValue; sql: SqlValue }[];
  /** Whole rows, by id: a later change of one of them must not overtake it. */
  private readonly waiting = new Map<string | number, Row>();
  private readonly upserts = new Map<string, string>();
  private readonly updates = new Map<string, string>();

  constructor(
    private readonly database: SqliteDatabase,
    name: string,
    definition: TableDefinition,
  ) {
    this.name = quote(name);
    this.idType = definition.id;
    this.columns = Object.keys(definition.columns);
    this.types = Object.values(definition.columns);
    this.shared = this.columns.map(() => ({ value: null, sql: null }));
  }

  write({ row, previous }: Upsert): void {
    const waits = this.waiting.has(row.id);
    if (previous !== undefined && !waits && this.update(row, previous)) return;
    this.waiting.set(row.id, row);
    if (this.waiting.size === ROWS_PER_STATEMENT) this.insert([...this.waiting.values()]);
  }

  flush(): void {
    for (const row of [...this.waiting.values()]) this.insert([row]);
  }

  /** Columns in which none of the rows has a value cost nothing: they are left out. */
  private insert(rows: readonly Row[]): void {
    const given: number[] = [];
    for (let index = 0; index < this.columns.length; index++) {
      const column = this.columns[index] ?? '';
      if (rows.some((row) => row[column] != null)) given.push(index);
    }
    // Of the right length at once: pushed one by one, hundreds of them are copied over and over.
    const params = new Array<SqlValue>(rows.length * (given.length + 1));
    let next = 0;
    for (const row of rows) {
      params[next++] = toSql(this.idType, row.id);
      for (const index of given) params[next++] = this.stored(index, row[this.columns[index] ?? '']);
    }
    this.database.run(this.upsertSql(given, rows.length), params);
    for (const { id } of rows) this.waiting.delete(id);
  }

  /**
   * Writes what differs, and so touches only the indexes of those columns. Sets and JSON are in no index: they are
   * written unless they are the very same.
   * @returns false when the store does not hold the row
   */
  private update(row: Row, previous: Row): boolean {
    const { columns } = this;
    const changed: number[] = [];
    const params: SqlValue[] = [];
    for (let index = 0; index < columns.length; index++) {
      const column = columns[index] ?? '';
      const value = row[column] ?? null;
      if (value === (previous[column] ?? null)) continue;
      changed.push(index);
      params.push(this.stored(index, value));
    }
    if (changed.length === 0) return true;
    params.push(toSql(this.idType, row.id));
    return this.database.run(this.updateSql(changed), params) > 0;
  }

  private stored(index: number, value: ColumnValue | undefined): SqlValue {
    const type = this.types[index] ?? 'string';
    const memo = this.shared[index];
    if (typeof value !== 'object' || value === null || memo === undefined) return toSql(type, value);
    if (memo.value !== value) {
      memo.value = value;
      memo.sql = toSql(type, value);
    }
    return memo.sql;
  }

  private updateSql(changed: readonly number[]): string {
    const key = changed.join();
    let sql = this.updates.get(key);
    if (sql === undefined) {
      const sets = changed.map((index) => `${quote(this.columns[index] ?? '')} = ?`).join(', ');
      sql = `UPDATE ${this.name} SET ${sets} WHERE "id" = ?`;
      this.updates.set(key, sql);
    }
    return sql;
  }

  private upsertSql(given: readonly number[], rows: number): string {
    const key = `${rows} ${given.join()}`;
    let sql = this.upserts.get(key);
    if (sql === undefined) {
      const columns = ['id', ...given.map((index) => this.columns[index] ?? '')].map(quote).join(', ');
      const row = `(?${', ?'.repeat(given.length)})`;
      const values = Array.from({ length: rows }, () => row).join(', ');
      // Of a column that is left out, the row that is offered has null. In place: a replaced row would move to the end,
      // and its entry in the index of the ids with it.
      const updates = this.columns.map((column) => `${quote(column)} = excluded.${quote(column)}`).join(', ');
      const action = updates === '' ? 'NOTHING' : `UPDATE SET ${updates}`;
      sql = `INSERT INTO ${this.name} (${columns}) VALUES ${values} ON CONFLICT ("id") DO ${action}`;
      this.upserts.set(key, sql);
    }
    return sql;
  }
}
