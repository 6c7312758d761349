import { Body, Controller, Get, Post, Query, Req } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { FastifyReply, FastifyRequest } from 'fastify';
import {
  SetBusinessCalendarBody,
  SetChurnReasonsBody,
  SetDisqualificationReasonsBody,
  SetExchangeRatesBody,
  SetFollowUpPlanBody,
  SetLossReasonsBody,
  SetQualificationPolicyBody,
  SetReportingCurrencyBody,
  SetScoringModelBody,
  SetSpendBody,
  SetTargetsBody,
  SetTimeZoneBody,
  type SettingsBody,
} from '#application/commands/settings.bodies.js';
import { ChangeSettingsCommand } from '#application/commands/settings.handlers.js';
import { MAIN } from '#application/policies.js';
import { SettingsQuery } from '#application/queries/settings.query.js';
import type { CommandRequest } from '#application/request.js';
import { Reply, Request, sendAnswer } from '../http/command-request.js';
import { Consistency } from '../http/consistency.js';
import { Problem } from '../http/problem.js';
import { historyPage, QueryParameters } from '../http/query-parameters.js';

/** A year of all currencies is some ten thousand rates. */
const MOST_DAYS = 366;

@Controller('v1/settings')
export class SettingsController {
  constructor(
    private readonly bus: CommandBus,
    private readonly settings: SettingsQuery,
    private readonly consistency: Consistency,
  ) {}

  @Post('set-time-zone')
  setTimeZone(@Body() body: SetTimeZoneBody, @Request() request: CommandRequest, @Reply() reply: FastifyReply) {
    return this.#change(body, request, reply);
  }

  @Post('set-reporting-currency')
  setReportingCurrency(
    @Body() body: SetReportingCurrencyBody,
    @Request() request: CommandRequest,
    @Reply() reply: FastifyReply,
  ) {
    return this.#change(body, request, reply);
  }

  @Post('set-exchange-rates')
  setExchangeRates(
    @Body() body: SetExchangeRatesBody,
    @Request() request: CommandRequest,
    @Reply() reply: FastifyReply,
  ) {
    return this.#change(body, request, reply);
  }

  @Post('set-business-calendar')
  setBusinessCalendar(
    @Body() body: SetBusinessCalendarBody,
    @Request() request: CommandRequest,
    @Reply() reply: FastifyReply,
  ) {
    return this.#change(body, request, reply);
  }

  @Post('set-qualification-policy')
  setQualificationPolicy(
    @Body() body: SetQualificationPolicyBody,
    @Request() request: CommandRequest,
    @Reply() reply: FastifyReply,
  ) {
    return this.#change(body, request, reply);
  }

  @Post('set-scoring-model')
  setScoringModel(@Body() body: SetScoringModelBody, @Request() request: CommandRequest, @Reply() reply: FastifyReply) {
    return this.#change(body, request, reply);
  }

  @Post('set-loss-reasons')
  setLossReasons(@Body() body: SetLossReasonsBody, @Request() request: CommandRequest, @Reply() reply: FastifyReply) {
    return this.#change(body, request, reply);
  }

  @Post('set-disqualification-reasons')
  setDisqualificationReasons(
    @Body() body: SetDisqualificationReasonsBody,
    @Request() request: CommandRequest,
    @Reply() reply: FastifyReply,
  ) {
    return this.#change(body, request, reply);
  }

  @Post('set-churn-reasons')
  setChurnReasons(@Body() body: SetChurnReasonsBody, @Request() request: CommandRequest, @Reply() reply: FastifyReply) {
    return this.#change(body, request, reply);
  }

  @Post('set-follow-up-plan')
  setFollowUpPlan(@Body() body: SetFollowUpPlanBody, @Request() request: CommandRequest, @Reply() reply: FastifyReply) {
    return this.#change(body, request, reply);
  }

  @Post('set-targets')
  setTargets(@Body() body: SetTargetsBody, @Request() request: CommandRequest, @Reply() reply: FastifyReply) {
    return this.#change(body, request, reply);
  }

  @Post('set-spend')
  setSpend(@Body() body: SetSpendBody, @Request() request: CommandRequest, @Reply() reply: FastifyReply) {
    return this.#change(body, request, reply);
  }

  @Get()
  async all(@Query() query: unknown, @Req() request: FastifyRequest, @Reply() reply: FastifyReply) {
    const parameters = new QueryParameters(query, ['asOf']);
    await this.consistency.before(request, reply, []);
    const settings = await this.settings.settings(parameters.instant('asOf'));
    if (settings.revision !== null) void reply.header('ETag', `"${settings.revision}"`);
    return settings;
  }

  @Get('exchange-rates')
  async exchangeRates(@Query() query: unknown, @Req() request: FastifyRequest, @Reply() reply: FastifyReply) {
    const parameters = new QueryParameters(query, ['from', 'to']);
    const [from, to] = [parameters.requiredDate('from'), parameters.requiredDate('to')];
    const days = (Date.parse(to) - Date.parse(from)) / 86_400_000;
    if (days <= 0 || days > MOST_DAYS) {
      throw new Problem('invalid-request', '1 field is wrong.', {
        errors: [{ path: '?to', message: `must be 1 to ${MOST_DAYS} days after from` }],
      });
    }
    await this.consistency.before(request, reply, []);
    return this.settings.exchangeRates(from, to);
  }

  @Get('events')
  async events(@Query() query: unknown, @Req() request: FastifyRequest, @Reply() reply: FastifyReply) {
    const { after, limit } = historyPage(query);
    await this.consistency.before(request, reply, []);
    return this.settings.events(after, limit);
  }

  async #change(body: SettingsBody, request: CommandRequest, reply: FastifyReply) {
    return sendAnswer(reply, await this.bus.execute(new ChangeSettingsCommand(MAIN, body, request)));
  }
}
