import { Body, Controller, Get, Param, Post, Query, Req, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { CommandAnswer } from '#application/commands/command.js';
import {
  AssignDealBody,
  ChangeDealValueBody,
  LoseDealBody,
  MoveDealStageBody,
  OpenDealBody,
  ReopenDealBody,
  SwitchPipelineBody,
  WinDealBody,
} from '#application/commands/deal.bodies.js';
import {
  AddNoteCommand,
  AssignDealCommand,
  ChangeDealValueCommand,
  LoseDealCommand,
  MoveDealStageCommand,
  OpenDealCommand,
  ReopenDealCommand,
  WinDealCommand,
} from '#application/commands/deal.handlers.js';
import { SwitchPipelineCommand } from '#application/commands/switch-pipeline.handler.js';
import { LinkFileBody } from '#application/commands/deal-file.bodies.js';
import { LinkFileCommand } from '#application/commands/deal-file.handlers.js';
import { AddNoteBody } from '#application/commands/lead.bodies.js';
import { InvalidInput } from '#application/errors.js';
import { DEAL_STATUSES, DealListQuery } from '#application/queries/deal-list.query.js';
import { DealQuery } from '#application/queries/deal.query.js';
import { HistoryQuery } from '#application/queries/history.query.js';
import type { CommandRequest } from '#application/request.js';
import { DEALS } from '#views/deals/deals.schema.js';
import { TIMELINE } from '#views/timeline/timeline.schema.js';
import { Reply, Request, sendAnswer } from '../http/command-request.js';
import { Consistency } from '../http/consistency.js';
import { historyPage, FILTERS, QueryParameters } from '../http/query-parameters.js';
import { Id, ResourceIdPipe } from '../http/resource-id.pipe.js';
import { MoveTotals } from '../move-totals.js';

const MOVE = [...FILTERS, 'totals'];

@Controller('v1/deals')
export class DealsController {
  constructor(
    private readonly bus: CommandBus,
    private readonly deals: DealQuery,
    private readonly lists: DealListQuery,
    private readonly history: HistoryQuery,
    private readonly consistency: Consistency,
    private readonly moveTotals: MoveTotals,
  ) {}

  @Post()
  async open(@Body() body: OpenDealBody, @Request() request: CommandRequest, @Reply() reply: FastifyReply) {
    return sendAnswer(reply, await this.bus.execute(new OpenDealCommand(body.id ?? null, body, request)));
  }

  /** `totals=true` and a board's filter: the answer holds the new totals of both columns. */
  @Post(':id/move-stage')
  async moveStage(
    @Id() id: string,
    @Body() body: MoveDealStageBody,
    @Query() query: unknown,
    @Request(MOVE) request: CommandRequest,
    @Reply() reply: FastifyReply,
  ) {
    const parameters = new QueryParameters(query, MOVE);
    const filters = parameters.filters();
    const wanted = parameters.flag('totals') === true;
    const answer: CommandAnswer = await this.bus.execute(new MoveDealStageCommand(id, body, request));
    const moved = sendAnswer(reply, answer);
    return wanted ? { ...moved, columns: await this.moveTotals.after(moved, filters) } : moved;
  }

  @Post(':id/switch-pipeline')
  async switchPipeline(
    @Id() id: string,
    @Body() body: SwitchPipelineBody,
    @Request() request: CommandRequest,
    @Reply() reply: FastifyReply,
  ) {
    return sendAnswer(reply, await this.bus.execute(new SwitchPipelineCommand(id, body, request)));
  }

  @Post(':id/change-value')
  async changeValue(
    @Id() id: string,
    @Body() body: ChangeDealValueBody,
    @Request() request: CommandRequest,
    @Reply() reply: FastifyReply,
  ) {
    return sendAnswer(reply, await this.bus.execute(new ChangeDealValueCommand(id, body, request)));
  }

  @Post(':id/assign')
  async assign(
    @Id() id: string,
    @Body() body: AssignDealBody,
    @Request() request: CommandRequest,
    @Reply() reply: FastifyReply,
  ) {
    return sendAnswer(reply, await this.bus.execute(new AssignDealCommand(id, body, request)));
  }

  @Post(':id/win')
  async win(
    @Id() id: string,
    @Body() body: WinDealBody,
    @Request() request: CommandRequest,
    @Reply() reply: FastifyReply,
  ) {
    return sendAnswer(reply, await this.bus.execute(new WinDealCommand(id, body, request)));
  }

  @Post(':id/lose')
  async lose(
    @Id() id: string,
    @Body() body: LoseDealBody,
    @Request() request: CommandRequest,
    @Reply() reply: FastifyReply,
  ) {
    return sendAnswer(reply, await this.bus.execute(new LoseDealCommand(id, body, request)));
  }

  @Post(':id/reopen')
  async reopen(
    @Id() id: string,
    @Body() body: ReopenDealBody,
    @Request() request: CommandRequest,
    @Reply() reply: FastifyReply,
  ) {
    return sendAnswer(reply, await this.bus.execute(new ReopenDealCommand(id, body, request)));
  }

  @Post(':id/link-file')
  async linkFile(
    @Param('id', ResourceIdPipe) id: string,
    @Body() body: LinkFileBody,
    @Request() request: CommandRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return sendAnswer(reply, await this.bus.execute(new LinkFileCommand(id, body, request)));
  }

  @Post(':id/add-note')
  async addNote(
    @Id() id: string,
    @Body() body: AddNoteBody,
    @Request() request: CommandRequest,
    @Reply() reply: FastifyReply,
  ) {
    return sendAnswer(reply, await this.bus.execute(new AddNoteCommand(id, body, request)));
  }

  @Get()
  async list(@Query() query: unknown, @Req() request: FastifyRequest, @Reply() reply: FastifyReply) {
    const parameters = new QueryParameters(query, [...FILTERS, 'status', 'pipeline', 'limit', 'cursor']);
    const list = {
      status: parameters.someOf('status', DEAL_STATUSES),
      pipeline: parameters.texts('pipeline'),
      filters: parameters.filters(),
      limit: parameters.limit(),
      cursor: parameters.text('cursor'),
    };
    await this.consistency.before(request, reply, [DEALS]);
    return this.lists.list(list);
  }

  @Get(':id')
  async one(@Id() id: string, @Query() query: unknown, @Req() request: FastifyRequest, @Reply() reply: FastifyReply) {
    const parameters = new QueryParameters(query, ['asOf', 'recordedAsOf', 'atRevision']);
    const moment = {
      asOf: parameters.instant('asOf'),
      recordedAsOf: parameters.instant('recordedAsOf'),
      atRevision: parameters.integer('atRevision', 0, Number.MAX_SAFE_INTEGER),
    };
    if (moment.asOf !== null && moment.atRevision !== null) {
      throw new InvalidInput('?atRevision', 'does not go with asOf', 'unsupported-combination');
    }
    if (moment.recordedAsOf !== null && moment.asOf === null) {
      throw new InvalidInput('?recordedAsOf', 'goes with asOf only', 'unsupported-combination');
    }
    await this.consistency.before(request, reply, []);
    const deal = await this.deals.deal(id, moment);
    void reply.header('ETag', `"${deal.revision}"`);
    return deal;
  }

  @Get(':id/events')
  async events(
    @Id() id: string,
    @Query() query: unknown,
    @Req() request: FastifyRequest,
    @Reply() reply: FastifyReply,
  ) {
    const { after, limit } = historyPage(query);
    await this.consistency.before(request, reply, []);
    return this.history.events('deal', id, after, limit);
  }

  @Get(':id/timeline')
  async timeline(
    @Id() id: string,
    @Query() query: unknown,
    @Req() request: FastifyRequest,
    @Reply() reply: FastifyReply,
  ) {
    const parameters = new QueryParameters(query, ['limit', 'cursor']);
    const [limit, cursor] = [parameters.limit(), parameters.text('cursor')];
    await this.consistency.before(request, reply, [TIMELINE]);
    return this.history.dealTimeline(id, limit, cursor);
  }

  @Get(':id/diff')
  async diff(@Id() id: string, @Query() query: unknown, @Req() request: FastifyRequest, @Reply() reply: FastifyReply) {
    const parameters = new QueryParameters(query, ['from', 'to']);
    const [from, to] = ['from', 'to'].map((name) => parameters.integer(name, 0, Number.MAX_SAFE_INTEGER));
    if (from === null || from === undefined) throw new InvalidInput('?from', 'must be given');
    if (to === null || to === undefined) throw new InvalidInput('?to', 'must be given');
    await this.consistency.before(request, reply, []);
    return this.history.diff(id, from, to);
  }
}
