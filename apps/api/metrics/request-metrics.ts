import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Family } from '#platform/metrics/exposition.js';
import { Counter, Histogram } from '#platform/metrics/instruments.js';

const BOUNDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** Counts what is asked and what comes of it. Routes stand for the paths that fit them: there are few. */
export class RequestMetrics {
  readonly #requests = new Counter(
    'pipeledger_http_requests_total',
    'Requests that were answered, those of batches included.',
    ['method', 'route', 'status'],
  );
  readonly #durations = new Histogram(
    'pipeledger_http_request_duration_seconds',
    'From the arrival of a request to the end of its answer.',
    ['method', 'route'],
    BOUNDS,
  );
  readonly #commands = new Counter(
    'pipeledger_commands_total',
    'Commands by what came of them: done, replayed, or the code of the problem.',
    ['route', 'outcome'],
  );

  install(server: FastifyInstance): void {
    server.addHook('onResponse', (request, reply, done) => {
      this.#count(request, reply);
      done();
    });
  }

  families(): readonly Family[] {
    return [this.#requests.family(), this.#durations.family(), this.#commands.family()];
  }

  #count(request: FastifyRequest, reply: FastifyReply): void {
    const { method } = request;
    const route = request.routeOptions.url ?? 'none';
    this.#requests.add([method, route, String(reply.statusCode)]);
    this.#durations.observe([method, route], reply.elapsedTime / 1_000);
    if (method !== 'POST' || route === 'none' || route === '/v1/batch') return;
    this.#commands.add([route, request.problemCode ?? (reply.hasHeader('Idempotency-Replayed') ? 'replayed' : 'done')]);
  }
}
