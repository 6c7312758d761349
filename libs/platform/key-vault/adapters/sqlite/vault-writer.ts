import { Worker } from 'node:worker_threads';
import { emptyWal } from '#event-store/adapters/sqlite/empty-wal.js';
import { describeFailure } from '#event-store/adapters/sqlite/sqlite-errors.js';
import type { NewKey } from '../../port.js';
import { pragma, WRITER_WAITS_MS, type KeysFile } from './keys-file.js';

/** What the writer thread of the vault is asked for. */
export type VaultJob =
  | { readonly kind: 'add'; readonly keys: readonly NewKey[] }
  | { readonly kind: 'destroy'; readonly ids: readonly string[]; readonly owner: string }
  | { readonly kind: 'destroy-owned'; readonly owner: string }
  /** To leave nothing of what was destroyed in the WAL: one try. */
  | { readonly kind: 'empty-wal' };

export type VaultAnswer =
  | { readonly kind: 'in-force'; readonly keys: readonly (readonly [id: string, wrapped: Uint8Array | null])[] }
  | { readonly kind: 'destroyed'; readonly count: number }
  | { readonly kind: 'wal'; readonly empty: boolean }
  | { readonly kind: 'unavailable'; readonly message: string };

/** A try waits so long for those who read in the WAL; it keeps other jobs waiting. */
const EMPTY_WITHIN_MS = 100;
/** A group that takes longer makes its first caller wait for its last one. */
const MAX_KEYS = 2_000;

export function startVaultThread(path: string): Worker {
  return new Worker(new URL('./vault.worker.js', import.meta.url), {
    workerData: path,
    name: 'key-vault-writer',
    execArgv: [],
  });
}

/** How many of the first jobs of a queue go into one transaction; at least one. */
export function vaultGroupSize(queue: readonly VaultJob[]): number {
  let keys = 0;
  for (const [index, job] of queue.entries()) {
    keys += job.kind === 'add' ? job.keys.length : job.kind === 'destroy' ? job.ids.length : 1;
    if (index > 0 && (keys > MAX_KEYS || job.kind === 'empty-wal' || queue[index - 1]?.kind === 'empty-wal')) {
      return index;
    }
  }
  return queue.length;
}

export function vaultUnavailable(error: unknown): VaultAnswer {
  return { kind: 'unavailable', message: describeFailure(error, 'key vault') };
}

/** Writes jobs of many callers in one transaction, so that one sync of the disk serves all of them. */
export class VaultWriter {
  readonly #insert;
  readonly #find;
  readonly #destroy;
  readonly #destroyOwned;

  constructor(private readonly db: KeysFile) {
    this.#insert = db.prepare(
      'INSERT INTO keys (id, owner, destroyed, wrapped) VALUES (?, ?, ?, ?) ON CONFLICT (id) DO NOTHING',
    );
    this.#find = db.prepare('SELECT destroyed, wrapped FROM keys WHERE id = ?').raw();
    this.#destroy = db.prepare(
      'UPDATE keys SET destroyed = 1, wrapped = zeroblob(length(wrapped)) WHERE id = ? AND destroyed = 0',
    );
    this.#destroyOwned = db.prepare(
      'UPDATE keys SET destroyed = 1, wrapped = zeroblob(length(wrapped)) WHERE owner = ? AND destroyed = 0',
    );
  }

  commit(jobs: readonly VaultJob[]): { readonly answers: readonly VaultAnswer[]; readonly failure?: unknown } {
    if (jobs[0]?.kind === 'empty-wal') return { answers: [this.#emptyWal()] };
    try {
      this.db.exec('BEGIN IMMEDIATE');
      const answers = jobs.map((job) => this.#do(job));
      this.db.exec('COMMIT');
      return { answers };
    } catch (failure) {
      this.#rollBack();
      return { answers: jobs.map(() => vaultUnavailable(failure)), failure };
    }
  }

  #do(job: VaultJob): VaultAnswer {
    switch (job.kind) {
      case 'add':
        for (const { id, owner, wrapped } of job.keys) this.#insert.run([id, owner, 0, wrapped]);
        return { kind: 'in-force', keys: job.keys.map(({ id }) => [id, this.#inForce(id)]) };
      case 'destroy':
        for (const id of job.ids) {
          this.#destroy.run([id]);
          this.#insert.run([id, job.owner, 1, new Uint8Array(0)]);
        }
        return { kind: 'destroyed', count: job.ids.length };
      case 'destroy-owned':
        return { kind: 'destroyed', count: this.#destroyOwned.run([job.owner]).changes };
      case 'empty-wal':
        throw new Error('the WAL is not emptied within a transaction');
    }
  }

  #inForce(id: string): Uint8Array | null {
    return keyOf(this.#find.all([id])[0]);
  }

  #emptyWal(): VaultAnswer {
    const empty = emptyWal(this.db, EMPTY_WITHIN_MS);
    pragma(this.db, `busy_timeout = ${WRITER_WAITS_MS}`);
    return { kind: 'wal', empty };
  }

  #rollBack(): void {
    try {
      if (this.db.inTransaction) this.db.exec('ROLLBACK');
    } catch {
      // The caller gives the connection up, and that rolls back.
    }
  }
}

/** The key in a row of `destroyed, wrapped`; null: destroyed. */
export function keyOf(row: unknown): Uint8Array | null {
  if (!Array.isArray(row) || row[0] !== 0) return null;
  const wrapped: unknown = row[1];
  if (!(wrapped instanceof Uint8Array)) throw new Error('a row of the key vault holds no key');
  return wrapped;
}
