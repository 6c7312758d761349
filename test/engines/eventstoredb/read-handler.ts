import type { Faults } from './faults.js';
import type { Log } from './log.js';
import { Outlet, type ReadCall } from './outlet.js';
import { readOptions, type AllRead, type StreamRead } from './read-options.js';
import { isFound, readAll, readStream } from './reads.js';
import { invalidArgument, notReady, RpcError, unexpected } from './rpc-errors.js';
import { subscribeToAll, subscribeToStream } from './subscriptions.js';
import { eventResponse, streamNotFound } from './wire.js';

/**
 * `Streams.Read`: reads of one stream and of $all, and subscriptions to them.
 * @param open those that are under way
 */
export function readHandler(log: Log, faults: Faults, open: Set<Outlet>): (call: ReadCall) => void {
  return (call) => {
    const outlet = new Outlet(call);
    open.add(outlet);
    call.on('close', () => open.delete(outlet));
    answer(log, faults, outlet, call).catch((error: unknown) =>
      outlet.fail(error instanceof RpcError ? error : unexpected()),
    );
  };
}

async function answer(log: Log, faults: Faults, outlet: Outlet, call: ReadCall): Promise<void> {
  const read = readOptions(call.request);
  if (faults.notReady) throw notReady();
  if (read.count === null) {
    if (read.backwards) throw invalidArgument('readDirection');
    return read.stream === null
      ? subscribeToAll(log, faults, outlet, read)
      : subscribeToStream(log, faults, outlet, read);
  }
  await faults.pass();
  if (read.stream !== null && !isFound(log, read.stream)) outlet.send(streamNotFound(read.stream));
  else await send(log, outlet, read);
  outlet.end();
}

async function send(log: Log, outlet: Outlet, read: StreamRead | AllRead): Promise<void> {
  for (const event of read.stream === null ? readAll(log, read) : readStream(log, read)) {
    if (outlet.ended) return;
    outlet.send(eventResponse(log, event, read.resolveLinks));
    if (outlet.isBlocked) await outlet.taken();
  }
}
