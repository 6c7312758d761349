import { Readable } from 'node:stream';
import { Controller, Get, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { eventAnswer } from '#application/queries/history.query.js';
import { categoryOf } from '#event-store/streams.js';
import type { RecordedEvent } from '#event-store/event.js';
import { EventFeed } from '../event-feed.js';
import { Consistency } from '../http/consistency.js';
import { Problem } from '../http/problem.js';
import { QueryParameters } from '../http/query-parameters.js';

const PAGE = 500;

/** The feed: every event, in the order of the log. As NDJSON to the head, or live as server-sent events. */
@Controller('v1/events')
export class EventsController {
  constructor(
    private readonly feed: EventFeed,
    private readonly consistency: Consistency,
  ) {}

  @Get()
  async events(@Query() query: unknown, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const parameters = new QueryParameters(query, ['after', 'category', 'type']);
    const live = String(request.headers.accept ?? '').includes('text/event-stream');
    const start = parameters.position('after');
    // A listener that comes back asks for the same URL: what it has heard since counts.
    const after = (live ? lastEventId(request) : null) ?? start;
    const categories = parameters.texts('category');
    const types = parameters.texts('type');
    const wanted = (event: RecordedEvent): boolean =>
      (categories.length === 0 || categories.includes(categoryOf(event.stream) ?? '')) &&
      (types.length === 0 || types.includes(event.type));
    await this.consistency.before(request, reply, []);
    const gone = new AbortController();
    reply.raw.on('close', () => gone.abort());
    const lines = live ? this.#live(after, wanted, gone.signal) : this.#history(after, wanted);
    await reply
      .header('Content-Type', live ? 'text/event-stream; charset=utf-8' : 'application/x-ndjson; charset=utf-8')
      .header('Cache-Control', 'no-store')
      .send(Readable.from(lines, { objectMode: false, highWaterMark: 64 * 1024 }));
  }

  async *#history(after: bigint | null, wanted: (event: RecordedEvent) => boolean): AsyncGenerator<string> {
    const head = await this.feed.events.head();
    for (let from = after; head !== null;) {
      const page = await this.feed.events.readAll(from, PAGE);
      const last = page[page.length - 1];
      if (last === undefined) return;
      from = last.position;
      const lines = page.filter((event) => event.position <= head && wanted(event));
      if (lines.length > 0) yield lines.map((event) => `${JSON.stringify(eventAnswer(event))}\n`).join('');
      if (from >= head) return;
    }
  }

  async *#live(
    after: bigint | null,
    wanted: (event: RecordedEvent) => boolean,
    signal: AbortSignal,
  ): AsyncGenerator<string> {
    yield ': pipeledger\n\n';
    for await (const batch of this.feed.subscribe(after, signal)) {
      const messages = batch.events.filter(wanted).map((event) => {
        const answer = eventAnswer(event);
        return `id: ${answer.position}\nevent: ${answer.type}\ndata: ${JSON.stringify(answer)}\n\n`;
      });
      if (messages.length > 0) yield messages.join('');
      else if (batch.events.length === 0) yield ': still here\n\n';
    }
  }
}

function lastEventId(request: FastifyRequest): bigint | null {
  const id = request.headers['last-event-id'];
  if (id === undefined) return null;
  if (typeof id !== 'string' || !/^\d{1,19}$/u.test(id)) {
    throw new Problem('invalid-request', 'Last-Event-ID takes a position.', {
      errors: [{ path: 'Last-Event-ID', message: 'must be a decimal position' }],
    });
  }
  return BigInt(id);
}
