import { createParamDecorator, Res, type ExecutionContext } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { canonicalJson } from '#event-store/canonical-json.js';
import type { JsonValue } from '#event-store/event.js';
import { parseInstant } from '#domain/shared/instant.js';
import { commandIdOf } from '#application/command-id.js';
import type { CommandAnswer } from '#application/commands/command.js';
import type { Caller, CommandRequest } from '#application/request.js';
import { Problem } from './problem.js';
import { QueryParameters } from './query-parameters.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** Set before any handler runs; null on the routes that need no key. */
    caller: Caller | null;
    correlationId: string;
    /** Under a key derived from the master key: fingerprints of requests cannot be guessed from outside. */
    hmac: (text: string) => string;
  }
}

const VISIBLE_ASCII = /^[\x21-\x7e]{1,255}$/u;

/**
 * What comes with a command beside its body: caller, key, condition, time. Takes the names of the query parameters that
 * the command knows; left out, it knows none.
 */
export const Request = createParamDecorator(
  (parameters: readonly string[] | undefined, context: ExecutionContext): CommandRequest => {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    new QueryParameters(request.query, parameters ?? []);
    return commandRequestOf(request);
  },
);

export function commandRequestOf(request: FastifyRequest): CommandRequest {
  const { caller } = request;
  if (caller === null) throw new Problem('unauthenticated', 'A command needs a caller.');
  const key = idempotencyKeyOf(request);
  const path = request.url.split('?', 1)[0] ?? request.url;
  const occurredAt = occurredAtOf(request.body);
  const ifMatch = ifMatchOf(request);
  return {
    caller,
    commandId: commandIdOf(caller.actor, request.method, path, key),
    keyed: key !== null,
    fingerprint: fingerprintOf(request),
    correlationId: request.correlationId,
    ...(occurredAt === null ? {} : { occurredAt }),
    ...(ifMatch === null ? {} : { ifMatch }),
  };
}

/** The reply, for its status and headers; what the method returns is the body. */
export const Reply = () => Res({ passthrough: true });

/** Puts a command's answer on the wire. */
export function sendAnswer(reply: FastifyReply, answer: CommandAnswer): CommandAnswer['body'] {
  void reply.status(answer.status).header('ETag', `"${answer.body.revision}"`);
  if (answer.location !== null) void reply.header('Location', answer.location);
  if (answer.replayed) void reply.header('Idempotency-Replayed', 'true');
  return answer.body;
}

/** The same request: the same canonical JSON of the parsed body, and the same query. */
function fingerprintOf(request: FastifyRequest): string {
  // Both were parsed from text and hold nothing but JSON.
  const body = canonicalJson((request.body ?? {}) as JsonValue);
  const query = canonicalJson({ ...(request.query as Record<string, JsonValue>) });
  return request.hmac(`${body}\n${query}`);
}

/** @throws Problem `invalid-idempotency-key` */
export function idempotencyKeyOf(request: FastifyRequest): string | null {
  const key = request.headers['idempotency-key'];
  if (key === undefined) return null;
  if (typeof key !== 'string' || !VISIBLE_ASCII.test(key)) {
    throw new Problem('invalid-idempotency-key', 'An Idempotency-Key has 1 to 255 visible ASCII characters.');
  }
  return key;
}

function ifMatchOf(request: FastifyRequest): number | null {
  const given = request.headers['if-match'];
  if (given === undefined) return null;
  const revision = /^"(\d{1,15})"$/u.exec(given)?.[1];
  if (revision === undefined) {
    throw new Problem('invalid-request', 'If-Match takes one revision, like "4".', {
      errors: [{ path: 'If-Match', message: 'must be a revision in double quotes' }],
    });
  }
  return Number(revision);
}

/** Validation of the body refuses what is not an instant. */
function occurredAtOf(body: unknown): number | null {
  if (typeof body !== 'object' || body === null || !('occurredAt' in body)) return null;
  return typeof body.occurredAt === 'string' ? parseInstant(body.occurredAt) : null;
}
