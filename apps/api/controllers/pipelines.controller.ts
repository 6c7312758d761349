import { Body, Controller, Get, Param, Post, Query, Req, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { FastifyReply, FastifyRequest } from 'fastify';
import {
  AddStageBody,
  CreatePipelineBody,
  RenamePipelineBody,
  RenameStageBody,
  ReorderStagesBody,
  RetirePipelineBody,
  RetireStageBody,
  SetMoveRulesBody,
  SetStagePolicyBody,
} from '#application/commands/pipeline.bodies.js';
import {
  AddStageCommand,
  CreatePipelineCommand,
  RenamePipelineCommand,
  RenameStageCommand,
  ReorderStagesCommand,
  RetirePipelineCommand,
  RetireStageCommand,
  SetMoveRulesCommand,
  SetStagePolicyCommand,
} from '#application/commands/pipeline.handlers.js';
import { PipelineQuery } from '#application/queries/pipeline.query.js';
import type { CommandRequest } from '#application/request.js';
import { DEAL_HISTORY } from '#views/deal-history/deal-history.schema.js';
import { DEALS } from '#views/deals/deals.schema.js';
import { PIPELINES } from '#views/pipelines/pipelines.schema.js';
import { Request, sendAnswer } from '../http/command-request.js';
import { Consistency } from '../http/consistency.js';
import { QueryParameters } from '../http/query-parameters.js';
import { ResourceIdPipe } from '../http/resource-id.pipe.js';

/** What is told of stages beside their policies: the deals left in retired ones, and what their past says. */
const COUNTED = [DEALS, DEAL_HISTORY];

@Controller('v1/pipelines')
export class PipelinesController {
  constructor(
    private readonly bus: CommandBus,
    private readonly pipelines: PipelineQuery,
    private readonly consistency: Consistency,
  ) {}

  @Post()
  async create(
    @Body() body: CreatePipelineBody,
    @Request() request: CommandRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return sendAnswer(reply, await this.bus.execute(new CreatePipelineCommand(body.id ?? null, body, request)));
  }

  @Post(':id/set-stage-policy')
  async setStagePolicy(
    @Param('id', ResourceIdPipe) id: string,
    @Body() body: SetStagePolicyBody,
    @Request() request: CommandRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return sendAnswer(reply, await this.bus.execute(new SetStagePolicyCommand(id, body, request)));
  }

  @Post(':id/add-stage')
  async addStage(
    @Param('id', ResourceIdPipe) id: string,
    @Body() body: AddStageBody,
    @Request() request: CommandRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return sendAnswer(reply, await this.bus.execute(new AddStageCommand(id, body, request)));
  }

  @Post(':id/rename-stage')
  async renameStage(
    @Param('id', ResourceIdPipe) id: string,
    @Body() body: RenameStageBody,
    @Request() request: CommandRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return sendAnswer(reply, await this.bus.execute(new RenameStageCommand(id, body, request)));
  }

  @Post(':id/reorder-stages')
  async reorderStages(
    @Param('id', ResourceIdPipe) id: string,
    @Body() body: ReorderStagesBody,
    @Request() request: CommandRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return sendAnswer(reply, await this.bus.execute(new ReorderStagesCommand(id, body, request)));
  }

  @Post(':id/retire-stage')
  async retireStage(
    @Param('id', ResourceIdPipe) id: string,
    @Body() body: RetireStageBody,
    @Request() request: CommandRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return sendAnswer(reply, await this.bus.execute(new RetireStageCommand(id, body, request)));
  }

  @Post(':id/retire')
  async retire(
    @Param('id', ResourceIdPipe) id: string,
    @Body() body: RetirePipelineBody,
    @Request() request: CommandRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return sendAnswer(reply, await this.bus.execute(new RetirePipelineCommand(id, body, request)));
  }

  @Post(':id/set-move-rules')
  async setMoveRules(
    @Param('id', ResourceIdPipe) id: string,
    @Body() body: SetMoveRulesBody,
    @Request() request: CommandRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return sendAnswer(reply, await this.bus.execute(new SetMoveRulesCommand(id, body, request)));
  }

  @Post(':id/rename')
  async rename(
    @Param('id', ResourceIdPipe) id: string,
    @Body() body: RenamePipelineBody,
    @Request() request: CommandRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return sendAnswer(reply, await this.bus.execute(new RenamePipelineCommand(id, body, request)));
  }

  @Get()
  async list(@Query() query: unknown, @Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply) {
    const parameters = new QueryParameters(query, ['limit', 'cursor']);
    const [limit, cursor] = [parameters.limit(), parameters.text('cursor')];
    await this.consistency.before(request, reply, [PIPELINES, ...COUNTED]);
    return this.pipelines.list(limit, cursor);
  }

  @Get(':id')
  async one(
    @Param('id', ResourceIdPipe) id: string,
    @Query() query: unknown,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const asOf = new QueryParameters(query, ['asOf']).instant('asOf');
    await this.consistency.before(request, reply, COUNTED);
    const pipeline = await this.pipelines.pipeline(id, asOf);
    void reply.header('ETag', `"${pipeline.revision}"`);
    return pipeline;
  }
}
