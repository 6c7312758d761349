import type { ColumnType, Condition, TableDefinition, Where } from '../../port.js';
import type { SqlValue } from './database.js';
import { quote } from './tables.js';
import { encodeText, endOfPrefix } from './text.js';

/** A condition in SQL with its parameters. */
export interface Sql {
  readonly sql: string;
  readonly params: readonly SqlValue[];
}

export const TRUE: Sql = { sql: '1', params: [] };
const FALSE: Sql = { sql: '0', params: [] };

/** Translates checked conditions. */
export function compileWhere(table: TableDefinition, where: Where | undefined): Sql {
  const parts = Object.entries(where?.columns ?? {}).map(([column, condition]) => {
    return compileCondition(column, column === 'id' ? table.id : (table.columns[column] ?? 'string'), condition);
  });
  if (where?.anyOf !== undefined) parts.push(anyOf(where.anyOf.map((alternative) => compileWhere(table, alternative))));
  return allOf(parts);
}

export function allOf(parts: readonly Sql[]): Sql {
  const needed = parts.filter((part) => part !== TRUE);
  if (needed.length === 0) return TRUE;
  return { sql: needed.map((part) => part.sql).join(' AND '), params: needed.flatMap((part) => part.params) };
}

/** As a balanced tree: SQLite limits the depth of an expression, and a plain chain of ORs is as deep as it is long. */
function anyOf(parts: readonly Sql[]): Sql {
  const [first, second] = parts;
  if (first === undefined) return FALSE;
  if (second === undefined) return { sql: `(${first.sql})`, params: first.params };
  const half = Math.ceil(parts.length / 2);
  const left = anyOf(parts.slice(0, half));
  const right = anyOf(parts.slice(half));
  return { sql: `(${left.sql} OR ${right.sql})`, params: [...left.params, ...right.params] };
}

/**
 * Whether the JSON text of a set has the member: as the first, or behind a comma. Inside of a string a quote follows
 * a backslash, so that neither is found there. Far cheaper than to parse the text of each row.
 */
function membersOf(name: string, member: string): Sql[] {
  const json = JSON.stringify(member);
  return ['[', ','].map((before) => ({ sql: `instr(${name}, ?) > 0`, params: [`${before}${json}`] }));
}

function compileCondition(column: string, type: ColumnType, condition: Condition): Sql {
  const name = quote(column);
  if (condition === null) return { sql: `${name} IS NULL`, params: [] };
  if (typeof condition !== 'object') return { sql: `${name} = ?`, params: [value(condition)] };
  const parts: Sql[] = [];
  const compare = (operator: string, operand: string | number | undefined): void => {
    if (operand !== undefined) parts.push({ sql: `${name} ${operator} ?`, params: [value(operand)] });
  };
  compare('>', condition.gt);
  compare('>=', condition.gte);
  compare('<', condition.lt);
  compare('<=', condition.lte);
  if (condition.prefix !== undefined) {
    const prefix = encodeText(condition.prefix);
    const end = endOfPrefix(prefix);
    compare('>=', condition.prefix);
    if (end !== null) parts.push({ sql: `${name} < ?`, params: [end] });
  }
  if (condition.contains !== undefined) {
    parts.push({ sql: `instr(${name}, ?) > 0`, params: [encodeText(condition.contains)] });
  }
  if (condition.in !== undefined) {
    parts.push({
      sql: `${name} IN (SELECT "value" FROM json_each(?))`,
      params: [JSON.stringify(condition.in.map(value))],
    });
  }
  if (condition.has !== undefined) {
    parts.push(anyOf(condition.has.flatMap((member) => membersOf(name, member))));
  }
  for (const [range, none] of [
    [condition.hasIn, ''],
    [condition.hasNoneIn, 'NOT '],
  ] as const) {
    if (range === undefined) continue;
    // Of a set that is null there are no members.
    const members = `SELECT 1 FROM json_each(${name}) WHERE "value" > ? AND "value" <= ?`;
    parts.push({ sql: `${none}EXISTS (${members})`, params: [range.gt, range.lte] });
  }
  if (condition.exists !== undefined) {
    parts.push({ sql: `${name} IS ${condition.exists ? 'NOT ' : ''}NULL`, params: [] });
  }
  return allOf(parts);

  function value(operand: string | number): string | number {
    return typeof operand === 'string' && type === 'string' ? encodeText(operand) : operand;
  }
}
