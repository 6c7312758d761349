import { accessSync, constants, existsSync, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** What the embedded engines keep in one data folder: files, and a folder for the views. */
export interface DataFiles {
  readonly folder: string;
  readonly events: string;
  /** A folder: one file for each view. */
  readonly views: string;
  readonly work: string;
  readonly keys: string;
}

/** The folder, or a file in it, cannot hold the data. The message is a sentence for the operator. */
export class UnusableDataFolder extends Error {
  override readonly name = 'UnusableDataFolder';
}

const REASONS: Readonly<Record<string, string>> = {
  EEXIST: 'it is a file',
  ENOTDIR: 'a part of its path is a file',
  EACCES: 'this user may not read and write it',
  EPERM: 'this user may not read and write it',
  EROFS: 'its file system is read-only',
  ENOSPC: 'the disk is full',
};

/**
 * Names the files; makes the folder when it is not there, for its owner only.
 * @throws UnusableDataFolder
 */
export function dataFiles(dataDir: string): DataFiles {
  const folder = resolve(dataDir);
  const files = {
    folder,
    events: join(folder, 'events.db'),
    views: join(folder, 'views'),
    work: join(folder, 'work.db'),
    keys: join(folder, 'keys.db'),
  };
  attempt(`The data folder ${folder}`, () => {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK);
  });
  for (const file of [files.events, files.views, files.work, files.keys]) {
    // SQLite would open a file that may not be written, and refuse each write.
    if (existsSync(file)) attempt(file, () => accessSync(file, constants.R_OK | constants.W_OK));
  }
  return files;
}

function attempt(what: string, work: () => void): void {
  try {
    work();
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    const reason = REASONS[code] ?? (error instanceof Error ? error.message : String(error));
    throw new UnusableDataFolder(`${what} cannot be used: ${reason}.`, { cause: error });
  }
}
