import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { createServer, type AddressInfo, type Server as Listener, type Socket } from 'node:net';
import { Server, ServerCredentials, type ServiceDefinition } from '@grpc/grpc-js';
import gossip from '@eventstore/db-client/generated/gossip_grpc_pb.js';
import features from '@eventstore/db-client/generated/serverfeatures_grpc_pb.js';
import streams from '@eventstore/db-client/generated/streams_grpc_pb.js';
import { appendHandler } from './append-handler.js';
import { batchAppendHandler } from './batch-append-handler.js';
import { deleteHandler, tombstoneHandler } from './delete-handlers.js';
import { Faults } from './faults.js';
import { Log } from './log.js';
import { gossipHandler, supportedMethodsHandler } from './node-info.js';
import type { Outlet } from './outlet.js';
import { readHandler } from './read-handler.js';
import { REFUSED, refusing } from './refusals.js';
import { givenUp } from './rpc-errors.js';
import { Writes } from './writes.js';

export interface StandInOptions {
  /** Default: a free one. */
  readonly port?: number;
  /** Bytes of one append; default as on the server. */
  readonly maxAppendSize?: number;
}

const HOST = '127.0.0.1';
/** What the server takes as one message; the client gets code 8 (RESOURCE_EXHAUSTED) for more. */
const MAX_MESSAGE = 16 * 1_024 * 1_024;

/** Read answers are made as bytes: most of them are sent many times. */
const READABLE_STREAMS: ServiceDefinition = {
  ...streams.StreamsService,
  read: { ...streams.StreamsService.read, responseSerialize: (bytes: Uint8Array) => Buffer.from(bytes) },
};

/**
 * Speaks EventStoreDB's Streams service (23.10.6, insecure, a single node) to the unmodified official client, with a
 * log in memory. It is a fixture: held to what the real server does and says, refusing loudly what it does not do, and
 * made to fail by `faults`.
 */
export class EventStoreDbStandIn {
  readonly faults = new Faults();
  readonly #log = new Log();
  readonly #options: StandInOptions;
  readonly #sockets = new Set<Socket>();
  readonly #outlets = new Set<Outlet>();
  readonly #instance = randomUUID();
  #listener: Listener | null = null;
  #server: Server | null = null;
  #port: number;

  private constructor(options: StandInOptions) {
    this.#options = options;
    this.#port = options.port ?? 0;
  }

  static async start(options: StandInOptions = {}): Promise<EventStoreDbStandIn> {
    const standIn = new EventStoreDbStandIn(options);
    await standIn.accept();
    return standIn;
  }

  /** The connection string. */
  get url(): string {
    return `esdb://${HOST}:${this.#port}?tls=false`;
  }

  get port(): number {
    return this.#port;
  }

  /** Connections that are open. */
  get connections(): number {
    return this.#sockets.size;
  }

  /** Kills the server (its data stays) and starts it again on the same port. */
  async restart(): Promise<void> {
    await this.refuse();
    await this.accept();
  }

  /** Kills the server: connections are reset, new ones refused. */
  async refuse(): Promise<void> {
    const listener = this.#listener;
    const server = this.#server;
    this.#listener = null;
    this.#server = null;
    const closed = listener === null ? null : new Promise((resolve) => listener.close(resolve));
    this.cutConnections();
    server?.forceShutdown();
    await closed;
  }

  /** Takes connections again after `refuse()`. */
  async accept(): Promise<void> {
    if (this.#listener !== null) return;
    const server = this.#serve();
    const injector = server.createConnectionInjector(ServerCredentials.createInsecure());
    const listener = createServer({ noDelay: true }, (socket) => {
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
      injector.injectConnection(socket);
    });
    listener.listen(this.#port, HOST);
    await once(listener, 'listening');
    this.#port = (listener.address() as AddressInfo).port;
    this.#listener = listener;
    this.#server = server;
  }

  /** Resets all connections; new ones are taken. */
  cutConnections(): void {
    for (const socket of this.#sockets) socket.resetAndDestroy();
  }

  /** Stops as the server does when it is told to (SIGTERM): silent for its grace, then it gives up what is open. */
  async shutDown(graceMs = 5_000): Promise<void> {
    this.faults.hang = true;
    this.#listener?.close();
    await sleep(graceMs);
    for (const outlet of this.#outlets) outlet.fail(givenUp());
    await sleep(10);
    await this.stop();
  }

  async stop(): Promise<void> {
    this.faults.clear();
    await this.refuse();
  }

  #serve(): Server {
    const server = new Server({
      'grpc.max_receive_message_length': MAX_MESSAGE,
      'grpc.max_send_message_length': -1,
    });
    const maxAppendSize = this.#options.maxAppendSize ?? 1_048_576;
    const writes = new Writes(this.#log, this.faults, () => this.cutConnections(), maxAppendSize);
    server.addService(READABLE_STREAMS, {
      read: readHandler(this.#log, this.faults, this.#outlets),
      append: appendHandler(writes),
      batchAppend: batchAppendHandler(writes, this.faults),
      delete: deleteHandler(this.#log),
      tombstone: tombstoneHandler(this.#log),
    });
    server.addService(features.ServerFeaturesService, { getSupportedMethods: supportedMethodsHandler('23.10.6') });
    server.addService(gossip.GossipService, {
      read: gossipHandler(this.#instance, () => ({ host: HOST, port: this.#port })),
    });
    for (const [service, what] of REFUSED) server.addService(service, refusing(service, what));
    return server;
  }
}
