import { type Db, MongoClient } from 'mongodb';
import { hasCode, Redactor, ServerCode } from './errors.js';

export interface MongoOptions {
  /** Default: the database that the URL names, else the caller's. */
  readonly database?: string;
  /** How long one command may go unanswered before its connection is given up, in milliseconds. Default: 30,000. */
  readonly operationTimeoutMs?: number;
  /** How long to look for a primary, in milliseconds. Default: 10,000. */
  readonly serverSelectionTimeoutMs?: number;
}

/** A checked connection: to a replica set or a sharded cluster, with majority writes. */
export interface MongoConnection {
  readonly client: MongoClient;
  readonly database: Db;
  readonly redactor: Redactor;
}

/** MongoDB 6.0. https://github.com/mongodb/specifications/blob/master/source/wireversion-featurelist/wireversion-featurelist.md */
const LEAST_WIRE_VERSION = 17;
const WRITE_CONCERN_TIMEOUT_SHARE = 0.8;

/**
 * Connects and looks at what answers. TLS, credentials and replica set are given in the URL.
 * @param unusable makes the error for what trying again does not help: the URL, the credentials, the kind of server
 * @throws MongoStoreError nothing answers
 */
export async function connect(
  url: string,
  defaultDatabase: string,
  options: MongoOptions,
  unusable: (sentence: string) => Error,
): Promise<MongoConnection> {
  const redactor = new Redactor(url);
  const client = clientOf(url, options, unusable);
  try {
    await client.connect();
    const database = client.db(options.database ?? namedDatabase(url) ?? defaultDatabase);
    const refusal = whyUnusable(await database.admin().command({ hello: 1 }));
    if (refusal !== null) throw unusable(refusal);
    return { client, database, redactor };
  } catch (error) {
    await client.close();
    if (hasCode(error, ServerCode.authenticationFailed)) {
      throw unusable('MongoDB refuses the user name or the password of the URL, or they belong to another authSource.');
    }
    throw redactor.translate(error);
  }
}

function clientOf(url: string, options: MongoOptions, unusable: (sentence: string) => Error): MongoClient {
  const operationTimeoutMs = options.operationTimeoutMs ?? 30_000;
  try {
    return new MongoClient(url, {
      appName: 'pipeledger',
      serverSelectionTimeoutMS: options.serverSelectionTimeoutMs ?? 10_000,
      connectTimeoutMS: Math.min(operationTimeoutMs, 10_000),
      socketTimeoutMS: operationTimeoutMs,
      // Whatever the URL says: less would lose what was acknowledged.
      readPreference: 'primary',
      writeConcern: { w: 'majority', wtimeoutMS: Math.ceil(operationTimeoutMs * WRITE_CONCERN_TIMEOUT_SHARE) },
      retryWrites: true,
      retryReads: true,
    });
  } catch (error) {
    // The driver's text may quote parts of the URL, among them a password that it took for something else.
    const reason = error instanceof Error && !url.includes('@') ? error.message : 'it cannot be read';
    throw unusable(
      `The URL of MongoDB is wrong: ${reason}. It has the form mongodb://[user:password@]host[:port][,...]/[database][?replicaSet=...], ` +
        'where user and password are percent-encoded.',
    );
  }
}

/** The database that a connection string names; null: none. */
export function namedDatabase(url: string): string | null {
  const name = /^[^/]*\/\/[^/]*\/([^?]+)/.exec(url)?.[1];
  return name === undefined ? null : decodeURIComponent(name);
}

interface Hello {
  readonly setName?: string;
  readonly msg?: string;
  readonly isreplicaset?: boolean;
  readonly maxWireVersion?: number;
}

function whyUnusable(hello: Hello): string | null {
  if (hello.isreplicaset === true) {
    return 'The MongoDB server waits for its replica set to be initiated: run rs.initiate() on it once.';
  }
  if (hello.setName === undefined && hello.msg !== 'isdbgrid') {
    return (
      'The MongoDB server stands alone and has no transactions. Start it with --replSet and run rs.initiate() once; ' +
      'a replica set of one node is enough.'
    );
  }
  if ((hello.maxWireVersion ?? 0) < LEAST_WIRE_VERSION) return 'The MongoDB server is older than 6.0.';
  return null;
}
