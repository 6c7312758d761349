import type { Checkpoint, Commit, Lease, ReadRequest, ReadResult, Row, ViewSchema, ViewStore } from '../../port.js';
import { ViewStoreUnusable } from '../../port.js';
import { drop, prepare } from './collections.js';
import { commit } from './commit.js';
import { connect, type MongoConnection, type MongoOptions } from './connection.js';
import { createIndexes } from './indexes.js';
import { acquireLease, releaseLease } from './lease.js';
import { CollectionNames, viewKey } from './names.js';
import { majority } from './read-concern.js';
import { checkpointOf, ifPrepared, readRecord, versions, type ViewRecord } from './view-record.js';
import { read, scan, type ScanRequest } from './view-reads.js';

export interface MongoViewStoreOptions extends MongoOptions {
  /** How long a commit is tried over transient errors, in milliseconds. Default: 30,000. */
  readonly commitDeadlineMs?: number;
}

const DATABASE = 'pipeledger_views';
const KEYS_PER_LOAD = 10_000;

/** The view store on MongoDB 6.0 or newer: a replica set or a sharded cluster. See docs/engines/mongodb.md. */
export class MongoViewStore implements ViewStore {
  /** Generations of the views that were prepared or loaded here; a commit asks the record itself. */
  private readonly generations = new Map<string, number>();

  private constructor(
    private readonly connection: MongoConnection,
    private readonly commitDeadlineMs: number,
  ) {}

  /**
   * @param url `mongodb://…` or `mongodb+srv://…`, with credentials, TLS and the database if any
   * @throws ViewStoreUnusable the URL or its credentials are wrong, or the server has no transactions
   * @throws MongoStoreError nothing answers
   */
  static async open(url: string, options: MongoViewStoreOptions = {}): Promise<MongoViewStore> {
    const connection = await connect(url, DATABASE, options, (sentence) => new ViewStoreUnusable(sentence));
    return new MongoViewStore(connection, options.commitDeadlineMs ?? 30_000);
  }

  async prepare(view: ViewSchema): Promise<void> {
    const record = await this.run(prepare(this.connection.database, view));
    this.generations.set(viewKey(view), record.generation);
  }

  async createIndexes(view: ViewSchema): Promise<void> {
    const record = await this.prepared(view);
    if (record === null) throw new Error(`view ${view.view} version ${view.version} is not prepared`);
    await this.run(createIndexes(this.connection.database, view, new CollectionNames(view, record.generation)));
  }

  async versions(view: ViewSchema): Promise<readonly number[]> {
    return this.run(versions(this.connection.database, view));
  }

  async drop(view: ViewSchema): Promise<void> {
    this.generations.delete(viewKey(view));
    await this.run(drop(this.connection.database, view));
  }

  async load(view: ViewSchema, keys: readonly string[]): Promise<ReadonlyMap<string, object>> {
    const names = await this.names(view);
    const states = new Map<string, object>();
    if (names === null) return states;
    const collection = this.connection.database.collection<{ _id: string; state: string }>(names.states);
    for (let first = 0; first < keys.length; first += KEYS_PER_LOAD) {
      const wanted = keys.slice(first, first + KEYS_PER_LOAD);
      const found = await this.run(
        collection.find({ _id: { $in: wanted } }, { batchSize: wanted.length + 1, ...majority() }).toArray(),
      );
      for (const { _id, state } of found) states.set(_id, JSON.parse(state) as object);
    }
    return states;
  }

  /** The server overwrites and passes its journal in its own time. */
  purge(): Promise<boolean> {
    return Promise.resolve(true);
  }

  async commit(view: ViewSchema, work: Commit): Promise<void> {
    const { client, database } = this.connection;
    await this.run(commit(client, database, view, work, performance.now() + this.commitDeadlineMs));
  }

  async acquireLease(view: ViewSchema, holder: string, ttlMs: number): Promise<Lease | null> {
    return this.run(acquireLease(this.connection.database, view, holder, ttlMs));
  }

  async releaseLease(view: ViewSchema, holder: string): Promise<void> {
    await this.run(releaseLease(this.connection.database, view, holder));
  }

  async read<const R extends readonly ReadRequest[]>(
    view: ViewSchema,
    requests: R,
  ): Promise<{ checkpoint: Checkpoint | null; results: { [K in keyof R]: ReadResult<R[K]> } }> {
    return this.run(read(this.connection.client, this.connection.database, view, requests));
  }

  async *scan(view: ViewSchema, request: ScanRequest): AsyncGenerator<readonly Row[]> {
    try {
      yield* scan(this.connection.client, this.connection.database, view, request);
    } catch (error) {
      throw this.connection.redactor.translate(error);
    }
  }

  async checkpoint(view: ViewSchema): Promise<Checkpoint | null> {
    const record = await this.prepared(view);
    return record === null ? null : checkpointOf(record);
  }

  async close(): Promise<void> {
    await this.connection.client.close();
  }

  private async prepared(view: ViewSchema): Promise<ViewRecord | null> {
    return ifPrepared(this.connection.database, view, await this.run(readRecord(this.connection.database, view)));
  }

  private async names(view: ViewSchema): Promise<CollectionNames | null> {
    let generation = this.generations.get(viewKey(view));
    if (generation === undefined) {
      const record = await this.prepared(view);
      if (record === null) return null;
      generation = record.generation;
      this.generations.set(viewKey(view), generation);
    }
    return new CollectionNames(view, generation);
  }

  private async run<T>(work: Promise<T>): Promise<T> {
    try {
      return await work;
    } catch (error) {
      throw this.connection.redactor.translate(error);
    }
  }
}
