import { Controller, Get, Param, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { BOARD_SORTS, BoardQuery, stockView, type BoardParameters } from '#application/queries/board.query.js';
import { Consistency } from '../http/consistency.js';
import { FILTERS, QueryParameters } from '../http/query-parameters.js';
import { ResourceIdPipe } from '../http/resource-id.pipe.js';

const BOARD = [...FILTERS, 'sort', 'asOf', 'tz'];

@Controller('v1')
export class BoardsController {
  constructor(
    private readonly boards: BoardQuery,
    private readonly consistency: Consistency,
  ) {}

  @Get('boards/:pipelineId')
  async board(
    @Param('pipelineId', ResourceIdPipe) pipelineId: string,
    @Query() query: unknown,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const parameters = new QueryParameters(query, [...BOARD, 'cards']);
    const board = boardParameters(pipelineId, parameters);
    const cards = parameters.integer('cards', 0, 100) ?? 20;
    await this.consistency.before(request, reply, [stockView(board.asOf)]);
    return this.boards.board(board, cards);
  }

  @Get('boards/:pipelineId/columns/:stageId')
  async column(
    @Param('pipelineId', ResourceIdPipe) pipelineId: string,
    @Param('stageId', ResourceIdPipe) stageId: string,
    @Query() query: unknown,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const parameters = new QueryParameters(query, [...BOARD, 'limit', 'cursor']);
    const board = boardParameters(pipelineId, parameters);
    const [limit, cursor] = [parameters.limit(20), parameters.text('cursor')];
    await this.consistency.before(request, reply, [stockView(board.asOf)]);
    return this.boards.column(board, stageId, limit, cursor);
  }

  @Get('stalled')
  async stalled(
    @Query() query: unknown,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const parameters = new QueryParameters(query, [...FILTERS, 'pipeline', 'kind', 'asOf', 'tz', 'limit', 'cursor']);
    const stalled = {
      pipelineId: parameters.id('pipeline'),
      kind: parameters.oneOf('kind', ['stalled', 'overstayed', 'overdue']) ?? 'stalled',
      filters: parameters.filters(),
      asOf: parameters.instant('asOf'),
      tz: parameters.timeZone('tz'),
    };
    const [limit, cursor] = [parameters.limit(), parameters.text('cursor')];
    await this.consistency.before(request, reply, [stockView(stalled.asOf)]);
    return this.boards.stalled(stalled, limit, cursor);
  }
}

function boardParameters(pipelineId: string, parameters: QueryParameters): BoardParameters {
  return {
    pipelineId,
    filters: parameters.filters(),
    sort: parameters.oneOf('sort', BOARD_SORTS) ?? 'touch',
    asOf: parameters.instant('asOf'),
    tz: parameters.timeZone('tz'),
  };
}
