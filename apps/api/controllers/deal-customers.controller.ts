import { Body, Controller, Post } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { FastifyReply } from 'fastify';
import { RecordChurnBody, WinBackCustomerBody } from '#application/commands/customer.bodies.js';
import { RecordChurnCommand, WinBackCustomerCommand } from '#application/commands/customer.handlers.js';
import type { CommandRequest } from '#application/request.js';
import { Reply, Request, sendAnswer } from '../http/command-request.js';
import { Id } from '../http/resource-id.pipe.js';

/** What becomes of a customer after the sale. */
@Controller('v1/deals')
export class DealCustomersController {
  constructor(private readonly bus: CommandBus) {}

  @Post(':id/record-churn')
  async recordChurn(
    @Id() id: string,
    @Body() body: RecordChurnBody,
    @Request() request: CommandRequest,
    @Reply() reply: FastifyReply,
  ) {
    return sendAnswer(reply, await this.bus.execute(new RecordChurnCommand(id, body, request)));
  }

  /** `If-Match` and `ETag` belong to the churned deal. */
  @Post(':id/win-back')
  async winBack(
    @Id() id: string,
    @Body() body: WinBackCustomerBody,
    @Request() request: CommandRequest,
    @Reply() reply: FastifyReply,
  ) {
    return sendAnswer(reply, await this.bus.execute(new WinBackCustomerCommand(id, body, request)));
  }
}
