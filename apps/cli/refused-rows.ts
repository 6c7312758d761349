import { closeSync, openSync, writeSync } from 'node:fs';
import type { RefusedRow } from '#application/import/run-import.js';
import { fail } from './input-file.js';

/** Where refused rows are reported: each is written at once, so that nothing is lost with the process. */
export interface RefusedRows {
  add(row: RefusedRow): void;
  close(): void;
}

/**
 * As JSON lines in a file, which is begun anew, or as sentences on standard error.
 * @throws UnusableFile
 */
export function reportTo(path: string | null): RefusedRows {
  if (path === null) {
    return {
      add: ({ line, field, reason }) =>
        void process.stderr.write(`refused: line ${line}${field === '' ? '' : `, ${field}`}: ${reason}\n`),
      close: () => undefined,
    };
  }
  let file: number;
  try {
    file = openSync(path, 'w', 0o600);
  } catch (error) {
    fail(path, error);
  }
  return {
    add(row) {
      try {
        writeSync(file, `${JSON.stringify(row)}\n`);
      } catch (error) {
        fail(path, error);
      }
    },
    close: () => closeSync(file),
  };
}
