import { Body, Controller, Post } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { FastifyReply } from 'fastify';
import { AcceptProposalBody, RecordProposalBody } from '#application/commands/proposal.bodies.js';
import { AcceptProposalCommand, RecordProposalCommand } from '#application/commands/proposal.handlers.js';
import type { CommandRequest } from '#application/request.js';
import { Reply, Request, sendAnswer } from '../http/command-request.js';
import { Id } from '../http/resource-id.pipe.js';

/** What is proposed to the buyer, and what they take of it. */
@Controller('v1/deals')
export class DealProposalsController {
  constructor(private readonly bus: CommandBus) {}

  @Post(':id/record-proposal')
  async record(
    @Id() id: string,
    @Body() body: RecordProposalBody,
    @Request() request: CommandRequest,
    @Reply() reply: FastifyReply,
  ) {
    return sendAnswer(reply, await this.bus.execute(new RecordProposalCommand(id, body, request)));
  }

  @Post(':id/accept-proposal')
  async accept(
    @Id() id: string,
    @Body() body: AcceptProposalBody,
    @Request() request: CommandRequest,
    @Reply() reply: FastifyReply,
  ) {
    return sendAnswer(reply, await this.bus.execute(new AcceptProposalCommand(id, body, request)));
  }
}
