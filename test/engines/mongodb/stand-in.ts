import { createServer, type Server, type Socket } from 'node:net';
import { Catalog } from './catalog.js';
import { ClusterClock } from './clock.js';
import { Connection } from './connection.js';
import { Cursors } from './cursors.js';
import type { Document } from './documents.js';
import type { ServerState } from './execution.js';
import { Faults } from './faults.js';
import { Logins, type User } from './logins.js';
import { ReplicaSet } from './replica-set.js';
import { Sessions } from './sessions.js';

export interface StandInOptions {
  /** Default: a free one. */
  readonly port?: number;
  /** `transactionLifetimeLimitSeconds`, in milliseconds; default 60,000, as on the server. */
  readonly transactionLifetimeMs?: number;
  /** Who has to log in; default: nobody. */
  readonly user?: User;
  /** How others reach it, as `hello` tells; default: directly. */
  readonly advertised?: () => string;
}

/**
 * A server that speaks the wire protocol of MongoDB 7.0 to unmodified drivers: a replica set of one node, in memory.
 * It takes CRUD commands, aggregation (by mingo), indexes, sessions, retryable writes, snapshot reads and transactions
 * with write conflicts; what it does not support it refuses by an error. Logins are by
 * SCRAM-SHA-256, of one user; `TlsFront` gives it TLS.
 */
export class MongoDbStandIn {
  readonly faults = new Faults(() => {
    this.dropConnections();
  });
  private readonly replicaSet: ReplicaSet;
  private readonly state: ServerState;
  private readonly connections = new Map<Socket, Connection>();
  private readonly observers = new Set<(name: string, body: Document) => void>();
  private server: Server | null = null;
  private lastConnection = 0;
  private port = 0;

  private constructor({ transactionLifetimeMs, user, advertised }: StandInOptions) {
    this.replicaSet = new ReplicaSet(advertised ?? (() => `127.0.0.1:${this.port}`));
    this.state = {
      catalog: new Catalog(),
      sessions: new Sessions(transactionLifetimeMs),
      clock: new ClusterClock(),
      cursors: new Cursors(),
      faults: this.faults,
      replicaSet: this.replicaSet,
      logins: new Logins(user ?? null),
    };
  }

  static async start(options: StandInOptions = {}): Promise<MongoDbStandIn> {
    const standIn = new MongoDbStandIn(options);
    await standIn.listen(options.port ?? 0);
    return standIn;
  }

  get url(): string {
    return `mongodb://127.0.0.1:${this.port}/`;
  }

  /** Calls `observer` with each command that arrives, until the returned function is called. */
  observe(observer: (name: string, body: Document) => void): () => void {
    this.observers.add(observer);
    return () => {
      this.observers.delete(observer);
    };
  }

  /** Ends and starts again at the same address: data and finished writes stay, all that was under way is lost. */
  async restart(): Promise<void> {
    await this.close();
    this.state.sessions.abortTransactions();
    this.state.cursors.clear();
    this.replicaSet.restarted();
    await this.listen(this.port);
  }

  /** No primary for so long, then an election. Transactions are lost, finished writes stay. */
  stepDown(forMs: number): void {
    this.state.sessions.abortTransactions();
    this.replicaSet.stepDown(forMs);
  }

  async stop(): Promise<void> {
    this.faults.clear();
    this.replicaSet.stop();
    await this.close();
  }

  private async listen(port: number): Promise<void> {
    const server = createServer((socket) => {
      this.accept(socket);
    });
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, '127.0.0.1', resolve);
    });
    this.server = server;
    const address = server.address();
    if (address !== null && typeof address === 'object') this.port = address.port;
  }

  private accept(socket: Socket): void {
    if (this.faults.isRefusing) {
      socket.destroy();
      return;
    }
    this.lastConnection += 1;
    const connection = new Connection(this.state, socket, this.lastConnection, (name, body) => {
      for (const observer of this.observers) observer(name, body);
    });
    this.connections.set(socket, connection);
    socket.on('close', () => this.connections.delete(socket));
  }

  private dropConnections(): void {
    for (const connection of this.connections.values()) connection.drop();
  }

  private async close(): Promise<void> {
    const { server } = this;
    this.server = null;
    const closed = new Promise<void>((resolve) => {
      if (server === null) resolve();
      else server.close(() => resolve());
    });
    this.dropConnections();
    await closed;
  }
}
