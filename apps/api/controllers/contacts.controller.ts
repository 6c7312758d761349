import { Body, Controller, Get, Post, Query, Req } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ContactKind } from '#domain/contact/contact.state.js';
import { EraseContactBody } from '#application/commands/erasure.bodies.js';
import { EraseContactCommand } from '#application/commands/erasure.handlers.js';
import { EditContactBody, MergeContactsBody, RegisterContactBody } from '#application/commands/contact.bodies.js';
import {
  EditContactCommand,
  MergeContactsCommand,
  RegisterContactCommand,
  UnmergeContactsCommand,
} from '#application/commands/contact.handlers.js';
import { ContactQuery } from '#application/queries/contact.query.js';
import { HistoryQuery } from '#application/queries/history.query.js';
import type { CommandRequest } from '#application/request.js';
import { CONTACTS } from '#views/contacts/contacts.schema.js';
import { TIMELINE } from '#views/timeline/timeline.schema.js';
import { Reply, Request, sendAnswer } from '../http/command-request.js';
import { Consistency } from '../http/consistency.js';
import { historyPage, QueryParameters } from '../http/query-parameters.js';
import { Id } from '../http/resource-id.pipe.js';

/** People and organisations are asked and told alike. */
abstract class ContactsController {
  protected abstract readonly kind: ContactKind;

  constructor(
    private readonly bus: CommandBus,
    private readonly contacts: ContactQuery,
    private readonly history: HistoryQuery,
    private readonly consistency: Consistency,
  ) {}

  @Post()
  async register(@Body() body: RegisterContactBody, @Request() request: CommandRequest, @Reply() reply: FastifyReply) {
    const command = new RegisterContactCommand(this.kind, body.id ?? null, body, request);
    return sendAnswer(reply, await this.bus.execute(command));
  }

  @Post(':id/edit')
  async edit(
    @Id() id: string,
    @Body() body: EditContactBody,
    @Request() request: CommandRequest,
    @Reply() reply: FastifyReply,
  ) {
    return sendAnswer(reply, await this.bus.execute(new EditContactCommand(this.kind, id, body, request)));
  }

  @Post(':id/merge')
  async merge(
    @Id() id: string,
    @Body() body: MergeContactsBody,
    @Request() request: CommandRequest,
    @Reply() reply: FastifyReply,
  ) {
    return sendAnswer(reply, await this.bus.execute(new MergeContactsCommand(this.kind, id, body, request)));
  }

  @Post(':id/unmerge')
  async unmerge(
    @Id() id: string,
    @Body() body: MergeContactsBody,
    @Request() request: CommandRequest,
    @Reply() reply: FastifyReply,
  ) {
    return sendAnswer(reply, await this.bus.execute(new UnmergeContactsCommand(this.kind, id, body, request)));
  }

  @Post(':id/erase')
  async erase(
    @Id() id: string,
    @Body() body: EraseContactBody,
    @Request() request: CommandRequest,
    @Reply() reply: FastifyReply,
  ) {
    return sendAnswer(reply, await this.bus.execute(new EraseContactCommand(this.kind, id, body, request)));
  }

  @Get()
  async list(@Query() query: unknown, @Req() request: FastifyRequest, @Reply() reply: FastifyReply) {
    const organization = this.kind === 'person' ? ['organization'] : [];
    const parameters = new QueryParameters(query, ['q', 'limit', 'cursor', ...organization]);
    const list = {
      kind: this.kind,
      q: parameters.text('q'),
      organization: parameters.texts('organization'),
      limit: parameters.limit(),
      cursor: parameters.text('cursor'),
    };
    await this.consistency.before(request, reply, [CONTACTS]);
    return this.contacts.list(list);
  }

  @Get(':id')
  async one(@Id() id: string, @Query() query: unknown, @Req() request: FastifyRequest, @Reply() reply: FastifyReply) {
    new QueryParameters(query, []);
    await this.consistency.before(request, reply, [CONTACTS]);
    const contact = await this.contacts.contact(this.kind, id);
    void reply.header('ETag', `"${contact.revision}"`);
    return contact;
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
    return this.history.events(this.kind, id, after, limit);
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
    await this.consistency.before(request, reply, [CONTACTS, TIMELINE]);
    return this.history.contactTimeline(this.kind, id, limit, cursor);
  }
}

@Controller('v1/people')
export class PeopleController extends ContactsController {
  protected readonly kind = 'person';

  constructor(bus: CommandBus, contacts: ContactQuery, history: HistoryQuery, consistency: Consistency) {
    super(bus, contacts, history, consistency);
  }
}

@Controller('v1/organizations')
export class OrganizationsController extends ContactsController {
  protected readonly kind = 'organization';

  constructor(bus: CommandBus, contacts: ContactQuery, history: HistoryQuery, consistency: Consistency) {
    super(bus, contacts, history, consistency);
  }
}
