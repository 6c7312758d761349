import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { weekdayOf, type Recurrence } from '#domain/standalone-activity/recurrence.js';
import {
  decideStandalone,
  type CancelOccurrence,
  type CompleteOccurrence,
  type PlanStandaloneActivity,
  type RescheduleOccurrence,
  type StandaloneActivityCommand,
} from '#domain/standalone-activity/standalone.decide.js';
import type { StandaloneActivity } from '#domain/standalone-activity/standalone.state.js';
import { STANDALONE_ACTIVITY } from '../aggregate.js';
import { CIVIL_TIME } from '#views/civil-time.js';
import { createdId } from '../command-id.js';
import { InvalidInput } from '../errors.js';
import { CommandExecutor } from '../execute.js';
import { StreamPolicies } from '../policies.js';
import { created, PipeledgerCommand, type CommandAnswer } from './command.js';
import { handlersOf } from './own-state.handler.js';
import type {
  CancelStandaloneBody,
  CompleteStandaloneBody,
  PlanStandaloneBody,
  RecurrenceBody,
  RescheduleStandaloneBody,
} from './standalone.bodies.js';
import { storedInstant } from './values.js';

export class PlanStandaloneCommand extends PipeledgerCommand<PlanStandaloneBody> {}
export class RescheduleStandaloneCommand extends PipeledgerCommand<RescheduleStandaloneBody> {}
export class CompleteStandaloneCommand extends PipeledgerCommand<CompleteStandaloneBody> {}
export class CancelStandaloneCommand extends PipeledgerCommand<CancelStandaloneBody> {}

@CommandHandler(PlanStandaloneCommand)
export class PlanStandaloneHandler implements ICommandHandler<PlanStandaloneCommand> {
  constructor(
    private readonly commands: CommandExecutor,
    private readonly policies: StreamPolicies,
  ) {}

  async execute({ id: chosen, body, request }: PlanStandaloneCommand): Promise<CommandAnswer> {
    const id = chosen ?? createdId(request, 'standalone-activity');
    const { kind, subject, assigneeId, targetCount } = body;
    const dueAt = storedInstant(body.dueAt);
    const { timeZone } = await this.policies.settings();
    const command: PlanStandaloneActivity = {
      ...{ type: 'PlanStandaloneActivity', id, kind, subject, dueAt, assigneeId: assigneeId ?? null },
      targetCount: targetCount ?? null,
      recurrence: body.recurrence ? recurrenceOf(body.recurrence, dueAt, timeZone) : null,
      civil: CIVIL_TIME,
    };
    const outcome = await this.commands.execute(STANDALONE_ACTIVITY, id, request, (state, context) =>
      decideStandalone(state, command, context),
    );
    return created(outcome, `/v1/activities/${id}`);
  }
}

/** @throws InvalidInput `days` with another frequency than weekly, or none of them */
function recurrenceOf(
  { frequency, days, until }: RecurrenceBody,
  dueAt: string,
  zone: string,
): Pick<Recurrence, 'days' | 'zone' | 'until'> {
  const asked = days ?? null;
  if (asked !== null && frequency !== 'weekly') {
    throw new InvalidInput('/recurrence/days', 'goes with the frequency weekly alone');
  }
  if (asked?.length === 0) throw new InvalidInput('/recurrence/days', 'must name at least one day of the week');
  const every = {
    daily: [1, 2, 3, 4, 5, 6, 7],
    weekdays: [1, 2, 3, 4, 5],
    weekly: asked ?? [weekdayOf(CIVIL_TIME.localOf(Date.parse(dueAt), zone).date)],
  };
  return { days: every[frequency], zone, until: until ?? null };
}

const onActivity = handlersOf<StandaloneActivity, StandaloneActivityCommand>(STANDALONE_ACTIVITY, decideStandalone);

export const STANDALONE_HANDLERS = [
  PlanStandaloneHandler,
  onActivity(RescheduleStandaloneCommand, ({ dueAt }): RescheduleOccurrence => {
    return { type: 'RescheduleOccurrence', dueAt: storedInstant(dueAt), civil: CIVIL_TIME };
  }),
  onActivity(CompleteStandaloneCommand, ({ occurrence, outcome, note, count }): CompleteOccurrence => {
    const said = { outcome: outcome ?? null, note: note ?? null, count: count ?? null };
    return { type: 'CompleteOccurrence', occurrence: occurrence ?? null, ...said, civil: CIVIL_TIME };
  }),
  onActivity(CancelStandaloneCommand, ({ occurrence, reason }): CancelOccurrence => {
    return {
      type: 'CancelOccurrence',
      occurrence: occurrence ?? null,
      reason: reason ?? null,
      civil: CIVIL_TIME,
    };
  }),
];
