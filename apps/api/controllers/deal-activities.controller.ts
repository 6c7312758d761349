import { Body, Controller, Post } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { FastifyReply } from 'fastify';
import {
  CancelActivityBody,
  CompleteActivityBody,
  PlanActivityBody,
  RescheduleActivityBody,
} from '#application/commands/activity.bodies.js';
import {
  CancelDealActivityCommand,
  CompleteDealActivityCommand,
  PlanDealActivityCommand,
  RescheduleDealActivityCommand,
} from '#application/commands/deal-activity.handlers.js';
import type { CommandRequest } from '#application/request.js';
import { Reply, Request, sendAnswer } from '../http/command-request.js';
import { Id } from '../http/resource-id.pipe.js';

/** What is planned and done on a deal. */
@Controller('v1/deals')
export class DealActivitiesController {
  constructor(private readonly bus: CommandBus) {}

  @Post(':id/plan-activity')
  async plan(
    @Id() id: string,
    @Body() body: PlanActivityBody,
    @Request() request: CommandRequest,
    @Reply() reply: FastifyReply,
  ) {
    return sendAnswer(reply, await this.bus.execute(new PlanDealActivityCommand(id, body, request)));
  }

  @Post(':id/reschedule-activity')
  async reschedule(
    @Id() id: string,
    @Body() body: RescheduleActivityBody,
    @Request() request: CommandRequest,
    @Reply() reply: FastifyReply,
  ) {
    return sendAnswer(reply, await this.bus.execute(new RescheduleDealActivityCommand(id, body, request)));
  }

  @Post(':id/complete-activity')
  async complete(
    @Id() id: string,
    @Body() body: CompleteActivityBody,
    @Request() request: CommandRequest,
    @Reply() reply: FastifyReply,
  ) {
    return sendAnswer(reply, await this.bus.execute(new CompleteDealActivityCommand(id, body, request)));
  }

  @Post(':id/cancel-activity')
  async cancel(
    @Id() id: string,
    @Body() body: CancelActivityBody,
    @Request() request: CommandRequest,
    @Reply() reply: FastifyReply,
  ) {
    return sendAnswer(reply, await this.bus.execute(new CancelDealActivityCommand(id, body, request)));
  }
}
