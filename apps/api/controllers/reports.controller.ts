import { Controller, Get, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { InvalidInput } from '#application/errors.js';
import { ReportQuery } from '#application/queries/report.query.js';
import { parseDuration } from '#domain/shared/duration.js';
import { FUNNEL_CELLS } from '#reports/funnel/funnel.drill.js';
import type { FunnelParams } from '#reports/funnel/funnel.params.js';
import { DEFAULT_MIN_SAMPLE, DEFAULT_WINDOW } from '#reports/performance/performance.query.js';
import type { ReportQuestion } from '#reports/report.js';
import { DEAL_HISTORY } from '#views/deal-history/deal-history.schema.js';
import { Consistency } from '../http/consistency.js';
import { FILTERS, QueryParameters } from '../http/query-parameters.js';

const REPORT = [...FILTERS, 'from', 'to', 'asOf', 'tz', 'attributes', 'groupBy'];
const FUNNEL = [...REPORT, 'pipeline', 'basis', 'mode', 'bucket', 'restate'];

@Controller('v1')
export class ReportsController {
  constructor(
    private readonly reports: ReportQuery,
    private readonly consistency: Consistency,
  ) {}

  @Get('funnel')
  async funnel(
    @Query() query: unknown,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const params = funnelParams(new QueryParameters(query, FUNNEL));
    await this.consistency.before(request, reply, [DEAL_HISTORY]);
    return this.reports.funnel(params);
  }

  @Get('funnel/drill')
  async funnelDrill(
    @Query() query: unknown,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const parameters = new QueryParameters(query, [...FUNNEL, 'stageId', 'cell', 'limit', 'cursor']);
    const params = funnelParams(parameters);
    const stageId = parameters.id('stageId');
    const cell = parameters.oneOf('cell', FUNNEL_CELLS);
    if (cell === null) throw new InvalidInput('?cell', 'must be given');
    if (stageId === null && cell !== 'won') throw new InvalidInput('?stageId', 'must be given');
    const [limit, cursor] = [parameters.limit(), parameters.text('cursor')];
    await this.consistency.before(request, reply, [DEAL_HISTORY]);
    return this.reports.funnelDrill(params, stageId, cell, limit, cursor);
  }

  @Get('performance')
  async performance(
    @Query() query: unknown,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const parameters = new QueryParameters(query, [...REPORT, 'pipeline', 'window', 'minSample']);
    const window = parameters.text('window') ?? DEFAULT_WINDOW;
    if (!parseDuration(window).ok) throw new InvalidInput('?window', 'must be a duration like P90D');
    const params = {
      ...reportQuestion(parameters),
      pipelineId: parameters.id('pipeline'),
      window,
      minSample: parameters.integer('minSample', 1, 1_000_000) ?? DEFAULT_MIN_SAMPLE,
    };
    await this.consistency.before(request, reply, [DEAL_HISTORY]);
    return this.reports.performance(params);
  }
}

function funnelParams(parameters: QueryParameters): FunnelParams {
  return {
    ...reportQuestion(parameters),
    pipelineId: parameters.requiredId('pipeline'),
    basis: parameters.oneOf('basis', ['cohort', 'period', 'snapshot']) ?? 'cohort',
    mode: parameters.oneOf('mode', ['reached', 'entered', 'strict', 'transitions']) ?? 'reached',
    bucket: parameters.oneOf('bucket', ['none', 'day', 'week', 'month', 'quarter']) ?? 'none',
    restate: parameters.oneOf('restate', ['current', 'as-was']) ?? 'current',
  };
}

function reportQuestion(parameters: QueryParameters): ReportQuestion {
  const dates = { from: parameters.requiredDate('from'), to: parameters.requiredDate('to') };
  if (dates.from >= dates.to) throw new InvalidInput('?to', 'must be after from');
  return {
    dates,
    asOf: parameters.instant('asOf'),
    now: Date.now(),
    tz: parameters.timeZone('tz'),
    filters: parameters.filters(),
    attributes: parameters.oneOf('attributes', ['then', 'now']) ?? 'then',
    groupBy: parameters.oneOf('groupBy', ['owner', 'team', 'source', 'product']),
  };
}
