import { Body, Controller, Post } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { FastifyReply } from 'fastify';
import {
  ConfirmCriterionBody,
  LabelDealBody,
  LinkDealContactBody,
  SetDealProbabilityBody,
  SetDealVisibilityBody,
  SetExpectedCloseBody,
  SetForecastCategoryBody,
} from '#application/commands/deal-field.bodies.js';
import {
  ConfirmCriterionCommand,
  LabelDealCommand,
  LinkDealContactCommand,
  SetDealProbabilityCommand,
  SetDealVisibilityCommand,
  SetExpectedCloseCommand,
  SetForecastCategoryCommand,
} from '#application/commands/deal-field.handlers.js';
import { SetLineItemsBody } from '#application/commands/deal.bodies.js';
import { SetLineItemsCommand } from '#application/commands/line-items.handler.js';
import type { CommandRequest } from '#application/request.js';
import { Reply, Request, sendAnswer } from '../http/command-request.js';
import { Id } from '../http/resource-id.pipe.js';

/** Single fields of a deal: what describes it, who may see it, whom it is for. */
@Controller('v1/deals')
export class DealFieldsController {
  constructor(private readonly bus: CommandBus) {}

  @Post(':id/set-line-items')
  async setLineItems(
    @Id() id: string,
    @Body() body: SetLineItemsBody,
    @Request() request: CommandRequest,
    @Reply() reply: FastifyReply,
  ) {
    return sendAnswer(reply, await this.bus.execute(new SetLineItemsCommand(id, body, request)));
  }

  @Post(':id/label')
  async label(
    @Id() id: string,
    @Body() body: LabelDealBody,
    @Request() request: CommandRequest,
    @Reply() reply: FastifyReply,
  ) {
    return sendAnswer(reply, await this.bus.execute(new LabelDealCommand(id, body, request)));
  }

  @Post(':id/link-contact')
  async linkContact(
    @Id() id: string,
    @Body() body: LinkDealContactBody,
    @Request() request: CommandRequest,
    @Reply() reply: FastifyReply,
  ) {
    return sendAnswer(reply, await this.bus.execute(new LinkDealContactCommand(id, body, request)));
  }

  @Post(':id/set-visibility')
  async setVisibility(
    @Id() id: string,
    @Body() body: SetDealVisibilityBody,
    @Request() request: CommandRequest,
    @Reply() reply: FastifyReply,
  ) {
    return sendAnswer(reply, await this.bus.execute(new SetDealVisibilityCommand(id, body, request)));
  }

  @Post(':id/set-expected-close')
  async setExpectedClose(
    @Id() id: string,
    @Body() body: SetExpectedCloseBody,
    @Request() request: CommandRequest,
    @Reply() reply: FastifyReply,
  ) {
    return sendAnswer(reply, await this.bus.execute(new SetExpectedCloseCommand(id, body, request)));
  }

  @Post(':id/set-probability')
  async setProbability(
    @Id() id: string,
    @Body() body: SetDealProbabilityBody,
    @Request() request: CommandRequest,
    @Reply() reply: FastifyReply,
  ) {
    return sendAnswer(reply, await this.bus.execute(new SetDealProbabilityCommand(id, body, request)));
  }

  @Post(':id/set-forecast-category')
  async setForecastCategory(
    @Id() id: string,
    @Body() body: SetForecastCategoryBody,
    @Request() request: CommandRequest,
    @Reply() reply: FastifyReply,
  ) {
    return sendAnswer(reply, await this.bus.execute(new SetForecastCategoryCommand(id, body, request)));
  }

  @Post(':id/confirm-criterion')
  async confirmCriterion(
    @Id() id: string,
    @Body() body: ConfirmCriterionBody,
    @Request() request: CommandRequest,
    @Reply() reply: FastifyReply,
  ) {
    return sendAnswer(reply, await this.bus.execute(new ConfirmCriterionCommand(id, body, request)));
  }
}
