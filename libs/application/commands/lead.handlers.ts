import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { CRITERIA, type Criterion, type CriterionAnswer } from '#domain/lead/lead.events.js';
import type { LeadCommand } from '#domain/lead/lead.commands.js';
import { decideLead } from '#domain/lead/lead.decide.js';
import type { LeadState } from '#domain/lead/lead.state.js';
import { civilDateAt } from '../civil-today.js';
import { LEAD, PERSON } from '../aggregate.js';
import { createdId } from '../command-id.js';
import { InvalidInput } from '../errors.js';
import { CommandExecutor, type Outcome } from '../execute.js';
import { StreamPolicies } from '../policies.js';
import { answer, created, PipeledgerCommand, type CommandAnswer } from './command.js';
import type {
  AddNoteBody,
  CaptureLeadBody,
  CriteriaBody,
  DisqualifyLeadBody,
  EditLeadBody,
  NurtureLeadBody,
  QualifyLeadBody,
  ReopenLeadBody,
} from './lead.bodies.js';
import { contact, money } from './values.js';

export class CaptureLeadCommand extends PipeledgerCommand<CaptureLeadBody> {}
export class EditLeadCommand extends PipeledgerCommand<EditLeadBody> {}
export class QualifyLeadCommand extends PipeledgerCommand<QualifyLeadBody> {}
export class DisqualifyLeadCommand extends PipeledgerCommand<DisqualifyLeadBody> {}
export class NurtureLeadCommand extends PipeledgerCommand<NurtureLeadBody> {}
export class ReopenLeadCommand extends PipeledgerCommand<ReopenLeadBody> {}
export class AddLeadNoteCommand extends PipeledgerCommand<AddNoteBody> {}

function run(
  commands: CommandExecutor,
  { target, request }: PipeledgerCommand<object>,
  command: LeadCommand,
): Promise<Outcome<LeadState>> {
  return commands.execute(LEAD, target, request, (state, context) => decideLead(state, command, context));
}

@CommandHandler(CaptureLeadCommand)
export class CaptureLeadHandler implements ICommandHandler<CaptureLeadCommand> {
  constructor(
    private readonly commands: CommandExecutor,
    private readonly policies: StreamPolicies,
  ) {}

  async execute({ id, body, request }: CaptureLeadCommand): Promise<CommandAnswer> {
    const leadId = id ?? createdId(request, 'lead');
    const referredBy = body.referredBy ?? null;
    if (referredBy !== null && (await this.commands.streams.load(PERSON, referredBy)).state === null) {
      throw new InvalidInput('/referredBy', 'there is no such person');
    }
    const products = body.products ?? [];
    const command: LeadCommand = {
      type: 'CaptureLead',
      id: leadId,
      title: body.title,
      source: body.source ?? null,
      person: contact(body.person, '/person', createdId(request, 'person')),
      organization: contact(body.organization, '/organization', createdId(request, 'organization')),
      value: money(body.value),
      labels: body.labels ?? [],
      ownerId: body.ownerId ?? null,
      attributes: { ...body.attributes },
      products,
      knownProducts: await this.policies.products(products),
      referredBy,
    };
    const outcome = await this.commands.execute(LEAD, leadId, request, (state, context) =>
      decideLead(state, command, context),
    );
    return created(outcome, `/v1/leads/${leadId}`);
  }
}

@CommandHandler(EditLeadCommand)
export class EditLeadHandler implements ICommandHandler<EditLeadCommand> {
  constructor(private readonly commands: CommandExecutor) {}

  async execute(command: EditLeadCommand): Promise<CommandAnswer> {
    const { title, source, value } = command.body;
    return answer(
      await run(this.commands, command, {
        type: 'EditLead',
        ...(title === undefined ? {} : { title }),
        ...(source === undefined ? {} : { source }),
        ...(value === undefined ? {} : { value: money(value) }),
      }),
    );
  }
}

@CommandHandler(QualifyLeadCommand)
export class QualifyLeadHandler implements ICommandHandler<QualifyLeadCommand> {
  constructor(
    private readonly commands: CommandExecutor,
    private readonly policies: StreamPolicies,
  ) {}

  async execute(command: QualifyLeadCommand): Promise<CommandAnswer> {
    const { criteria, icpFit, answers } = command.body;
    return answer(
      await run(this.commands, command, {
        type: 'QualifyLead',
        criteria: givenCriteria(criteria),
        icpFit: icpFit ?? null,
        answers: (answers ?? []).map(({ question, answer: text }) => ({ question, answer: text })),
        settings: await this.policies.settings(),
      }),
    );
  }
}

function givenCriteria(body: CriteriaBody): Partial<Record<Criterion, CriterionAnswer>> {
  const given: Partial<Record<Criterion, CriterionAnswer>> = {};
  for (const name of CRITERIA) {
    const criterion = body[name];
    if (criterion) given[name] = { confirmed: criterion.confirmed, facts: criterion.facts ?? null };
  }
  return given;
}

@CommandHandler(DisqualifyLeadCommand)
export class DisqualifyLeadHandler implements ICommandHandler<DisqualifyLeadCommand> {
  constructor(
    private readonly commands: CommandExecutor,
    private readonly policies: StreamPolicies,
  ) {}

  async execute(command: DisqualifyLeadCommand): Promise<CommandAnswer> {
    const { reason, note } = command.body;
    const settings = await this.policies.settings();
    return answer(await run(this.commands, command, { type: 'DisqualifyLead', reason, note: note ?? null, settings }));
  }
}

@CommandHandler(NurtureLeadCommand)
export class NurtureLeadHandler implements ICommandHandler<NurtureLeadCommand> {
  constructor(
    private readonly commands: CommandExecutor,
    private readonly policies: StreamPolicies,
  ) {}

  async execute(command: NurtureLeadCommand): Promise<CommandAnswer> {
    const { timeZone } = await this.policies.settings();
    const at = command.request.occurredAt ?? Date.now();
    return answer(
      await run(this.commands, command, {
        type: 'NurtureLead',
        followUpOn: command.body.followUpOn,
        today: civilDateAt(at, timeZone),
      }),
    );
  }
}

@CommandHandler(ReopenLeadCommand)
export class ReopenLeadHandler implements ICommandHandler<ReopenLeadCommand> {
  constructor(private readonly commands: CommandExecutor) {}

  async execute(command: ReopenLeadCommand): Promise<CommandAnswer> {
    return answer(await run(this.commands, command, { type: 'ReopenLead' }));
  }
}

@CommandHandler(AddLeadNoteCommand)
export class AddLeadNoteHandler implements ICommandHandler<AddLeadNoteCommand> {
  constructor(private readonly commands: CommandExecutor) {}

  async execute(command: AddLeadNoteCommand): Promise<CommandAnswer> {
    return answer(await run(this.commands, command, { type: 'AddLeadNote', text: command.body.text }));
  }
}

export const LEAD_HANDLERS = [
  CaptureLeadHandler,
  EditLeadHandler,
  QualifyLeadHandler,
  DisqualifyLeadHandler,
  NurtureLeadHandler,
  ReopenLeadHandler,
  AddLeadNoteHandler,
];
