import { randomUUID } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { PersonalTexts } from '#application/personal/personal-texts.js';
import type { AccessKeys } from '#application/access/access-keys.js';
import { isUuid } from '#application/validation/decorators.js';
import type { Logger } from '#platform/logger.js';
import { OutcomeUnknown } from '#application/errors.js';
import { StoreUnavailable } from '#event-store/port.js';
import { KeyVaultUnusable } from '#platform/key-vault/port.js';
import { ViewStoreUnavailable, ViewStoreUnusable } from '#view-store/port.js';
import { hmacOf } from './hmac.js';
import { checkJson, parseJsonBody } from './json-body.js';
import { Problem, problemOf } from './problem.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** Of the problem that it was answered with. */
    problemCode: string | null;
  }
  interface FastifyContextConfig {
    /** The route looks at the parts of its body one by one: a fault in one of them is not the whole body's. */
    checksItsParts?: boolean;
  }
}

const PROBLEM_TYPE = 'application/problem+json; charset=utf-8';
const RATE_WINDOW_S = 10;
/** A command is answered within this time, or told that its outcome is unknown. */
const ANSWER_WITHIN_MS = 5_000;
/** What a command has of that, so that its own word, which may say more, comes first. */
export const COMMAND_WITHIN_MS = 4_750;

export interface EntranceOptions {
  readonly access: AccessKeys;
  /** Opens what answers hold sealed. */
  readonly personal: PersonalTexts;
  readonly fingerprintKey: Buffer;
  /** Requests that one key may make in RATE_WINDOW_S. */
  readonly rateLimit: number;
  readonly log: Logger;
}

/**
 * What happens to every request before its route: correlation, authentication (deny by default), rate limit, parsing of
 * the body.
 * @returns what is said to a request that fits no route
 */
export function installEntrance(
  server: FastifyInstance,
  options: EntranceOptions,
): (request: FastifyRequest) => Problem {
  const rates = new RateLimit(options.rateLimit);
  const hmac = hmacOf(options.fingerprintKey);
  server.decorateRequest('caller', null);
  server.decorateRequest('problemCode', null);
  server.decorateRequest('correlationId', '');
  server.decorateRequest('hmac');

  server.addHook('onRequest', async (request, reply) => {
    const given = request.headers['correlation-id'];
    request.correlationId = isUuid(given) ? given : randomUUID();
    request.hmac = hmac;
    void reply.header('Correlation-Id', request.correlationId);
    if (isOpen(request)) return;
    if (request.method === 'POST') answerInTime(request, reply, options.log);
    request.caller = await callerOf(request, options.access);
    rates.count(request.caller.actor.id, reply);
  });

  server.addHook('onSend', async (request, reply, payload) => {
    if (typeof payload !== 'string' || isVerbatim(request)) return payload;
    try {
      return await options.personal.openJson(payload);
    } catch (error) {
      const problem = problemFor(error, request, options.log);
      void reply.status(problem.status).headers(problem.more.headers ?? {});
      void reply.header('Content-Type', PROBLEM_TYPE);
      return JSON.stringify(problem.body(request.correlationId));
    }
  });

  server.removeAllContentTypeParsers();
  server.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    try {
      const value = parseJsonBody(Buffer.isBuffer(body) ? body : Buffer.from(body));
      if (request.routeOptions.config.checksItsParts !== true) checkJson(value);
      done(null, value);
    } catch (error) {
      done(error instanceof Error ? error : new Error(String(error)));
    }
  });

  const routes = knownRoutes(server);
  return (request) => {
    const methods = routes(request.url.split('?', 1)[0] ?? '');
    return methods.length === 0 || methods.includes(request.method)
      ? new Problem('not-found', 'There is no such resource.')
      : new Problem('method-not-allowed', `Use ${methods.join(' or ')}.`, { headers: { Allow: methods.join(', ') } });
  };
}

/** However many steps a command takes, and whichever of them hangs. A batch has the time of all its commands. */
function answerInTime(request: FastifyRequest, reply: FastifyReply, log: Logger): void {
  if (request.routeOptions.url === '/v1/batch') return;
  const timer = setTimeout(() => sendError(new OutcomeUnknown(), request, reply, log), ANSWER_WITHIN_MS);
  for (const end of ['finish', 'close']) reply.raw.once(end, () => clearTimeout(timer));
}

/** Events are answered as they are stored, so that their hashes can be checked. */
function isVerbatim(request: FastifyRequest): boolean {
  return request.routeOptions.url?.endsWith('/events') === true;
}

/** Answers an error: a problem that the client can act on, or a 500 that names nothing but its trace id. */
export function sendError(error: unknown, request: FastifyRequest, reply: FastifyReply, log: Logger): void {
  // What the router refuses has not been through any hook.
  const traceId = request.correlationId || randomUUID();
  const told = problemFor(error, request, log, traceId);
  if (!reply.sent) request.problemCode = told.code;
  sendProblem(reply, told, traceId);
}

/** What an error is told as. What names more than a client may know is logged. */
function problemFor(error: unknown, request: FastifyRequest, log: Logger, traceId = request.correlationId): Problem {
  const problem = problemOf(error);
  // What the operator has to mend is told to him; the client learns only that it is so.
  if (error instanceof ViewStoreUnusable || error instanceof KeyVaultUnusable) log.error({ traceId }, error.message);
  if (error instanceof StoreUnavailable || error instanceof ViewStoreUnavailable || error instanceof OutcomeUnknown) {
    log.warn({ traceId, cause: causeOf(error) }, error.message);
  }
  if (problem === null) {
    log.error({ err: error, traceId, method: request.method, url: request.url }, 'unexpected error');
  }
  return problem ?? new Problem('internal', 'Something went wrong on our side.');
}

function causeOf({ cause }: Error): string | undefined {
  return cause instanceof Error ? cause.message : undefined;
}

function sendProblem(reply: FastifyReply, problem: Problem, traceId: string): void {
  if (reply.sent) return;
  void reply
    .status(problem.status)
    .headers(problem.more.headers ?? {})
    .header('Content-Type', PROBLEM_TYPE)
    // Serialised here: the client's Accept header does not change what a problem looks like.
    .serializer((payload: unknown) => JSON.stringify(payload))
    .send(problem.body(traceId));
}

function isOpen(request: FastifyRequest): boolean {
  const path = request.url.split('?', 1)[0] ?? '';
  return path.startsWith('/health/') || path === '/openapi.json' || path === '/docs';
}

async function callerOf(request: FastifyRequest, access: AccessKeys) {
  const token = /^Bearer ([\x21-\x7e]{1,8192})$/u.exec(request.headers.authorization ?? '')?.[1];
  const caller = token === undefined ? null : await access.authenticate(token);
  if (caller === null) {
    throw new Problem('unauthenticated', 'Send a valid API key as bearer token.', {
      headers: { 'WWW-Authenticate': 'Bearer' },
    });
  }
  return caller;
}

/** Fixed windows per caller; headers as in the IETF draft on RateLimit fields. */
class RateLimit {
  #window = 0;
  #counts = new Map<string, number>();

  constructor(private readonly quota: number) {}

  count(caller: string, reply: FastifyReply): void {
    const now = Date.now() / 1_000;
    const window = Math.floor(now / RATE_WINDOW_S);
    if (window !== this.#window) {
      this.#window = window;
      this.#counts = new Map();
    }
    const count = (this.#counts.get(caller) ?? 0) + 1;
    this.#counts.set(caller, count);
    const reset = Math.ceil((window + 1) * RATE_WINDOW_S - now);
    void reply.header('RateLimit-Policy', `"default";q=${this.quota};w=${RATE_WINDOW_S}`);
    void reply.header('RateLimit', `"default";r=${Math.max(0, this.quota - count)};t=${reset}`);
    if (count > this.quota) {
      throw new Problem('rate-limited', `At most ${this.quota} requests in ${RATE_WINDOW_S} s.`, {
        headers: { 'Retry-After': String(reset) },
      });
    }
  }
}

/** For a path the methods of the routes that it would fit. */
function knownRoutes(server: FastifyInstance): (path: string) => readonly string[] {
  const routes: { readonly pattern: RegExp; readonly method: string }[] = [];
  server.addHook('onRoute', ({ url, method }) => {
    const pattern = new RegExp(`^${url.replace(/[.*+?^${}()|[\]\\]/gu, '\\$&').replace(/:[^/]+/gu, '[^/]+')}$`, 'u');
    for (const one of Array.isArray(method) ? method : [method]) routes.push({ pattern, method: one });
  });
  return (path) => [...new Set(routes.filter(({ pattern }) => pattern.test(path)).map(({ method }) => method))];
}
