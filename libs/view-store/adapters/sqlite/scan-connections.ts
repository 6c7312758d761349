import { SqliteDatabase } from './database.js';

const CACHE_MIB = 8;

/**
 * Connections for scans: each scan holds a snapshot of its own while other reads and commits go on. They are kept for
 * the next scan, as a closed connection gives its memory back only when its statements are collected.
 */
export class ScanConnections {
  private readonly idle: SqliteDatabase[] = [];
  private closed = false;

  constructor(private readonly path: string) {}

  *use<T>(scan: (connection: SqliteDatabase) => Generator<T, void, void>): Generator<T, void, void> {
    const connection = this.idle.pop() ?? SqliteDatabase.open(this.path, { cacheMiB: CACHE_MIB });
    try {
      yield* scan(connection);
    } finally {
      if (this.closed) connection.close();
      else this.idle.push(connection);
    }
  }

  close(): void {
    this.closed = true;
    for (const connection of this.idle.splice(0)) connection.close();
  }
}
