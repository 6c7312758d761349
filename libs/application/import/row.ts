import { Temporal } from 'temporal-polyfill';
import { isCivilDate } from '#domain/shared/civil-date.js';
import type { EpochMs } from '#domain/shared/decision.js';
import { parseInstant } from '#domain/shared/instant.js';
import { isNegative, parseMoney, type Money } from '#domain/shared/money.js';
import { textProblem } from '#domain/shared/text.js';
import { fillPlaces, placesIn, type Header } from './columns.js';
import type { ImportMapping } from './mapping.js';

/** A row is refused, and why. */
export class RowRefused extends Error {
  override readonly name = 'RowRefused';
  constructor(
    /** The column; empty when it is the row as a whole. */
    readonly field: string,
    readonly reason: string,
  ) {
    super(`${field}: ${reason}`);
  }
}

const LOCAL_TIME = /^(\d{4}-\d{2}-\d{2})[Tt ]([01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,9})?)?$/u;

/** One row of the file, its columns by name, spelling repaired. All faults are a RowRefused that names the column. */
export class ImportRow {
  /** @throws RowRefused it has not as many fields as the header */
  constructor(
    private readonly header: Header,
    private readonly fields: readonly string[],
    private readonly mapping: Pick<ImportMapping, 'replace' | 'zone' | 'currency'>,
  ) {
    const [has, should] = [fields.length, header.names.length];
    if (has !== should) refuse('', `has ${has} field${has === 1 ? '' : 's'}, but the header has ${should}`);
  }

  /** The column's text without white space around it, null when it is blank. */
  text(column: string, max = Infinity): string | null {
    const raw = this.fields[this.header.place(column)] ?? '';
    const fault = textProblem(raw);
    if (fault !== null) refuse(column, fault);
    const text = raw.trim();
    if (text === '') return null;
    const table = Object.hasOwn(this.mapping.replace, column) ? this.mapping.replace[column] : undefined;
    const meant = table !== undefined && Object.hasOwn(table, text) ? (table[text] ?? text) : text;
    if (meant.length > max && [...meant].length > max) refuse(column, `is longer than ${max} characters`);
    return meant;
  }

  required(column: string, max?: number): string {
    return this.text(column, max) ?? refuse(column, 'is blank');
  }

  /** `{column}` places filled in; a blank column leaves nothing. 1 to 255 characters. */
  fill(template: string): string {
    const text = fillPlaces(template, (column) => this.text(column) ?? '').trim();
    if (text === '') refuse(placesIn(template)[0] ?? '', 'is blank, and so is the title');
    if ([...text].length > 255) refuse(placesIn(template)[0] ?? '', 'makes a title of more than 255 characters');
    return text;
  }

  /** The texts of the columns that are not blank, each once; 1 to 64 characters. */
  labels(columns: readonly string[]): readonly string[] {
    return [...new Set(columns.flatMap((column) => this.text(column, 64) ?? []))];
  }

  /** A time with or without offset, or a civil date: its first instant. Without offset it is a time of the zone. */
  instant(column: string): EpochMs | null {
    const text = this.text(column);
    if (text === null) return null;
    const { zone } = this.mapping;
    if (isCivilDate(text)) return Temporal.PlainDate.from(text).toZonedDateTime(zone).epochMilliseconds;
    const [, date] = LOCAL_TIME.exec(text) ?? [];
    if (date !== undefined && isCivilDate(date)) {
      return Temporal.PlainDateTime.from(text).toZonedDateTime(zone).epochMilliseconds;
    }
    const problem = 'is neither a date (2026-03-01) nor a time (2026-03-01T09:00:00+01:00) of the years 1900 to 2200';
    return parseInstant(text) ?? refuse(column, `${shown(text)} ${problem}`);
  }

  /** A plain decimal that is not below zero. */
  money(column: string): Money | null {
    const amount = this.text(column);
    if (amount === null) return null;
    const parsed = parseMoney({ amount, currency: this.mapping.currency });
    if (!parsed.ok) return refuse(column, `${shown(amount)} is no amount: ${parsed.message}`);
    return isNegative(parsed.money) ? refuse(column, 'is below zero') : parsed.money;
  }
}

/** A text of the file in a sentence; a long one is cut. */
export function shown(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
}

function refuse(column: string, reason: string): never {
  throw new RowRefused(column, reason);
}
