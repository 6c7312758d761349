import { existsSync } from 'node:fs';
import Libsql from 'libsql';
import { ViewStoreUnusable } from '../../port.js';

export type SqlValue = string | number | bigint | null;
export type SqlRow = readonly SqlValue[];

/** Marks a file as a view store of ours: "PLvw". */
const APPLICATION_ID = 0x504c7677;
/** Raised when the tables that hold checkpoints, leases and definitions change. */
const LAYOUT = 1;
const BUSY_TIMEOUT_MS = 5_000;
/** A reader that is short is waited for; a long one is met again later. */
const CUT_WITHIN_MS = 50;
const CACHED_STATEMENTS = 400;
/** Rows of views are wide, and a rebuild dirties most of the pages: fewer and larger ones cost less. */
const PAGE_BYTES = 8_192;
/** A large batch writes tens of MiB; with SQLite's default of 1000 pages each would be copied to the file at once. */
const WAL_LIMIT_BYTES = 96 * 1024 * 1024;

const LAYOUT_SQL = `
  CREATE TABLE "_view" ("view" TEXT, "version" INTEGER, "digest" TEXT NOT NULL,
    "position" TEXT, "hash" TEXT, PRIMARY KEY ("view", "version")) WITHOUT ROWID;
  CREATE TABLE "_lease" ("view" TEXT, "version" INTEGER, "holder" TEXT, "epoch" INTEGER NOT NULL,
    "renewedAt" INTEGER NOT NULL, "expiresAt" INTEGER NOT NULL, PRIMARY KEY ("view", "version")) WITHOUT ROWID;
  PRAGMA application_id = ${APPLICATION_ID};
  PRAGMA user_version = ${LAYOUT};`;

type Layout = 'empty' | 'ours' | 'foreign';

/** One connection to a view's file, with its prepared statements. Every call runs in the calling thread. */
export class SqliteDatabase {
  private readonly statements = new Map<string, Libsql.Statement>();

  private constructor(
    readonly path: string,
    private readonly connection: Libsql.Database,
  ) {}

  /**
   * Opens the file, making it when it is not there.
   * @throws ViewStoreUnusable the file is damaged or not ours; it is left as it is
   */
  static open(path: string, options: { readonly cacheMiB: number }): SqliteDatabase {
    const deadline = performance.now() + BUSY_TIMEOUT_MS;
    for (;;) {
      try {
        return SqliteDatabase.tryToOpen(path, options);
      } catch (error) {
        // SQLite does not wait when two connections change the journal of a new file at once.
        if (codeOf(error) !== 'SQLITE_BUSY' || performance.now() > deadline) throw error;
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
      }
    }
  }

  private static tryToOpen(path: string, options: { readonly cacheMiB: number }): SqliteDatabase {
    const known = existsSync(path);
    let database: SqliteDatabase | null = null;
    try {
      const connection = new Libsql(path);
      database = new SqliteDatabase(path, connection);
      database.rows(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}`, []);
      database.makeOrCheckLayout();
      connection.exec('PRAGMA synchronous = NORMAL');
      connection.exec(`PRAGMA cache_size = ${-options.cacheMiB * 1024}`);
      database.rows(`PRAGMA wal_autocheckpoint = ${WAL_LIMIT_BYTES / PAGE_BYTES}`, []);
      database.rows(`PRAGMA journal_size_limit = ${WAL_LIMIT_BYTES}`, []);
      return database;
    } catch (error) {
      database?.close();
      throw known ? orUnusable(path, error) : error;
    }
  }

  private makeOrCheckLayout(): void {
    const layout = (): Layout => this.transaction(() => this.layout(), 'read');
    if (layout() === 'empty') {
      this.exec(`PRAGMA page_size = ${PAGE_BYTES}`);
      this.rows('PRAGMA journal_mode = WAL', []);
      this.transaction(() => {
        if (this.layout() === 'empty') this.exec(LAYOUT_SQL);
      });
    }
    if (layout() !== 'ours') {
      throw new ViewStoreUnusable(
        `${this.path} is a database, but not the view store of this release. ${remedy(this.path)}`,
      );
    }
    this.rows('PRAGMA journal_mode = WAL', []);
  }

  private layout(): Layout {
    const id = this.rows('PRAGMA application_id', [])[0]?.[0];
    const version = this.rows('PRAGMA user_version', [])[0]?.[0];
    if (id === APPLICATION_ID) return version === LAYOUT ? 'ours' : 'foreign';
    const tables = this.rows('SELECT count(*) FROM sqlite_schema', [])[0]?.[0];
    return id === 0 && version === 0 && tables === 0 ? 'empty' : 'foreign';
  }

  /** Rows of a query, each as an array. */
  rows(sql: string, params: readonly SqlValue[]): readonly SqlRow[] {
    return this.guarded(() => this.query(sql).all(params) as SqlRow[]);
  }

  /** As `rows`, with every integer as a bigint. */
  exactRows(sql: string, params: readonly SqlValue[]): readonly SqlRow[] {
    return this.guarded(() => this.query(sql, true).all(params) as SqlRow[]);
  }

  /** @returns the number of rows that were changed */
  run(sql: string, params: readonly SqlValue[]): number {
    return this.guarded(() => this.statement(sql, sql, (statement) => statement).run(params).changes);
  }

  exec(sql: string): void {
    this.guarded(() => this.connection.exec(sql));
  }

  /** Damage may show at any statement. @throws ViewStoreUnusable */
  private guarded<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw orUnusable(this.path, error);
    }
  }

  /** A query of its own, for a cursor: two cursors on one statement would disturb each other. */
  cursor(sql: string): Libsql.Statement {
    return this.connection.prepare(sql).raw();
  }

  private query(sql: string, exact = false): Libsql.Statement {
    return this.statement(exact ? `exact ${sql}` : sql, sql, (statement) => {
      return exact ? statement.safeIntegers().raw() : statement.raw();
    });
  }

  private statement(
    key: string,
    sql: string,
    set: (statement: Libsql.Statement) => Libsql.Statement,
  ): Libsql.Statement {
    let statement = this.statements.get(key);
    if (statement === undefined) {
      statement = set(this.connection.prepare(sql));
    } else {
      this.statements.delete(key);
    }
    this.statements.set(key, statement);
    if (this.statements.size > CACHED_STATEMENTS) {
      const oldest = this.statements.keys().next();
      if (!oldest.done) this.statements.delete(oldest.value);
    }
    return statement;
  }

  /** All that `work` does, or nothing. `read`: one snapshot for several queries. */
  transaction<T>(work: () => T, kind: 'write' | 'read' = 'write'): T {
    this.connection.exec(kind === 'write' ? 'BEGIN IMMEDIATE' : 'BEGIN');
    try {
      const result = work();
      this.connection.exec('COMMIT');
      return result;
    } catch (error) {
      if (this.connection.inTransaction) this.connection.exec('ROLLBACK');
      throw error;
    }
  }

  /** Copies the WAL into the file as far as no reader needs it: closing does so only when it is collected. */
  copyLog(): void {
    this.rows('PRAGMA wal_checkpoint(PASSIVE)', []);
  }

  /** Empties the WAL, of what was replaced as well. False: a reader needs it. */
  cutLog(): boolean {
    this.rows(`PRAGMA busy_timeout = ${CUT_WITHIN_MS}`, []);
    try {
      return this.rows('PRAGMA wal_checkpoint(TRUNCATE)', [])[0]?.[0] === 0;
    } finally {
      this.rows(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}`, []);
    }
  }

  /** From now on what this connection replaces or deletes is overwritten. */
  overwriteDeleted(): void {
    this.rows('PRAGMA secure_delete = ON', []);
  }

  close(): void {
    this.statements.clear();
    if (this.connection.open) this.connection.close();
  }
}

/** The error, or what it means when it tells of damage. */
export function orUnusable(path: string, error: unknown): unknown {
  const code = codeOf(error);
  if (code !== 'SQLITE_NOTADB' && !code.startsWith('SQLITE_CORRUPT')) return error;
  return new ViewStoreUnusable(`${path} is damaged or not a database. ${remedy(path)}`, { cause: error });
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

function remedy(path: string): string {
  return `Views hold no truth: stop the processes that use it, delete ${path} (with its -wal and -shm files), and start again; everything in it is rebuilt from the events.`;
}
