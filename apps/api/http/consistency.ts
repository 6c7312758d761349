import type { FastifyReply, FastifyRequest } from 'fastify';
import { awaitViews } from '#application/await-views.js';
import type { EventStore } from '#event-store/port.js';
import type { ViewReads, ViewSchema } from '#view-store/port.js';
import { Problem } from './problem.js';

/** With `After-Position` and without `Prefer`, a query waits this long. */
const DEFAULT_WAIT_S = 2;

/** Read your writes: waits for what the client has written, and says what the answer is as new as. */
export class Consistency {
  constructor(
    private readonly events: EventStore,
    private readonly views: ViewReads,
  ) {}

  /**
   * Before a query over these views (none: over streams, which are never behind).
   * @throws ViewBehind a view has not reached `After-Position` in time
   */
  async before(request: FastifyRequest, reply: FastifyReply, schemas: readonly ViewSchema[]): Promise<void> {
    const position = afterPosition(request);
    if (position !== null && schemas.length > 0) {
      await awaitViews(this.events, this.views, schemas, position, waitSeconds(request) * 1_000);
    }
    void reply.header('View-Position', await this.#position(schemas));
  }

  /** The oldest of the views, read before the query: the answer is at least as new. */
  async #position(schemas: readonly ViewSchema[]): Promise<string> {
    if (schemas.length === 0) return String((await this.events.head()) ?? 0n);
    let oldest: bigint | null = null;
    for (const schema of schemas) {
      const position = (await this.views.checkpoint(schema))?.position ?? 0n;
      if (oldest === null || position < oldest) oldest = position;
    }
    return String(oldest ?? 0n);
  }
}

function afterPosition(request: FastifyRequest): bigint | null {
  const given = request.headers['after-position'];
  if (given === undefined) return null;
  if (typeof given !== 'string' || !/^\d{1,19}$/u.test(given)) {
    throw new Problem('invalid-request', 'After-Position takes a position.', {
      errors: [{ path: 'After-Position', message: 'must be a decimal position' }],
    });
  }
  return BigInt(given);
}

function waitSeconds(request: FastifyRequest): number {
  const prefer = request.headers['prefer'];
  const wait = /(?:^|[,;\s])wait=(\d{1,3})(?:$|[,;\s])/u.exec(String(prefer ?? ''))?.[1];
  return wait === undefined ? DEFAULT_WAIT_S : Math.min(10, Number(wait));
}
