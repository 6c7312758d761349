import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { NO_STREAM } from '#event-store/port.js';
import { reject } from '#domain/shared/decision.js';
import { decideLead } from '#domain/lead/lead.decide.js';
import type { ConvertToDeal } from '#domain/lead/lead.commands.js';
import { DEAL, LEAD } from '../aggregate.js';
import { createdId } from '../command-id.js';
import { ContactMatches, type KnownContacts } from '../contact-matches.js';
import { CommandExecutor } from '../execute.js';
import { StreamPolicies } from '../policies.js';
import { PipeledgerCommand, type CommandAnswer } from './command.js';
import { finishConversion } from './conversion.js';
import { likelyDuplicates, resolutionOf } from './contact-resolution.js';
import type { ConvertToDealBody } from './lead.bodies.js';
import { money } from './values.js';

export class ConvertToDealCommand extends PipeledgerCommand<ConvertToDealBody> {}

/** The lead decides, once and for ever; then the deal follows from the event. A replay completes what is missing. */
@CommandHandler(ConvertToDealCommand)
export class ConvertToDealHandler implements ICommandHandler<ConvertToDealCommand> {
  constructor(
    private readonly commands: CommandExecutor,
    private readonly policies: StreamPolicies,
    @Inject(ContactMatches) private readonly known: KnownContacts,
  ) {}

  async execute({ target, body, request }: ConvertToDealCommand): Promise<CommandAnswer> {
    const dealId = body.dealId ?? createdId(request, 'deal');
    const { streams } = this.commands;
    const contacts = {
      ...(await resolutionOf(streams, 'person', body.contacts?.person)),
      ...(await resolutionOf(streams, 'organization', body.contacts?.organization)),
    };
    const outcome = await this.commands.execute(LEAD, target, request, async (state, context) => {
      const command: ConvertToDeal = {
        type: 'ConvertToDeal',
        dealId,
        pipeline: await this.policies.recentPipeline(body.pipelineId),
        stageId: body.stageId ?? null,
        ...(body.title === undefined ? {} : { title: body.title }),
        ...(body.value === undefined ? {} : { value: money(body.value) }),
        ...(body.ownerId === undefined ? {} : { ownerId: body.ownerId }),
        visibility: body.visibility ?? 'everyone',
        expectedClose: body.expectedClose ?? null,
        contacts,
        duplicates: await likelyDuplicates(this.known, state, contacts),
      };
      const decision = decideLead(state, command, context);
      // A deal that is somebody else's cannot be opened afterwards, so it is looked for before the lead decides.
      if (decision.ok && (await streams.load(DEAL, dealId)).revision !== NO_STREAM) {
        return reject({ code: 'id-already-used', detail: 'There is a deal with this id.', data: null });
      }
      return decision;
    });
    const converted = outcome.events.find((event) => event.type === 'LeadConverted');
    if (converted === undefined) throw new Error(`a conversion of lead ${target} without LeadConverted`);
    const recorded = { ...converted, stream: LEAD.stream(target), position: outcome.position };
    const finished = await finishConversion(this.commands.streams, recorded, this.commands.deadlineMs);
    return {
      status: 201,
      body: {
        id: target,
        revision: outcome.revision,
        position: String(finished.deal.position),
        deal: { id: dealIdOf(converted.data), revision: finished.deal.revision },
        personId: finished.personId,
        organizationId: finished.organizationId,
      },
      location: `/v1/deals/${dealIdOf(converted.data)}`,
      replayed: outcome.replayed,
    };
  }
}

function dealIdOf(data: object): string {
  if (!('dealId' in data) || typeof data.dealId !== 'string') throw new Error('LeadConverted without dealId');
  return data.dealId;
}
