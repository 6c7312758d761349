import { isUtf8 } from 'node:buffer';

/** A record of a CSV file, or where something is that cannot be read as one. */
export type CsvRecord = {
  /** Line of the file where it begins, from 1. Line ends inside quotes count. */
  readonly line: number;
  readonly lastLine: number;
  /** Bytes of the file up to its end. */
  readonly end: number;
} & (
  | { readonly fields: readonly string[] }
  /** `place`: index of the field in which it went wrong, null when it is the record as a whole. */
  | { readonly fields: null; readonly fault: string; readonly place: number | null }
);

/** What a record may hold; more is a quote that was never closed, or no CSV at all. */
const MAX_RECORD_BYTES = 1_048_576;
const [LF, CR, QUOTE] = [0x0a, 0x0d, 0x22];

type State = 'field-start' | 'plain' | 'quoted' | 'after-quote' | 'broken';

/**
 * Cuts bytes into records as RFC 4180 has them: fields in quotes may hold line ends, delimiters and doubled quotes.
 * Lines may end in LF, CRLF or CR. Empty lines are skipped. A record that breaks the rules is given as a fault and
 * ends with the line on which the rule was broken, so that the next one is read again.
 */
export class CsvScanner {
  #state: State = 'field-start';
  /** The record so far, quotes taken off, with a delimiter after each field that has ended. */
  #text = Buffer.allocUnsafe(4_096);
  #length = 0;
  #ends: number[] = [];
  #fault: { readonly fault: string; readonly place: number | null } | null = null;
  #line = 1;
  #firstLine = 1;
  #afterCr = false;
  #consumed = 0;
  readonly #delimiter: number;
  readonly #separator: Uint8Array;

  /** @param delimiter one ASCII character */
  constructor(delimiter: string) {
    this.#delimiter = delimiter.charCodeAt(0);
    this.#separator = Uint8Array.of(this.#delimiter);
  }

  /** The records that end within the chunk. */
  scan(chunk: Uint8Array): CsvRecord[] {
    const records: CsvRecord[] = [];
    let at = 0;
    while (at < chunk.length) {
      const byte = chunk[at];
      if (this.#afterCr && this.#state !== 'quoted') {
        this.#afterCr = false;
        if (byte === LF) {
          at += 1;
          continue;
        }
      }
      if (this.#state === 'quoted') at = this.#scanQuoted(chunk, at);
      else if (byte === CR || byte === LF) {
        at += 1;
        this.#afterCr = byte === CR;
        const record = this.#endRecord(this.#consumed + at);
        if (record !== null) records.push(record);
      } else if (this.#state === 'broken') at = this.#endOfLine(chunk, at);
      else if (byte === this.#delimiter) {
        at += 1;
        this.#endField();
      } else at = this.#scanUnquoted(chunk, at);
    }
    this.#consumed += chunk.length;
    return records;
  }

  /** The last record, when no line end came after it. */
  finish(): CsvRecord | null {
    if (this.#state === 'quoted') this.#break('begins with a quote that is never closed');
    return this.#endRecord(this.#consumed);
  }

  #scanUnquoted(chunk: Uint8Array, from: number): number {
    if (chunk[from] === QUOTE) {
      if (this.#state === 'field-start') {
        this.#state = 'quoted';
        this.#afterCr = false;
      } else if (this.#state === 'after-quote') {
        this.#append(chunk, from, from + 1);
        this.#state = 'quoted';
      } else this.#break('has a quote inside, but does not begin with one');
      return from + 1;
    }
    if (this.#state === 'after-quote') {
      this.#break('goes on after its closing quote');
      return from;
    }
    this.#state = 'plain';
    let to = from + 1;
    while (to < chunk.length && !this.#isSpecial(chunk[to])) to += 1;
    this.#append(chunk, from, to);
    return to;
  }

  #scanQuoted(chunk: Uint8Array, from: number): number {
    const quote = chunk.indexOf(QUOTE, from);
    const to = quote < 0 ? chunk.length : quote;
    for (let at = from; at < to; at++) {
      const byte = chunk[at];
      if (byte === CR || (byte === LF && !this.#afterCr)) this.#line += 1;
      this.#afterCr = byte === CR;
    }
    this.#append(chunk, from, to);
    if (quote < 0) return to;
    this.#state = 'after-quote';
    this.#afterCr = false;
    return to + 1;
  }

  #endOfLine(chunk: Uint8Array, from: number): number {
    let to = from;
    while (to < chunk.length && chunk[to] !== LF && chunk[to] !== CR) to += 1;
    return to;
  }

  #isSpecial(byte: number | undefined): boolean {
    return byte === this.#delimiter || byte === LF || byte === CR || byte === QUOTE;
  }

  #append(chunk: Uint8Array, from: number, to: number): void {
    const length = this.#length + to - from;
    if (length > MAX_RECORD_BYTES) {
      this.#fault ??= { fault: 'is longer than 1 MiB: is a quote never closed?', place: null };
      return;
    }
    if (length > this.#text.length) {
      const larger = Buffer.allocUnsafe(Math.min(MAX_RECORD_BYTES, length * 2));
      this.#text.copy(larger, 0, 0, this.#length);
      this.#text = larger;
    }
    this.#text.set(chunk.subarray(from, to), this.#length);
    this.#length = length;
  }

  #endField(): void {
    this.#ends.push(this.#length);
    // Kept between the fields, so that the bytes of two cannot make up one character.
    this.#append(this.#separator, 0, 1);
    this.#state = 'field-start';
  }

  #break(fault: string): void {
    this.#fault ??= { fault, place: this.#ends.length };
    this.#state = 'broken';
  }

  #endRecord(end: number): CsvRecord | null {
    const empty = this.#state === 'field-start' && this.#length === 0 && this.#fault === null;
    const place = { line: this.#firstLine, lastLine: this.#line, end };
    const record = empty ? null : { ...place, ...this.#content() };
    this.#state = 'field-start';
    this.#length = 0;
    this.#ends = [];
    this.#fault = null;
    this.#line += 1;
    this.#firstLine = this.#line;
    return record;
  }

  #content() {
    if (this.#fault !== null) return { fields: null, ...this.#fault };
    const ends = [...this.#ends, this.#length];
    const starts = [0, ...this.#ends.map((end) => end + 1)];
    if (!isUtf8(this.#text.subarray(0, this.#length))) {
      const broken = ends.findIndex((end, index) => !isUtf8(this.#text.subarray(starts[index], end)));
      return { fields: null, fault: 'is not UTF-8', place: broken };
    }
    return { fields: ends.map((end, index) => this.#text.toString('utf8', starts[index], end)) };
  }
}
