import { Body, Controller, Post } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { FastifyReply } from 'fastify';
import { CorrectDealBody } from '#application/commands/correct.bodies.js';
import { CorrectDealCommand } from '#application/commands/correct.handler.js';
import { MergeDealsBody } from '#application/commands/deal-merge.bodies.js';
import { MergeDealsCommand, UnmergeDealsCommand } from '#application/commands/deal-merge.handlers.js';
import { VoidDealBody } from '#application/commands/void.bodies.js';
import { VoidDealCommand } from '#application/commands/void.handlers.js';
import { RedactTextBody } from '#application/commands/erasure.bodies.js';
import { RedactDealTextCommand } from '#application/commands/erasure.handlers.js';
import type { CommandRequest } from '#application/request.js';
import { Reply, Request, sendAnswer } from '../http/command-request.js';
import { Id } from '../http/resource-id.pipe.js';

/** Commands that amend what was recorded of a deal. */
@Controller('v1/deals')
export class DealAmendmentsController {
  constructor(private readonly bus: CommandBus) {}

  @Post(':id/correct')
  async correct(
    @Id() id: string,
    @Body() body: CorrectDealBody,
    @Request() request: CommandRequest,
    @Reply() reply: FastifyReply,
  ) {
    return sendAnswer(reply, await this.bus.execute(new CorrectDealCommand(id, body, request)));
  }

  @Post(':id/merge')
  async merge(
    @Id() id: string,
    @Body() body: MergeDealsBody,
    @Request() request: CommandRequest,
    @Reply() reply: FastifyReply,
  ) {
    return sendAnswer(reply, await this.bus.execute(new MergeDealsCommand(id, body, request)));
  }

  @Post(':id/unmerge')
  async unmerge(
    @Id() id: string,
    @Body() body: MergeDealsBody,
    @Request() request: CommandRequest,
    @Reply() reply: FastifyReply,
  ) {
    return sendAnswer(reply, await this.bus.execute(new UnmergeDealsCommand(id, body, request)));
  }

  @Post(':id/redact-text')
  async redactText(
    @Id() id: string,
    @Body() body: RedactTextBody,
    @Request() request: CommandRequest,
    @Reply() reply: FastifyReply,
  ) {
    return sendAnswer(reply, await this.bus.execute(new RedactDealTextCommand(id, body, request)));
  }

  @Post(':id/void')
  async void(
    @Id() id: string,
    @Body() body: VoidDealBody,
    @Request() request: CommandRequest,
    @Reply() reply: FastifyReply,
  ) {
    return sendAnswer(reply, await this.bus.execute(new VoidDealCommand(id, body, request)));
  }
}
