import { Body, Controller, Get, Post, Query, Req } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ConvertToDealCommand } from '#application/commands/convert.handler.js';
import {
  AddNoteBody,
  CaptureLeadBody,
  ConvertToDealBody,
  DisqualifyLeadBody,
  EditLeadBody,
  NurtureLeadBody,
  QualifyLeadBody,
  ReopenLeadBody,
} from '#application/commands/lead.bodies.js';
import {
  AddLeadNoteCommand,
  CaptureLeadCommand,
  DisqualifyLeadCommand,
  EditLeadCommand,
  NurtureLeadCommand,
  QualifyLeadCommand,
  ReopenLeadCommand,
} from '#application/commands/lead.handlers.js';
import { RevertConversionBody } from '#application/commands/void.bodies.js';
import { RevertConversionCommand } from '#application/commands/void.handlers.js';
import { HistoryQuery } from '#application/queries/history.query.js';
import { LEAD_SORTS, LeadQuery } from '#application/queries/lead.query.js';
import type { CommandRequest } from '#application/request.js';
import { TIMELINE } from '#views/timeline/timeline.schema.js';
import { Reply, Request, sendAnswer } from '../http/command-request.js';
import { Consistency } from '../http/consistency.js';
import { historyPage, QueryParameters } from '../http/query-parameters.js';
import { Id } from '../http/resource-id.pipe.js';

@Controller('v1/leads')
export class LeadsController {
  constructor(
    private readonly bus: CommandBus,
    private readonly leads: LeadQuery,
    private readonly history: HistoryQuery,
    private readonly consistency: Consistency,
  ) {}

  @Post()
  async capture(@Body() body: CaptureLeadBody, @Request() request: CommandRequest, @Reply() reply: FastifyReply) {
    return sendAnswer(reply, await this.bus.execute(new CaptureLeadCommand(body.id ?? null, body, request)));
  }

  @Post(':id/edit')
  async edit(
    @Id() id: string,
    @Body() body: EditLeadBody,
    @Request() request: CommandRequest,
    @Reply() reply: FastifyReply,
  ) {
    return sendAnswer(reply, await this.bus.execute(new EditLeadCommand(id, body, request)));
  }

  @Post(':id/qualify')
  async qualify(
    @Id() id: string,
    @Body() body: QualifyLeadBody,
    @Request() request: CommandRequest,
    @Reply() reply: FastifyReply,
  ) {
    return sendAnswer(reply, await this.bus.execute(new QualifyLeadCommand(id, body, request)));
  }

  @Post(':id/disqualify')
  async disqualify(
    @Id() id: string,
    @Body() body: DisqualifyLeadBody,
    @Request() request: CommandRequest,
    @Reply() reply: FastifyReply,
  ) {
    return sendAnswer(reply, await this.bus.execute(new DisqualifyLeadCommand(id, body, request)));
  }

  @Post(':id/nurture')
  async nurture(
    @Id() id: string,
    @Body() body: NurtureLeadBody,
    @Request() request: CommandRequest,
    @Reply() reply: FastifyReply,
  ) {
    return sendAnswer(reply, await this.bus.execute(new NurtureLeadCommand(id, body, request)));
  }

  @Post(':id/reopen')
  async reopen(
    @Id() id: string,
    @Body() body: ReopenLeadBody,
    @Request() request: CommandRequest,
    @Reply() reply: FastifyReply,
  ) {
    return sendAnswer(reply, await this.bus.execute(new ReopenLeadCommand(id, body, request)));
  }

  @Post(':id/add-note')
  async addNote(
    @Id() id: string,
    @Body() body: AddNoteBody,
    @Request() request: CommandRequest,
    @Reply() reply: FastifyReply,
  ) {
    return sendAnswer(reply, await this.bus.execute(new AddLeadNoteCommand(id, body, request)));
  }

  @Post(':id/revert-conversion')
  async revertConversion(
    @Id() id: string,
    @Body() body: RevertConversionBody,
    @Request() request: CommandRequest,
    @Reply() reply: FastifyReply,
  ) {
    return sendAnswer(reply, await this.bus.execute(new RevertConversionCommand(id, body, request)));
  }

  @Post(':id/convert')
  async convert(
    @Id() id: string,
    @Body() body: ConvertToDealBody,
    @Request() request: CommandRequest,
    @Reply() reply: FastifyReply,
  ) {
    return sendAnswer(reply, await this.bus.execute(new ConvertToDealCommand(id, body, request)));
  }

  @Get()
  async list(@Query() query: unknown, @Req() request: FastifyRequest, @Reply() reply: FastifyReply) {
    const parameters = new QueryParameters(query, [
      'status',
      'owner',
      'source',
      'label',
      'q',
      'sort',
      'limit',
      'cursor',
    ]);
    const list = {
      status: parameters.someOf('status', ['new', 'nurturing', 'qualified', 'converted', 'disqualified', 'archived']),
      owner: parameters.texts('owner'),
      source: parameters.texts('source'),
      label: parameters.texts('label'),
      q: parameters.text('q'),
      sort: parameters.oneOf('sort', LEAD_SORTS) ?? '-capturedAt',
      limit: parameters.limit(),
      cursor: parameters.text('cursor'),
    };
    const inbox = await this.leads.inbox(list.sort);
    await this.consistency.before(request, reply, [inbox.schema]);
    return this.leads.list(list, inbox);
  }

  @Get(':id')
  async one(@Id() id: string, @Query() query: unknown, @Req() request: FastifyRequest, @Reply() reply: FastifyReply) {
    new QueryParameters(query, []);
    await this.consistency.before(request, reply, []);
    const lead = await this.leads.lead(id);
    void reply.header('ETag', `"${lead.revision}"`);
    return lead;
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
    return this.history.events('lead', id, after, limit);
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
    return this.history.leadTimeline(id, limit, cursor);
  }
}
