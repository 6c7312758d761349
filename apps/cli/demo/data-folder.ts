import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/** The demo does not start; the message says why. */
export class DemoRefused extends Error {
  override readonly name = 'DemoRefused';
}

/** Where the demo's data is, and whether it goes when the demo ends. */
export interface DemoFolder {
  readonly path: string;
  readonly temporary: boolean;
  /** Removes what is temporary. */
  release(): void;
}

/**
 * A folder with nothing in it: the one that is given, or a new one for temporary files.
 * @throws DemoRefused something is in the folder
 */
export function demoFolder(given: string | undefined): DemoFolder {
  if (given === undefined || given === '') {
    const path = mkdtempSync(join(tmpdir(), 'pipeledger-demo-'));
    return { path, temporary: true, release: () => rmSync(path, { recursive: true, force: true, maxRetries: 3 }) };
  }
  const path = resolve(given);
  const found = statSync(path, { throwIfNoEntry: false });
  if (found !== undefined && !found.isDirectory()) throw new DemoRefused(`DATA_DIR: ${path} is not a folder.`);
  if (found !== undefined && readdirSync(path).length > 0) {
    throw new DemoRefused(`DATA_DIR: ${path} is not empty, and the demo mixes its data with nobody's.`);
  }
  return { path, temporary: false, release: () => undefined };
}
