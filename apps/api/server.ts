import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { NotFoundException } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AccessKeys } from '#application/access/access-keys.js';
import { Erasure } from '#application/personal/erasure.js';
import { SealedTexts } from '#application/personal/personal-texts.js';
import { CommandExecutor } from '#application/execute.js';
import { StreamLabels } from '#application/labels.js';
import { StreamPolicies } from '#application/policies.js';
import { ContactMatches } from '#application/contact-matches.js';
import { BoardQuery } from '#application/queries/board.query.js';
import { ContactQuery } from '#application/queries/contact.query.js';
import { DealListQuery } from '#application/queries/deal-list.query.js';
import { DealQuery } from '#application/queries/deal.query.js';
import { HistoryQuery } from '#application/queries/history.query.js';
import { LeadQuery } from '#application/queries/lead.query.js';
import { PipelineQuery } from '#application/queries/pipeline.query.js';
import { ActivityListQuery } from '#application/queries/activity-list.query.js';
import { StandaloneQuery } from '#application/queries/standalone.query.js';
import { ProductQuery } from '#application/queries/product.query.js';
import { ReportQuery } from '#application/queries/report.query.js';
import { SettingsQuery } from '#application/queries/settings.query.js';
import { StageDirectory } from '#application/stage-directory.js';
import { LeadScoreModels } from '#application/scoring/lead-score-models.js';
import { Streams } from '#application/streams.js';
import type { Configuration } from '#platform/configuration.js';
import type { Logger } from '#platform/logger.js';
import { ProcessMetrics } from '#platform/metrics/process.js';
import { keyFor, masterKey } from '#platform/master-key.js';
import { enginesOf } from '../stores/engines.js';
import { openEvents } from '../stores/open-events.js';
import { openKeys } from '../stores/open-keys.js';
import { openViewReads } from '../stores/open-views.js';
import { ApiModule, CommandsModule, CONTROLLERS } from './app.module.js';
import { EventFeed } from './event-feed.js';
import { Health } from './health.js';
import { BodyPipe } from './http/body.pipe.js';
import { Consistency } from './http/consistency.js';
import { COMMAND_WITHIN_MS, installEntrance, sendError } from './http/entrance.js';
import { Problem } from './http/problem.js';
import { Metrics } from './metrics/metrics.js';
import { RequestMetrics } from './metrics/request-metrics.js';
import { MoveTotals } from './move-totals.js';
import { ApiDocument } from './openapi/api-document.js';
import { packageVersion } from './package-version.js';
import { ProjectionHost } from './projection-host.js';

const BODY_LIMIT = 1_048_576;
/** Requests under way have this long to end when the server stops. */
const STOP_WITHIN_MS = 5_000;

export interface RunningServer {
  /** `http://127.0.0.1:3000` */
  readonly url: string;
  /** The administrator's key if it was made at this start: shown this once. */
  readonly newAdminKey: string | null;
  stop(): Promise<void>;
}

/** Starts the api on the configured engines. Everything that it opened is closed again by `stop`. */
export async function startServer(configuration: Configuration, log: Logger): Promise<RunningServer> {
  const engines = enginesOf(configuration);
  const master = masterKey(engines.files?.folder ?? null, configuration.masterKey, (message) => log.warn(message));
  const events = await openEvents(engines);
  const keys = await openKeys(engines, master, events);
  // Before the thread that fills them: views that cannot be used stop the start.
  const views = await openViewReads(engines);
  const projections = configuration.projections === 'embedded' ? new ProjectionHost(engines, master, log) : null;
  projections?.start();

  const personal = new SealedTexts(keys.ring);
  const streams = new Streams(events, personal);
  const executor = new CommandExecutor(streams, undefined, COMMAND_WITHIN_MS);
  const policies = new StreamPolicies(streams);
  const labels = new StreamLabels(streams);
  const matches = new ContactMatches(streams, views);
  const erasure = new Erasure(streams, keys.ring, views, COMMAND_WITHIN_MS);
  const deals = new DealQuery(streams, policies, labels, views);
  const boards = new BoardQuery(views, policies, labels, deals);
  const access = new AccessKeys(executor, configuration.adminApiKey);
  const feed = new EventFeed(events);
  const newAdminKey = await access.ensureAdministrator();

  const adapter = new FastifyAdapter({
    bodyLimit: BODY_LIMIT,
    // Requests that the router refuses before any hook has run.
    frameworkErrors: (error: Error, request: FastifyRequest, reply: FastifyReply) => {
      sendError(new Problem('invalid-request', error.message), request, reply, log);
    },
  });
  const unrouted = installEntrance(adapter.getInstance(), {
    access,
    personal,
    fingerprintKey: keyFor(master, 'request-fingerprint'),
    rateLimit: configuration.rateLimit,
    log,
  });
  const health = new Health({ events, views, keys: keys.vault }, projections, log);
  const requests = new RequestMetrics();
  requests.install(adapter.getInstance());
  const ownMetrics = new ProcessMetrics();
  const app = await NestFactory.create<NestFastifyApplication>(
    ApiModule.with(CommandsModule.with([executor, policies, matches, new StageDirectory(streams, views), erasure]), [
      deals,
      new LeadQuery(streams, views, labels, policies, new LeadScoreModels(streams)),
      new HistoryQuery(streams, views, deals),
      new PipelineQuery(streams, views, policies),
      new ContactQuery(streams, views, labels, matches),
      new ProductQuery(streams, views),
      new StandaloneQuery(streams),
      new ActivityListQuery(views, policies),
      new ReportQuery(views, policies, streams),
      new SettingsQuery(streams),
      boards,
      new DealListQuery(views, policies, labels),
      new MoveTotals(views, boards, deals),
      new Consistency(events, views),
      health,
      new Metrics([requests, ownMetrics], health, events, views, projections),
      feed,
      new ApiDocument(CONTROLLERS, packageVersion()),
    ]),
    adapter,
    { bodyParser: false, logger: false, abortOnError: false },
  );
  app.useGlobalPipes(new BodyPipe());
  app.useGlobalFilters({
    catch: (error: unknown, host) => {
      const http = host.switchToHttp();
      const request = http.getRequest<FastifyRequest>();
      // Nest says that no route fits by an exception of its own.
      const problem = error instanceof NotFoundException ? unrouted(request) : error;
      sendError(problem, request, http.getResponse<FastifyReply>(), log);
    },
  });
  const underWay = countRequests(app.getHttpServer());
  await app.listen(configuration.port, configuration.host);
  return {
    url: await app.getUrl(),
    newAdminKey,
    stop: async () => {
      feed.close();
      ownMetrics.stop();
      await closeGracefully(app, underWay);
      await projections?.stop();
      await views.close();
      await keys.vault.close();
      await events.close();
    },
  };
}

/** Counts the requests under way, so that a stop knows when the last one has been answered. */
function countRequests(server: Server): () => number {
  let underWay = 0;
  server.on('request', (_request: IncomingMessage, response: ServerResponse) => {
    underWay += 1;
    response.once('close', () => (underWay -= 1));
  });
  return () => underWay;
}

/** Takes no more requests, answers those under way, and then closes what is open: also connections never used. */
async function closeGracefully(app: NestFastifyApplication, underWay: () => number): Promise<void> {
  const server: Server = app.getHttpServer();
  const deadline = performance.now() + STOP_WITHIN_MS;
  const timer = setInterval(() => {
    if (underWay() === 0 || performance.now() > deadline) server.closeAllConnections();
  }, 20);
  await app.close();
  clearInterval(timer);
}
