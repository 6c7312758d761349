import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** The files of the embedded engines in one data folder. */
export interface DataFiles {
  readonly folder: string;
  readonly events: string;
  readonly views: string;
  readonly work: string;
}

/** Names the files; makes the folder when it is not there, for its owner only. */
export function dataFiles(dataDir: string): DataFiles {
  const folder = resolve(dataDir);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return {
    folder,
    events: join(folder, 'events.db'),
    views: join(folder, 'views.db'),
    work: join(folder, 'work.db'),
  };
}
