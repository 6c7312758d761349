import { Binary, type AnyBulkWriteOperation, type Collection } from 'mongodb';
import {
  connect,
  namedDatabase,
  type MongoConnection,
  type MongoOptions,
} from '#view-store/adapters/mongodb/connection.js';
import { hasCode, ServerCode } from '#view-store/adapters/mongodb/errors.js';
import { majority } from '#view-store/adapters/mongodb/read-concern.js';
import { ViewStoreUnavailable, ViewStoreUnusable } from '#view-store/port.js';
import { KeyVaultUnavailable, type KeyVault, type NewKey, type StoredKey } from '../../port.js';

interface KeyDocument {
  readonly _id: string;
  readonly owner: string;
  /** Null: destroyed. */
  readonly wrapped: Binary | null;
}

type Write = AnyBulkWriteOperation<KeyDocument>;

const DATABASE = 'pipeledger_keys';

/** The database of the keys on the server of the views. */
export function keysDatabase(url: string): string {
  const views = namedDatabase(url);
  return views === null ? DATABASE : `${views}_keys`;
}

/**
 * The key vault on MongoDB, shared by all processes. The database that the URL names is that of the views; with `_keys`
 * behind its name it is this one's. Every write is one document's and idempotent, and answered by the majority.
 *
 * What the server itself still holds of a destroyed key, in its oplog, its journal and its backups, passes with those.
 */
export class MongoKeyVault implements KeyVault {
  private readonly keys: Collection<KeyDocument>;

  private constructor(private readonly connection: MongoConnection) {
    this.keys = connection.database.collection<KeyDocument>('key');
  }

  /**
   * @throws ViewStoreUnusable the URL or its credentials are wrong, or the server is no replica set
   * @throws MongoStoreError nothing answers
   */
  static async open(url: string, options: MongoOptions = {}): Promise<MongoKeyVault> {
    const database = options.database ?? keysDatabase(url);
    const unusable = (sentence: string): Error => new ViewStoreUnusable(sentence);
    const vault = new MongoKeyVault(await connect(url, database, { ...options, database }, unusable));
    try {
      await vault.keys.createIndex({ owner: 1 });
      return vault;
    } catch (error) {
      await vault.close();
      throw vault.connection.redactor.translate(error);
    }
  }

  async add(keys: readonly NewKey[]): Promise<ReadonlyMap<string, Uint8Array | null>> {
    await this.write(
      keys.map(({ id, owner, wrapped }) => ({
        updateOne: {
          filter: { _id: id },
          update: { $setOnInsert: { owner, wrapped: new Binary(wrapped) } },
          upsert: true,
        },
      })),
    );
    const inForce = await this.get(keys.map(({ id }) => id));
    // A server that is no longer the primary may answer reads for a moment, from before the write.
    if (keys.some(({ id }) => !inForce.has(id))) throw new KeyVaultUnavailable('MongoDB does not show the keys yet');
    return inForce;
  }

  async get(ids: readonly string[]): Promise<ReadonlyMap<string, Uint8Array | null>> {
    if (ids.length === 0) return new Map();
    const found = await this.run(() => this.keys.find({ _id: { $in: [...ids] } }, majority()).toArray());
    return new Map(found.map(({ _id, wrapped }) => [_id, bytesOf(wrapped)]));
  }

  async destroy(ids: readonly string[], owner: string): Promise<void> {
    await this.write(
      ids.map((id) => ({
        updateOne: {
          filter: { _id: id },
          update: { $set: { wrapped: null }, $setOnInsert: { owner } },
          upsert: true,
        },
      })),
    );
  }

  async destroyOwned(owner: string): Promise<number> {
    const living = { owner, wrapped: { $ne: null } };
    const { modifiedCount } = await this.run(() => this.keys.updateMany(living, { $set: { wrapped: null } }));
    return modifiedCount;
  }

  async list(after: string | null, limit: number): Promise<readonly StoredKey[]> {
    const next = after === null ? {} : { _id: { $gt: after } };
    const found = await this.run(() => this.keys.find(next, majority()).sort({ _id: 1 }).limit(limit).toArray());
    return found.map(({ _id, owner, wrapped }) => ({ id: _id, owner, wrapped: bytesOf(wrapped) }));
  }

  async close(): Promise<void> {
    await this.connection.client.close();
  }

  private async write(writes: readonly Write[]): Promise<void> {
    if (writes.length === 0) return;
    const send = () => this.keys.bulkWrite([...writes], { ordered: false });
    // Of two that insert an id at once, one may find that it is there by now.
    const secondAtOnce = (error: unknown) => {
      if (!hasCode(error, ServerCode.duplicateKey)) throw error;
      return send();
    };
    await this.run(() => send().catch(secondAtOnce));
  }

  private async run<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      const told = this.connection.redactor.translate(error);
      throw told instanceof ViewStoreUnavailable ? new KeyVaultUnavailable(told.message) : told;
    }
  }
}

function bytesOf(wrapped: Binary | null): Uint8Array | null {
  return wrapped === null ? null : wrapped.value();
}
