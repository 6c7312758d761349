import { Body, Controller, Post } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { FastifyReply } from 'fastify';
import {
  KeepDealAliveBody,
  LogInteractionBody,
  SnoozeDealBody,
  WakeDealBody,
} from '#application/commands/deal-attention.bodies.js';
import {
  KeepDealAliveCommand,
  LogInteractionCommand,
  SnoozeDealCommand,
  WakeDealCommand,
} from '#application/commands/deal-attention.handlers.js';
import type { CommandRequest } from '#application/request.js';
import { Reply, Request, sendAnswer } from '../http/command-request.js';
import { Id } from '../http/resource-id.pipe.js';

/** What is done about a deal, and when nothing need be done. */
@Controller('v1/deals')
export class DealAttentionController {
  constructor(private readonly bus: CommandBus) {}

  @Post(':id/snooze')
  async snooze(
    @Id() id: string,
    @Body() body: SnoozeDealBody,
    @Request() request: CommandRequest,
    @Reply() reply: FastifyReply,
  ) {
    return sendAnswer(reply, await this.bus.execute(new SnoozeDealCommand(id, body, request)));
  }

  @Post(':id/wake')
  async wake(
    @Id() id: string,
    @Body() body: WakeDealBody,
    @Request() request: CommandRequest,
    @Reply() reply: FastifyReply,
  ) {
    return sendAnswer(reply, await this.bus.execute(new WakeDealCommand(id, body, request)));
  }

  @Post(':id/keep-alive')
  async keepAlive(
    @Id() id: string,
    @Body() body: KeepDealAliveBody,
    @Request() request: CommandRequest,
    @Reply() reply: FastifyReply,
  ) {
    return sendAnswer(reply, await this.bus.execute(new KeepDealAliveCommand(id, body, request)));
  }

  @Post(':id/log-interaction')
  async logInteraction(
    @Id() id: string,
    @Body() body: LogInteractionBody,
    @Request() request: CommandRequest,
    @Reply() reply: FastifyReply,
  ) {
    return sendAnswer(reply, await this.bus.execute(new LogInteractionCommand(id, body, request)));
  }
}
