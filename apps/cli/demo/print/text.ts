import type { Money } from '#domain/shared/money.js';

/** Every line fits a terminal of so many columns. */
export const WIDTH = 100;
const DAY_MS = 86_400_000;

/** `EUR 1,234,567.00` */
export function money({ amount, currency }: Money): string {
  return `${currency} ${amount.replace(/\B(?=(?:\d{3})+\.)/gu, ',')}`;
}

/** `62.5 %`; a dash for a ratio of nothing. */
export function percent(ratio: number | null): string {
  return ratio === null ? '-' : `${(ratio * 100).toFixed(1)} %`;
}

/** Civil date in UTC. */
export function date(instant: string): string {
  return instant.slice(0, 10);
}

export function count(number: number): string {
  return number.toLocaleString('en-US');
}

/** Whole days from one instant to another: `31 days`. */
export function daysBetween(from: string, to: string): string {
  return days(Math.floor((Date.parse(to) - Date.parse(from)) / DAY_MS));
}

export function days(number: number): string {
  return number === 1 ? '1 day' : `${count(number)} days`;
}

export function heading(title: string): string {
  return `\n${title} ${'-'.repeat(Math.max(0, WIDTH - title.length - 1))}`;
}

/** Text in lines of at most WIDTH columns, all after the same indent. */
export function paragraph(text: string, indent: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && indent + line.length + 1 + word.length > WIDTH) {
      lines.push(' '.repeat(indent) + line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, ' '.repeat(indent) + line];
}

/** A column of a table: its head, and whether its cells stand on the right. */
export type Column = readonly [head: string, align: 'left' | 'right'];

/** Lines with cells one under another; a cell that is too long for the terminal is cut. */
export function table(columns: readonly Column[], rows: readonly (readonly string[])[]): string[] {
  const widths = columns.map(([head], index) => Math.max(head.length, ...rows.map((row) => (row[index] ?? '').length)));
  const line = (cells: readonly string[]): string =>
    widths
      .map((width, index) =>
        columns[index]?.[1] === 'right' ? (cells[index] ?? '').padStart(width) : (cells[index] ?? '').padEnd(width),
      )
      .join('  ')
      .trimEnd()
      .slice(0, WIDTH - 2);
  return [columns.map(([head]) => head), ...rows].map((cells) => `  ${line(cells)}`);
}

/** The command line that gives the same answer as JSON; `$URL` and `$AUTH` are set at the top of what is printed. */
export function curl(path: string): string[] {
  const line = `  curl -sH "$AUTH" "$URL${path}"`;
  return line.length <= WIDTH ? [line] : ['  curl -sH "$AUTH" \\', `  "$URL${path}"`];
}
