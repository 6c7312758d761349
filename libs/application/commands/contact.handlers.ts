import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { decideContact } from '#domain/contact/contact.decide.js';
import type { ContactCommand } from '#domain/contact/contact.commands.js';
import type { ContactKind, ContactState } from '#domain/contact/contact.state.js';
import { contactAggregate, ORGANIZATION } from '../aggregate.js';
import { createdId } from '../command-id.js';
import { e164Of } from '../contact-details.js';
import { CommandRejected, InvalidInput } from '../errors.js';
import { CommandExecutor, type Outcome } from '../execute.js';
import type { CommandRequest } from '../request.js';
import { answer, created, PipeledgerCommand, type CommandAnswer } from './command.js';
import { finishMerge } from './contact-merge.js';
import type { EditContactBody, MergeContactsBody, RegisterContactBody } from './contact.bodies.js';

/** A command on a person or an organisation. */
abstract class ContactKindCommand<Body extends object> extends PipeledgerCommand<Body> {
  constructor(
    readonly kind: ContactKind,
    id: string | null,
    body: Body,
    request: CommandRequest,
  ) {
    super(id, body, request);
  }
}

export class RegisterContactCommand extends ContactKindCommand<RegisterContactBody> {}
export class EditContactCommand extends ContactKindCommand<EditContactBody> {}
export class MergeContactsCommand extends ContactKindCommand<MergeContactsBody> {}
export class UnmergeContactsCommand extends ContactKindCommand<MergeContactsBody> {}

function run(
  commands: CommandExecutor,
  { kind, request }: ContactKindCommand<object>,
  id: string,
  command: ContactCommand,
): Promise<Outcome<ContactState>> {
  return commands.execute(contactAggregate(kind), id, request, (state, context) =>
    decideContact(state, command, context),
  );
}

/** @throws InvalidInput an organisation is in no other, and a person only in one that is there */
async function checkOrganization(
  commands: CommandExecutor,
  kind: ContactKind,
  organizationId: string | null | undefined,
): Promise<void> {
  if (organizationId === undefined || organizationId === null) return;
  if (kind === 'organization') throw new InvalidInput('/organizationId', 'is for people alone');
  const { state } = await commands.streams.load(ORGANIZATION, organizationId);
  if (state === null || state.erased) throw new InvalidInput('/organizationId', 'there is no such organisation');
}

@CommandHandler(RegisterContactCommand)
export class RegisterContactHandler implements ICommandHandler<RegisterContactCommand> {
  constructor(private readonly commands: CommandExecutor) {}

  async execute(command: RegisterContactCommand): Promise<CommandAnswer> {
    const { kind, body, request } = command;
    await checkOrganization(this.commands, kind, body.organizationId);
    const id = command.id ?? createdId(request, kind);
    const phones = body.phones ?? [];
    const outcome = await run(this.commands, command, id, {
      type: 'RegisterContact',
      kind,
      name: body.name,
      emails: body.emails ?? [],
      phones,
      phonesE164: e164Of(phones),
      organizationId: body.organizationId ?? null,
    });
    return created(outcome, `${pathOf(kind)}/${id}`);
  }
}

@CommandHandler(EditContactCommand)
export class EditContactHandler implements ICommandHandler<EditContactCommand> {
  constructor(private readonly commands: CommandExecutor) {}

  async execute(command: EditContactCommand): Promise<CommandAnswer> {
    const { kind, body } = command;
    await checkOrganization(this.commands, kind, body.organizationId);
    const phones = body.phones === null ? [] : body.phones;
    return answer(
      await run(this.commands, command, command.target, {
        type: 'EditContact',
        ...(body.name === undefined ? {} : { name: body.name }),
        ...(body.emails === undefined ? {} : { emails: body.emails ?? [] }),
        ...(phones === undefined ? {} : { phones, phonesE164: e164Of(phones) }),
        ...(body.organizationId === undefined ? {} : { organizationId: body.organizationId }),
      }),
    );
  }
}

/** The survivor begins, the other decides, the survivor ends: answered when both are done. A replay completes it. */
@CommandHandler(MergeContactsCommand)
export class MergeContactsHandler implements ICommandHandler<MergeContactsCommand> {
  constructor(private readonly commands: CommandExecutor) {}

  async execute(command: MergeContactsCommand): Promise<CommandAnswer> {
    const { kind, target, body, request } = command;
    const { otherId } = body;
    const aggregate = contactAggregate(kind);
    const mergeId = createdId(request, 'merge');
    const outcome = await this.commands.execute(aggregate, target, request, async (state, context) => {
      const { state: other } = await this.commands.streams.load(aggregate, otherId);
      return decideContact(state, { type: 'MergeContacts', mergeId, otherId, other }, context);
    });
    return finished(this.commands, kind, outcome);
  }
}

@CommandHandler(UnmergeContactsCommand)
export class UnmergeContactsHandler implements ICommandHandler<UnmergeContactsCommand> {
  constructor(private readonly commands: CommandExecutor) {}

  async execute(command: UnmergeContactsCommand): Promise<CommandAnswer> {
    const { kind, target, body, request } = command;
    const mergeId = createdId(request, 'merge');
    const outcome = await run(this.commands, command, target, {
      type: 'UnmergeContacts',
      mergeId,
      otherId: body.otherId,
    });
    return finished(this.commands, kind, outcome);
  }
}

async function finished(
  commands: CommandExecutor,
  kind: ContactKind,
  outcome: Outcome<ContactState>,
): Promise<CommandAnswer> {
  const [started] = outcome.events;
  if (started === undefined) return answer(outcome);
  const { done, revision, position } = await finishMerge(commands, kind, outcome.id, started);
  if (!done) {
    const detail = `The other ${kind} was merged, or began to take in another one, at the same moment.`;
    throw new CommandRejected({ code: 'already-merged', detail, data: null });
  }
  return {
    status: 200,
    body: { id: outcome.id, revision, position: String(position) },
    location: null,
    replayed: outcome.replayed,
  };
}

/** Where people and organisations are found. */
export function pathOf(kind: ContactKind): string {
  return kind === 'person' ? '/v1/people' : '/v1/organizations';
}

export const CONTACT_HANDLERS = [
  RegisterContactHandler,
  EditContactHandler,
  MergeContactsHandler,
  UnmergeContactsHandler,
];
