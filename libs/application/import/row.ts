import { Temporal } from 'temporal-polyfill';
import { isCivilDate } from '#domain/shared/civil-date.js';
import { formatInstant, parseInstant } from '#domain/shared/instant.js';
import { parseMoney, type Money } from '#domain/shared/money.js';
import { textProblem } from '#domain/shared/text.js';

/** A row is refused, and why. */
export class RowRefused extends Error {
  override readonly name = 'RowRefused';
  constructor(
    readonly field: string,
    readonly reason: string,
  ) {
    super(`${field}: ${reason}`);
  }
}

/** One row of the file, its columns by name, spelling repaired. All faults are a RowRefused that names the column. */
export class ImportRow {
  constructor(
    /** Line of the file where the row begins, from 1. */
    readonly line: number,
    private readonly columns: Readonly<Record<string, string>>,
    private readonly replace: Readonly<Record<string, Readonly<Record<string, string>>>>,
  ) {}

  /** The column's text, null when it is blank. */
  text(column: string): string | null {
    const raw = Object.hasOwn(this.columns, column) ? this.columns[column] : undefined;
    if (raw === undefined) throw new RowRefused(column, 'the row has no such column');
    const fault = textProblem(raw);
    if (fault !== null) throw new RowRefused(column, fault);
    const text = raw.trim();
    if (text === '') return null;
    const table = this.replace[column];
    return table !== undefined && Object.hasOwn(table, text) ? (table[text] ?? text) : text;
  }

  required(column: string): string {
    return this.text(column) ?? refuse(column, 'is blank');
  }

  /** `{column}` places filled in; a blank column leaves nothing. At most 255 characters. */
  fill(template: string): string {
    const text = template.replaceAll(/\{([^}]+)\}/gu, (_, column: string) => this.text(column) ?? '').trim();
    return [...text].slice(0, 255).join('') || 'Untitled';
  }

  /** An RFC 3339 time, or a civil date in the zone: its first instant. */
  instant(column: string, zone: string): string | null {
    const text = this.text(column);
    if (text === null) return null;
    if (isCivilDate(text)) {
      return formatInstant(Temporal.PlainDate.from(text).toZonedDateTime(zone).epochMilliseconds);
    }
    const instant = parseInstant(text);
    return instant === null ? refuse(column, `${JSON.stringify(text)} is neither a date nor a time`) : formatInstant(instant);
  }

  money(column: string, currency: string): Money | null {
    const amount = this.text(column);
    if (amount === null) return null;
    const parsed = parseMoney({ amount, currency });
    return parsed.ok ? parsed.money : refuse(column, `${JSON.stringify(amount)} ${parsed.message}`);
  }
}

function refuse(column: string, reason: string): never {
  throw new RowRefused(column, reason);
}
