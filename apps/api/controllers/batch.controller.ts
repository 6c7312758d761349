import { Controller, HttpCode, Post, Req, Res } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { batchItem, commandsOf, type BatchItem } from '../http/batch-body.js';
import { idempotencyKeyOf } from '../http/command-request.js';
import { Problem } from '../http/problem.js';
import { QueryParameters } from '../http/query-parameters.js';

/** Marks a request that a batch makes. Only a batch asks for it, and only to be refused: it opens nothing. */
const ITEM = 'batch-item';

interface ItemResult {
  readonly index: number;
  readonly status: number;
  readonly body: unknown;
}

interface ItemAnswer {
  readonly status: number;
  readonly body: unknown;
  readonly replayed: boolean;
  readonly rate: string | null;
}

/**
 * Commands in bulk. Each is handed to the server's own router as the request that it stands for, with the caller's own
 * credentials, so that whatever holds for a command sent alone holds for it here too: its route, authentication, rate
 * limit, validation, key and condition.
 */
@Controller('v1/batch')
export class BatchController {
  constructor(private readonly host: HttpAdapterHost) {}

  /** One by one, in order; a refused one stops nothing. Out of reach of the stores nothing more is tried. */
  @Post()
  @HttpCode(200)
  @RouteConfig({ checksItsParts: true })
  async run(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply) {
    if (request.headers[ITEM] !== undefined) throw invalid('A batch holds commands, not batches.');
    if (request.headers['if-match'] !== undefined) throw invalid('A condition belongs to a command, not to a batch.');
    new QueryParameters(request.query, []);
    const key = idempotencyKeyOf(request);
    const results: ItemResult[] = [];
    let [accepted, replayed] = [0, 0];
    let outOfReach = false;
    for (const [index, command] of commandsOf(request.body).entries()) {
      // Each would wait for its whole deadline.
      const answer: ItemAnswer = outOfReach
        ? refused(new Problem('store-unavailable', 'Not tried, as the store was out of reach before.'), request)
        : await this.#answer(command, index, key, request);
      outOfReach ||= answer.status === 503;
      if (answer.rate !== null) void reply.header('RateLimit', answer.rate);
      if (answer.status < 300) accepted += 1;
      if (answer.replayed) replayed += 1;
      results.push({ index, status: answer.status, body: answer.body });
    }
    // Nothing was done that had not been done before.
    if (accepted > 0 && accepted === replayed) void reply.header('Idempotency-Replayed', 'true');
    return { results };
  }

  async #answer(command: unknown, index: number, batchKey: string | null, batch: FastifyRequest): Promise<ItemAnswer> {
    try {
      return await this.#send(batchItem(command, index, batchKey), batch);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      return refused(error, batch);
    }
  }

  async #send({ path, headers, payload }: BatchItem, batch: FastifyRequest): Promise<ItemAnswer> {
    const server = this.host.httpAdapter.getInstance<FastifyInstance>();
    const response = await server
      .inject({
        method: 'POST',
        url: path,
        headers: {
          ...headers,
          ...(batch.headers.authorization === undefined ? {} : { authorization: batch.headers.authorization }),
          'content-type': 'application/json',
          'correlation-id': batch.correlationId,
          [ITEM]: 'true',
        },
        payload,
      })
      .catch((error: unknown) => {
        throw isClosing(error) ? new Problem('store-unavailable', 'The server stops; nothing was written.') : error;
      });
    const rate = response.headers['ratelimit'];
    return {
      status: response.statusCode,
      body: response.json(),
      replayed: response.headers['idempotency-replayed'] === 'true',
      rate: typeof rate === 'string' ? rate : null,
    };
  }
}

function refused(problem: Problem, { correlationId }: FastifyRequest): ItemAnswer {
  return { status: problem.status, body: problem.body(correlationId), replayed: false, rate: null };
}

function invalid(detail: string): Problem {
  return new Problem('invalid-request', detail);
}

function isClosing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'FST_ERR_REOPENED_CLOSE_SERVER';
}
