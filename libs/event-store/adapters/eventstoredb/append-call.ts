import { EventStoreDBClient } from '@eventstore/db-client';
import grpc from '@eventstore/db-client/generated/streams_grpc_pb.js';

/**
 * What of the client is there for its own commands, lent to ours: calls on its one channel, with its discovery of
 * nodes, its reconnection, its TLS and its credentials.
 */
class Lender extends EventStoreDBClient {
  static async batchAppend(client: Lender) {
    // The deadline of the call would be that of all appends on it: each has one of its own.
    const open = client.GRPCStreamCreator(grpc.StreamsClient, 'batchAppend', (stub) =>
      stub.batchAppend(...client.callArguments({}, { deadline: Infinity })),
    );
    return open();
  }

  static async closeChannel(client: Lender): Promise<void> {
    (await client.getChannel()).close();
  }
}

/** One call on which many appends travel, each answered by the id that it was given. */
export type AppendCall = Awaited<ReturnType<typeof Lender.batchAppend>>;

/** Opens the call: `Streams.BatchAppend` (streams.proto). */
export function openAppendCall(client: EventStoreDBClient): Promise<AppendCall> {
  return Lender.batchAppend(client);
}

/**
 * Ends what the client has open. Its own `dispose()` waits for calls that may never end, and leaves the connection.
 * @param withinMs how long it may take
 */
export async function closeClient(client: EventStoreDBClient, withinMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, withinMs)));
  await Promise.race([client.dispose().catch(() => undefined), late]);
  await Promise.race([Lender.closeChannel(client).catch(() => undefined), late]);
  clearTimeout(timer);
}
