import { Body, Controller, Post } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { FastifyReply } from 'fastify';
import {
  CancelActivityBody,
  CompleteActivityBody,
  PlanActivityBody,
  RescheduleActivityBody,
} from '#application/commands/activity.bodies.js';
import { RedactTextBody } from '#application/commands/erasure.bodies.js';
import { RedactLeadTextCommand } from '#application/commands/erasure.handlers.js';
import {
  ArchiveLeadBody,
  AssignLeadBody,
  LabelBody,
  LinkLeadContactBody,
  RecordEngagementBody,
} from '#application/commands/lead-upkeep.bodies.js';
import {
  ArchiveLeadCommand,
  AssignLeadCommand,
  CancelLeadActivityCommand,
  CompleteLeadActivityCommand,
  LabelLeadCommand,
  LinkLeadContactCommand,
  PlanLeadActivityCommand,
  RecordLeadEngagementCommand,
  RescheduleLeadActivityCommand,
} from '#application/commands/lead-upkeep.handlers.js';
import type { CommandRequest } from '#application/request.js';
import { Reply, Request, sendAnswer } from '../http/command-request.js';
import { Id } from '../http/resource-id.pipe.js';

/** What keeps a lead up to date without changing where it stands; and its end in the archive. */
@Controller('v1/leads')
export class LeadUpkeepController {
  constructor(private readonly bus: CommandBus) {}

  @Post(':id/assign')
  async assign(
    @Id() id: string,
    @Body() body: AssignLeadBody,
    @Request() request: CommandRequest,
    @Reply() reply: FastifyReply,
  ) {
    return sendAnswer(reply, await this.bus.execute(new AssignLeadCommand(id, body, request)));
  }

  @Post(':id/label')
  async label(
    @Id() id: string,
    @Body() body: LabelBody,
    @Request() request: CommandRequest,
    @Reply() reply: FastifyReply,
  ) {
    return sendAnswer(reply, await this.bus.execute(new LabelLeadCommand(id, body, request)));
  }

  @Post(':id/link-contact')
  async linkContact(
    @Id() id: string,
    @Body() body: LinkLeadContactBody,
    @Request() request: CommandRequest,
    @Reply() reply: FastifyReply,
  ) {
    return sendAnswer(reply, await this.bus.execute(new LinkLeadContactCommand(id, body, request)));
  }

  @Post(':id/archive')
  async archive(
    @Id() id: string,
    @Body() body: ArchiveLeadBody,
    @Request() request: CommandRequest,
    @Reply() reply: FastifyReply,
  ) {
    return sendAnswer(reply, await this.bus.execute(new ArchiveLeadCommand(id, body, request)));
  }

  @Post(':id/redact-text')
  async redactText(
    @Id() id: string,
    @Body() body: RedactTextBody,
    @Request() request: CommandRequest,
    @Reply() reply: FastifyReply,
  ) {
    return sendAnswer(reply, await this.bus.execute(new RedactLeadTextCommand(id, body, request)));
  }

  @Post(':id/record-engagement')
  async recordEngagement(
    @Id() id: string,
    @Body() body: RecordEngagementBody,
    @Request() request: CommandRequest,
    @Reply() reply: FastifyReply,
  ) {
    return sendAnswer(reply, await this.bus.execute(new RecordLeadEngagementCommand(id, body, request)));
  }

  @Post(':id/plan-activity')
  async planActivity(
    @Id() id: string,
    @Body() body: PlanActivityBody,
    @Request() request: CommandRequest,
    @Reply() reply: FastifyReply,
  ) {
    return sendAnswer(reply, await this.bus.execute(new PlanLeadActivityCommand(id, body, request)));
  }

  @Post(':id/reschedule-activity')
  async rescheduleActivity(
    @Id() id: string,
    @Body() body: RescheduleActivityBody,
    @Request() request: CommandRequest,
    @Reply() reply: FastifyReply,
  ) {
    return sendAnswer(reply, await this.bus.execute(new RescheduleLeadActivityCommand(id, body, request)));
  }

  @Post(':id/complete-activity')
  async completeActivity(
    @Id() id: string,
    @Body() body: CompleteActivityBody,
    @Request() request: CommandRequest,
    @Reply() reply: FastifyReply,
  ) {
    return sendAnswer(reply, await this.bus.execute(new CompleteLeadActivityCommand(id, body, request)));
  }

  @Post(':id/cancel-activity')
  async cancelActivity(
    @Id() id: string,
    @Body() body: CancelActivityBody,
    @Request() request: CommandRequest,
    @Reply() reply: FastifyReply,
  ) {
    return sendAnswer(reply, await this.bus.execute(new CancelLeadActivityCommand(id, body, request)));
  }
}
