import { Body, Controller, Get, Post, Query, Req } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { FastifyReply, FastifyRequest } from 'fastify';
import {
  CancelStandaloneBody,
  CompleteStandaloneBody,
  PlanStandaloneBody,
  RescheduleStandaloneBody,
} from '#application/commands/standalone.bodies.js';
import {
  CancelStandaloneCommand,
  CompleteStandaloneCommand,
  PlanStandaloneCommand,
  RescheduleStandaloneCommand,
} from '#application/commands/standalone.handlers.js';
import { ActivityListQuery, ACTIVITY_STATUSES } from '#application/queries/activity-list.query.js';
import { HistoryQuery } from '#application/queries/history.query.js';
import { StandaloneQuery } from '#application/queries/standalone.query.js';
import { ACTIVITY_KINDS } from '#domain/activity/activity.events.js';
import { ACTIVITIES } from '#views/activities/activities.schema.js';
import type { CommandRequest } from '#application/request.js';
import { Reply, Request, sendAnswer } from '../http/command-request.js';
import { Consistency } from '../http/consistency.js';
import { historyPage, QueryParameters } from '../http/query-parameters.js';
import { Id } from '../http/resource-id.pipe.js';

const ACTIVITY_LIST_PARAMETERS = [
  ...['status', 'assignee', 'kind', 'deal', 'lead', 'dueFrom', 'dueTo', 'tz', 'limit', 'cursor'],
];

/** Activities that are of no deal and no lead, and the list of all. */
@Controller('v1/activities')
export class ActivitiesController {
  constructor(
    private readonly bus: CommandBus,
    private readonly activities: StandaloneQuery,
    private readonly due: ActivityListQuery,
    private readonly history: HistoryQuery,
    private readonly consistency: Consistency,
  ) {}

  @Post()
  async plan(@Body() body: PlanStandaloneBody, @Request() request: CommandRequest, @Reply() reply: FastifyReply) {
    return sendAnswer(reply, await this.bus.execute(new PlanStandaloneCommand(body.id ?? null, body, request)));
  }

  @Post(':id/reschedule')
  async reschedule(
    @Id() id: string,
    @Body() body: RescheduleStandaloneBody,
    @Request() request: CommandRequest,
    @Reply() reply: FastifyReply,
  ) {
    return sendAnswer(reply, await this.bus.execute(new RescheduleStandaloneCommand(id, body, request)));
  }

  @Post(':id/complete')
  async complete(
    @Id() id: string,
    @Body() body: CompleteStandaloneBody,
    @Request() request: CommandRequest,
    @Reply() reply: FastifyReply,
  ) {
    return sendAnswer(reply, await this.bus.execute(new CompleteStandaloneCommand(id, body, request)));
  }

  @Post(':id/cancel')
  async cancel(
    @Id() id: string,
    @Body() body: CancelStandaloneBody,
    @Request() request: CommandRequest,
    @Reply() reply: FastifyReply,
  ) {
    return sendAnswer(reply, await this.bus.execute(new CancelStandaloneCommand(id, body, request)));
  }

  @Get()
  async list(@Query() query: unknown, @Req() request: FastifyRequest, @Reply() reply: FastifyReply) {
    const parameters = new QueryParameters(query, ACTIVITY_LIST_PARAMETERS);
    const list = {
      status: parameters.someOf('status', ACTIVITY_STATUSES),
      assignee: parameters.texts('assignee'),
      kind: parameters.someOf('kind', ACTIVITY_KINDS),
      deal: parameters.ids('deal'),
      lead: parameters.ids('lead'),
      dueFrom: parameters.date('dueFrom'),
      dueTo: parameters.date('dueTo'),
      tz: parameters.timeZone('tz'),
      limit: parameters.limit(),
      cursor: parameters.text('cursor'),
    };
    await this.consistency.before(request, reply, [ACTIVITIES]);
    return this.due.list(list);
  }

  @Get(':id')
  async one(@Id() id: string, @Query() query: unknown, @Req() request: FastifyRequest, @Reply() reply: FastifyReply) {
    new QueryParameters(query, []);
    await this.consistency.before(request, reply, []);
    const activity = await this.activities.activity(id);
    void reply.header('ETag', `"${activity.revision}"`);
    return activity;
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
    return this.history.events('activity', id, after, limit);
  }
}
