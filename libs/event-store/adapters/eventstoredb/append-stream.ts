import { randomUUID } from 'node:crypto';
import type { EventStoreDBClient } from '@eventstore/db-client';
import type streams from '@eventstore/db-client/generated/streams_pb.js';
import type { EncodedAppend } from '../../append-encoding.js';
import { StoreUnavailable } from '../../port.js';
import { answeredId, stored, type Stored } from './append-answer.js';
import { openAppendCall, type AppendCall } from './append-call.js';
import { appendRequest } from './append-request.js';
import { asError, messageOf } from './eventstoredb-errors.js';

interface Waiting {
  readonly append: EncodedAppend;
  readonly resolve: (stored: Stored) => void;
  readonly reject: (error: Error) => void;
  readonly timer: NodeJS.Timeout;
}

/** An open call with the appends on it that have no answer yet. */
interface Open {
  readonly call: AppendCall;
  readonly waiting: Map<string, Waiting>;
}

/** Appends that may wait in this process for the server to take them; more are refused. */
const MAX_UNSENT = 2_000;

/**
 * Sends the appends of one store on one call, opened by the first of them and again after it has failed.
 *
 * The client's own `appendToStream` is not used for this. Up to version 6.2.1 it keeps what awaits an answer in one
 * map for the whole module: a failure of one client rejects the appends of all, after which the answer to one of those
 * throws where nobody can catch it; a lost connection under load leaves rejections unhandled, which ends the process;
 * and no deadline is enforced (dist/streams/appendToStream/batchAppend.js, dist/utils/backpressuredWrite.js).
 */
export class AppendStream {
  readonly #client: EventStoreDBClient;
  readonly #timeoutMs: number;
  #opening: Promise<Open> | null = null;

  /** @param timeoutMs how long an append may go without an answer */
  constructor(client: EventStoreDBClient, timeoutMs: number) {
    this.#client = client;
    this.#timeoutMs = timeoutMs;
  }

  /**
   * Sends once; whoever wants to be sure sends the same again.
   * @throws WrongExpectedRevision, AppendTooLarge
   * @throws StoreUnavailable `nothingWritten` only if it was never sent, or was refused
   */
  send(append: EncodedAppend): Promise<Stored> {
    return new Promise((resolve, reject) => {
      const id = randomUUID();
      let open: Open | null = null;
      let late = false;
      const timer = setTimeout(() => {
        late = true;
        open?.waiting.delete(id);
        reject(new StoreUnavailable('EventStoreDB did not answer an append in time', open === null));
      }, this.#timeoutMs);
      const refuse = (reason: string, cause?: unknown) => {
        clearTimeout(timer);
        reject(new StoreUnavailable(reason, true, { cause }));
      };
      this.#open().then(
        (ready) => {
          // The caller was told that nothing was sent.
          if (late) return;
          if (ready.call.writableLength >= MAX_UNSENT) return refuse('EventStoreDB takes no more appends at present');
          open = ready;
          ready.waiting.set(id, { append, resolve, reject, timer });
          ready.call.write(appendRequest(id, append));
        },
        (error: unknown) => refuse(`EventStoreDB cannot be reached: ${messageOf(error)}`, error),
      );
    });
  }

  /** Ends the call. Whoever still waits is told that the outcome is unknown. */
  close(): void {
    const opening = this.#opening;
    this.#opening = null;
    opening?.then(
      ({ call }) => call.cancel(),
      () => undefined,
    );
  }

  #open(): Promise<Open> {
    return (this.#opening ??= this.#start());
  }

  #start(): Promise<Open> {
    const forget = () => {
      if (this.#opening === opening) this.#opening = null;
    };
    const opening = openAppendCall(this.#client).then((call) => {
      const open: Open = { call, waiting: new Map() };
      const abandon = (reason: string, nothingSent: boolean) => {
        forget();
        rejectAll(open, new StoreUnavailable(reason, nothingSent));
      };
      call.on('data', (answer: streams.BatchAppendResp) => settle(open, answer));
      call.on('error', (error) =>
        neverConnected(error)
          ? abandon(`EventStoreDB cannot be reached: ${messageOf(error)}`, true)
          : abandon(`the connection to EventStoreDB was lost: ${messageOf(error)}`, false),
      );
      call.on('end', () => abandon('EventStoreDB ended the call of the appends', false));
      return open;
    });
    opening.catch(forget);
    return opening;
  }
}

/** The call never left this process: grpc-js found no server to send it to (load-balancer-pick-first.js). */
function neverConnected(error: Error): boolean {
  return (
    'details' in error && typeof error.details === 'string' && error.details.startsWith('No connection established')
  );
}

function rejectAll({ waiting }: Open, error: StoreUnavailable): void {
  const all = [...waiting.values()];
  waiting.clear();
  for (const { reject, timer } of all) {
    clearTimeout(timer);
    reject(error);
  }
}

/** An answer that comes after its time finds nobody. */
function settle({ waiting }: Open, answer: streams.BatchAppendResp): void {
  const id = answeredId(answer);
  const found = waiting.get(id);
  if (found === undefined) return;
  waiting.delete(id);
  clearTimeout(found.timer);
  try {
    found.resolve(stored(answer, found.append));
  } catch (error) {
    found.reject(asError(error));
  }
}
