import type { ColumnType, CounterDefinition, Increment, ViewSchema } from '../../port.js';
import { counterOf } from '../../schema.js';
import type { SqliteDatabase, SqlValue } from './database.js';
import { BILLION } from './sum.js';
import { counterName, highColumn, lowColumn, quote } from './tables.js';
import { toSql } from './values.js';

/** Adds increments that fit their counters. */
export class CountersWriter {
  private readonly writers = new Map<string, CounterWriter>();

  constructor(
    private readonly database: SqliteDatabase,
    private readonly schema: ViewSchema,
  ) {}

  add(increment: Increment): void {
    const { counter } = increment;
    let writer = this.writers.get(counter);
    if (writer === undefined) {
      writer = new CounterWriter(this.database, counterName(this.schema, counter), counterOf(this.schema, counter));
      this.writers.set(counter, writer);
    }
    writer.add(increment);
  }
}

/**
 * Adds to the two parts of each measure and carries between them, so that both stay far inside 64 bits whatever the
 * number of increments. A row that has come to zero is removed.
 */
class CounterWriter {
  private readonly dimensions: readonly string[];
  private readonly types: readonly ColumnType[];
  private readonly measures: readonly string[];
  private readonly upsert: string;
  private readonly removeZero: string;

  constructor(
    private readonly database: SqliteDatabase,
    name: string,
    counter: CounterDefinition,
  ) {
    this.dimensions = Object.keys(counter.dimensions);
    this.types = Object.values(counter.dimensions);
    this.measures = counter.measures;
    this.upsert = upsertSql(quote(name), this.dimensions, this.measures);
    const parts = this.measures.flatMap((measure) => [highColumn(measure), lowColumn(measure)]);
    this.removeZero = `DELETE FROM ${quote(name)} WHERE "id" = ? AND ${parts.map((part) => `${quote(part)} = 0`).join(' AND ')}`;
  }

  add({ dimensions, measures }: Increment): void {
    const values = this.dimensions.map((dimension) => dimensions[dimension] ?? null);
    const id = JSON.stringify(values);
    const params: SqlValue[] = [id];
    for (let index = 0; index < values.length; index++) {
      params.push(toSql(this.types[index] ?? 'string', values[index]));
    }
    let mayBeZero = false;
    for (const measure of this.measures) {
      const value = measures[measure] ?? 0;
      // As bigints: libsql binds a JS number as REAL, and the carry needs whole numbers.
      params.push(BigInt(Math.trunc(value / BILLION)), BigInt(value % BILLION));
      mayBeZero ||= value < 0;
    }
    this.database.run(this.upsert, params);
    if (mayBeZero) this.database.run(this.removeZero, [id]);
  }
}

function upsertSql(name: string, dimensions: readonly string[], measures: readonly string[]): string {
  const columns = ['id', ...dimensions, ...measures.flatMap((measure) => [highColumn(measure), lowColumn(measure)])];
  const updates = measures.flatMap((measure) => {
    const high = quote(highColumn(measure));
    const low = quote(lowColumn(measure));
    return [
      `${high} = ${high} + excluded.${high} + (${low} + excluded.${low}) / ${BILLION}`,
      `${low} = (${low} + excluded.${low}) % ${BILLION}`,
    ];
  });
  return `INSERT INTO ${name} (${columns.map(quote).join(', ')}) VALUES (${columns.map(() => '?').join(', ')})
    ON CONFLICT ("id") DO UPDATE SET ${updates.join(', ')}`;
}
