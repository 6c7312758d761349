import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { LeadCommand } from '#domain/lead/lead.commands.js';
import { decideLead } from '#domain/lead/lead.decide.js';
import type { LeadState } from '#domain/lead/lead.state.js';
import { LEAD } from '../aggregate.js';
import { createdId } from '../command-id.js';
import { CommandExecutor } from '../execute.js';
import type {
  CancelActivityBody,
  CompleteActivityBody,
  PlanActivityBody,
  RescheduleActivityBody,
} from './activity.bodies.js';
import {
  activityAnswer,
  cancelActivity,
  completeActivity,
  planActivity,
  rescheduleActivity,
} from './activity.commands.js';
import { answer, PipeledgerCommand, type CommandAnswer } from './command.js';
import type {
  ArchiveLeadBody,
  AssignLeadBody,
  LabelBody,
  LinkLeadContactBody,
  RecordEngagementBody,
} from './lead-upkeep.bodies.js';
import { handlersOf } from './own-state.handler.js';
import { contact } from './values.js';

export class AssignLeadCommand extends PipeledgerCommand<AssignLeadBody> {}
export class LabelLeadCommand extends PipeledgerCommand<LabelBody> {}
export class LinkLeadContactCommand extends PipeledgerCommand<LinkLeadContactBody> {}
export class ArchiveLeadCommand extends PipeledgerCommand<ArchiveLeadBody> {}
export class RecordLeadEngagementCommand extends PipeledgerCommand<RecordEngagementBody> {}
export class PlanLeadActivityCommand extends PipeledgerCommand<PlanActivityBody> {}
export class RescheduleLeadActivityCommand extends PipeledgerCommand<RescheduleActivityBody> {}
export class CompleteLeadActivityCommand extends PipeledgerCommand<CompleteActivityBody> {}
export class CancelLeadActivityCommand extends PipeledgerCommand<CancelActivityBody> {}

const onLead = handlersOf<LeadState, LeadCommand>(LEAD, decideLead);

/** An inline contact gets the id that it will be registered under. */
@CommandHandler(LinkLeadContactCommand)
class LinkLeadContactHandler implements ICommandHandler<LinkLeadContactCommand> {
  constructor(private readonly commands: CommandExecutor) {}

  async execute({ target, body, request }: LinkLeadContactCommand): Promise<CommandAnswer> {
    const person = contact(body.person, '/person', createdId(request, 'person'));
    const organization = contact(body.organization, '/organization', createdId(request, 'organization'));
    const command: LeadCommand = {
      type: 'LinkLeadContact',
      ...(person === null ? {} : { person }),
      ...(organization === null ? {} : { organization }),
    };
    return answer(
      await this.commands.execute(LEAD, target, request, (state, context) => decideLead(state, command, context)),
    );
  }
}

export const LEAD_UPKEEP_HANDLERS = [
  LinkLeadContactHandler,
  onLead(AssignLeadCommand, ({ ownerId }) => ({ type: 'AssignLead', ownerId, teamId: null })),
  onLead(LabelLeadCommand, ({ add, remove }) => ({ type: 'LabelLead', add: add ?? [], remove: remove ?? [] })),
  onLead(ArchiveLeadCommand, () => ({ type: 'ArchiveLead' })),
  onLead(RecordLeadEngagementCommand, ({ kind, detail }) => ({
    type: 'RecordLeadEngagement',
    kind,
    detail: detail ?? null,
  })),
  onLead(PlanLeadActivityCommand, planActivity, activityAnswer),
  onLead(RescheduleLeadActivityCommand, rescheduleActivity, activityAnswer),
  onLead(CompleteLeadActivityCommand, completeActivity, activityAnswer),
  onLead(CancelLeadActivityCommand, cancelActivity, activityAnswer),
];
