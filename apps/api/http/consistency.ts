import type { FastifyReply, FastifyRequest } from 'fastify';
import type { EventStore } from '#event-store/port.js';
import { waitForPosition } from '#projection/wait-for.js';
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
   * @throws Problem `view-behind` when a view has not reached `After-Position` in time
   */
  async before(request: FastifyRequest, reply: FastifyReply, schemas: readonly ViewSchema[]): Promise<void> {
    const position = afterPosition(request);
    if (position !== null && schemas.length > 0) {
      const waited = await waitForPosition(this.views, schemas, position, waitSeconds(request) * 1_000);
      if (!waited.ok) throw await this.#behind(waited.view, waited.position);
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

  async #behind(view: string, position: bigint | null): Promise<Problem> {
    const head = await this.events.head();
    const [next] = await this.events.readAll(position, 1);
    const seconds = next === undefined ? 0 : Math.max(0, (Date.now() - Date.parse(next.metadata.recordedAt)) / 1_000);
    return new Problem('view-behind', `The view ${view} has not reached this position yet.`, {
      data: { view, position: String(position ?? 0n), head: String(head ?? 0n), events: null, seconds },
      headers: { 'Retry-After': '1' },
    });
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
