import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { codeOf, describeFailure, isBusy } from '#event-store/adapters/sqlite/sqlite-errors.js';
import { WriterThread } from '#event-store/adapters/sqlite/writer-thread.js';
import { KeyVaultUnavailable, type KeyVault, type NewKey, type StoredKey } from '../../port.js';
import { openKeysFile, type KeysFile } from './keys-file.js';
import { keyOf, startVaultThread, type VaultAnswer, type VaultJob } from './vault-writer.js';

interface Reader {
  readonly db: KeysFile;
  readonly find: ReturnType<KeysFile['prepare']>;
  readonly list: ReturnType<KeysFile['prepare']>;
}

/** Keys that are read in one go: about 1 ms of the caller's event loop. */
const PAGE = 100;
/** How long to wait for another process that is creating the file. */
const OPEN_TIMEOUT_MS = 10_000;
/** So long destruction waits for those who read what it is to remove from the WAL, a backup for one. */
const EMPTY_WAL_WITHIN_MS = 60_000;

/**
 * The embedded key vault: one SQLite file on a local disk, shared by any number of instances, threads and processes of
 * one host. What is written is durable when it is answered (WAL, `synchronous = FULL`) and is written by a thread of
 * its own, which starts at the first write. Reads run on the calling thread.
 */
export class SqliteKeyVault implements KeyVault {
  readonly #writer: WriterThread<VaultJob, VaultAnswer>;
  #reader: Reader | null;

  private constructor(path: string, db: KeysFile) {
    this.#reader = {
      db,
      find: db.prepare('SELECT destroyed, wrapped FROM keys WHERE id = ?').raw(),
      list: db.prepare('SELECT destroyed, wrapped, id, owner FROM keys WHERE id > ? ORDER BY id LIMIT ?').raw(),
    };
    this.#writer = new WriterThread<VaultJob, VaultAnswer>(() => startVaultThread(path), {
      name: "the key vault's writer",
      lost: (message) => new KeyVaultUnavailable(message),
    });
  }

  /**
   * Opens the vault; creates the file, and its folder, if it is missing.
   * @throws KeyVaultUnusable another program's file, another schema version, damaged, or not to be opened at all
   * @throws KeyVaultUnavailable another process holds the file for longer than 10 s
   */
  static async open(path: string): Promise<SqliteKeyVault> {
    const deadline = performance.now() + OPEN_TIMEOUT_MS;
    for (;;) {
      try {
        return new SqliteKeyVault(path, openKeysFile(path, 'reader'));
      } catch (error) {
        if (!isBusy(error)) throw error;
        if (performance.now() > deadline) throw unavailable(error);
        await sleep(20);
      }
    }
  }

  async add(keys: readonly NewKey[]): Promise<ReadonlyMap<string, Uint8Array | null>> {
    this.#assertOpen();
    if (keys.length === 0) return new Map();
    const answer = await this.#ask({ kind: 'add', keys });
    if (answer.kind !== 'in-force') throw new Error('the key vault gave another answer than was asked for');
    return new Map(answer.keys);
  }

  async get(ids: readonly string[]): Promise<ReadonlyMap<string, Uint8Array | null>> {
    const found = new Map<string, Uint8Array | null>();
    for (const [index, id] of ids.entries()) {
      if (index > 0 && index % PAGE === 0) await nextTurn();
      const [row] = this.#read(({ find }) => find.all([id]));
      if (row !== undefined) found.set(id, keyOf(row));
    }
    return found;
  }

  async list(after: string | null, limit: number): Promise<readonly StoredKey[]> {
    const rows = this.#read(({ list }) => list.all([after ?? '', limit]));
    return rows.map(storedKey);
  }

  async destroy(ids: readonly string[], owner: string): Promise<void> {
    this.#assertOpen();
    await this.#ask({ kind: 'destroy', ids, owner });
    await this.#emptyWal();
  }

  async destroyOwned(owner: string): Promise<number> {
    this.#assertOpen();
    const answer = await this.#ask({ kind: 'destroy-owned', owner });
    // Also when there is nothing to destroy: whoever destroyed it may have died before.
    await this.#emptyWal();
    return answer.kind === 'destroyed' ? answer.count : 0;
  }

  async close(): Promise<void> {
    const reader = this.#reader;
    // The binding lets go of the file when the last statement is collected as garbage.
    this.#reader = null;
    reader?.db.close();
    await this.#writer.close();
  }

  /** What the WAL holds of destroyed keys is there until it is cut. */
  async #emptyWal(): Promise<void> {
    const deadline = performance.now() + EMPTY_WAL_WITHIN_MS;
    for (;;) {
      const answer = await this.#ask({ kind: 'empty-wal' });
      if (answer.kind === 'wal' && answer.empty) return;
      if (performance.now() > deadline) {
        throw new KeyVaultUnavailable('keys are destroyed, but another process keeps their bytes in the WAL');
      }
      await sleep(50);
    }
  }

  async #ask(job: VaultJob): Promise<VaultAnswer> {
    const answer = await this.#writer.do(job);
    if (answer.kind === 'unavailable') throw new KeyVaultUnavailable(answer.message);
    return answer;
  }

  #read(query: (reader: Reader) => readonly unknown[]): readonly unknown[] {
    const reader = this.#assertOpen();
    try {
      return query(reader);
    } catch (error) {
      throw codeOf(error) === '' ? error : unavailable(error);
    }
  }

  #assertOpen(): Reader {
    if (this.#reader === null) throw new KeyVaultUnavailable('the key vault is closed');
    return this.#reader;
  }
}

function storedKey(row: unknown): StoredKey {
  if (!Array.isArray(row)) throw new Error('a row of the key vault is no row');
  return { id: String(row[2]), owner: String(row[3]), wrapped: keyOf(row) };
}

function unavailable(error: unknown): KeyVaultUnavailable {
  return new KeyVaultUnavailable(describeFailure(error, 'key vault'), { cause: error });
}
