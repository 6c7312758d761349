import { mkdirSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ViewStoreUnusable, type ViewSchema } from '../../port.js';
import { SqliteDatabase } from './database.js';
import { ScanConnections } from './scan-connections.js';

const ENDING = '.db';

interface ViewFile {
  readonly database: SqliteDatabase;
  readonly scans: ScanConnections;
  overwrites: boolean;
}

/**
 * The folder of the view store: one file for each view, with all its versions, so that the views are written
 * independently of each other. A file is made when its view is first asked for.
 */
export class ViewFiles {
  private readonly files = new Map<string, ViewFile>();

  private constructor(
    readonly folder: string,
    private readonly cacheMiB: number,
  ) {}

  /**
   * Opens the folder and every file in it, so that damage shows now and not at the first query; makes the folder when
   * it is not there, but not the folder that it is in.
   * @param cacheMiB memory for the pages of each file
   * @throws ViewStoreUnusable a file is damaged or not ours; it is left as it is
   */
  static open(folder: string, cacheMiB: number): ViewFiles {
    makeFolder(folder);
    const files = new ViewFiles(folder, cacheMiB);
    try {
      for (const name of readdirSync(folder)) if (name.endsWith(ENDING)) files.file(name.slice(0, -ENDING.length));
      return files;
    } catch (error) {
      files.close();
      throw error;
    }
  }

  of(view: ViewSchema): SqliteDatabase {
    const file = this.file(view.view);
    if (view.personal === true && !file.overwrites) {
      file.database.overwriteDeleted();
      file.overwrites = true;
    }
    return file.database;
  }

  scansOf(view: ViewSchema): ScanConnections {
    return this.file(view.view).scans;
  }

  /** Copies the WALs into the files as far as no reader needs them: closing does so only when it is collected. */
  copyLogs(): void {
    for (const { database } of this.files.values()) database.copyLog();
  }

  close(): void {
    for (const { database, scans } of this.files.values()) {
      scans.close();
      database.close();
    }
    this.files.clear();
  }

  private file(view: string): ViewFile {
    const open = this.files.get(view);
    if (open !== undefined) return open;
    const path = join(this.folder, `${view}${ENDING}`);
    const file = {
      database: SqliteDatabase.open(path, { cacheMiB: this.cacheMiB }),
      scans: new ScanConnections(path),
      overwrites: false,
    };
    this.files.set(view, file);
    return file;
  }
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    if (!statSync(folder, { throwIfNoEntry: false })) throw error;
    if (statSync(folder).isDirectory()) return;
    throw new ViewStoreUnusable(
      `${folder} is a file, and the view store is a folder. Views hold no truth: stop the processes that use it, delete ${folder}, and start again; everything in it is rebuilt from the events.`,
    );
  }
}
