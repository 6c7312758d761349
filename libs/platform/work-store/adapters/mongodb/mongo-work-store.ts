import type { Collection } from 'mongodb';
import {
  connect,
  namedDatabase,
  type MongoConnection,
  type MongoOptions,
} from '#view-store/adapters/mongodb/connection.js';
import { hasCode, ServerCode } from '#view-store/adapters/mongodb/errors.js';
import { ViewStoreUnusable } from '#view-store/port.js';
import type { ReactorCheckpoint, WorkStore } from '../../port.js';

interface ReactorDocument {
  readonly _id: string;
  /** An int64. */
  readonly position: bigint;
  readonly hash: string;
}

const DATABASE = 'pipeledger_work';

/**
 * The work store on MongoDB, shared by all processes. Its database is its own: views are dropped and rebuilt, this is
 * not. The database that the URL names is that of the views; with `_work` behind its name it is this one's.
 */
export class MongoWorkStore implements WorkStore {
  private readonly reactors: Collection<ReactorDocument>;

  private constructor(private readonly connection: MongoConnection) {
    this.reactors = connection.database.collection<ReactorDocument>('reactor_checkpoint');
  }

  /**
   * @throws ViewStoreUnusable the URL or its credentials are wrong, or the server is no replica set
   * @throws MongoStoreError nothing answers
   */
  static async open(url: string, options: MongoOptions = {}): Promise<MongoWorkStore> {
    const views = namedDatabase(url);
    const database = options.database ?? (views === null ? DATABASE : `${views}_work`);
    const unusable = (sentence: string): Error => new ViewStoreUnusable(sentence);
    return new MongoWorkStore(await connect(url, database, { ...options, database }, unusable));
  }

  async checkpoint(reactor: string): Promise<ReactorCheckpoint | null> {
    const found = await this.run(
      this.reactors.findOne({ _id: reactor }, { useBigInt64: true, readConcern: { level: 'majority' } }),
    );
    return found === null ? null : { position: BigInt(found.position), hash: found.hash };
  }

  /** In one step of the server, so that the later of two processes cannot move it back. */
  async saveCheckpoint(reactor: string, { position, hash }: ReactorCheckpoint): Promise<void> {
    const isFurther = { $gt: [{ $literal: position }, '$position'] };
    const move = {
      $set: {
        position: { $cond: [isFurther, { $literal: position }, '$position'] },
        hash: { $cond: [isFurther, { $literal: hash }, '$hash'] },
      },
    };
    const save = async (): Promise<unknown> => this.reactors.updateOne({ _id: reactor }, [move], { upsert: true });
    // Of two processes that save the first checkpoint at once, one finds that there is one by now.
    const firstAtOnce = (error: unknown): Promise<unknown> => {
      if (!hasCode(error, ServerCode.duplicateKey)) throw error;
      return save();
    };
    await this.run(save().catch(firstAtOnce));
  }

  async forgetCheckpoint(reactor: string, { position, hash }: ReactorCheckpoint): Promise<void> {
    await this.run(this.reactors.deleteOne({ _id: reactor, position, hash }));
  }

  async close(): Promise<void> {
    await this.connection.client.close();
  }

  private async run<T>(work: Promise<T>): Promise<T> {
    try {
      return await work;
    } catch (error) {
      throw this.connection.redactor.translate(error);
    }
  }
}
