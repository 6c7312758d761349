import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { decideDeal } from '#domain/deal/deal.decide.js';
import { DEAL, OPENED_DEAL } from '../aggregate.js';
import { civilDateAt } from '../civil-today.js';
import { createdId, derivedId } from '../command-id.js';
import { CommandExecutor } from '../execute.js';
import { StreamPolicies } from '../policies.js';
import type { CommandRequest } from '../request.js';
import { answer, PipeledgerCommand, type CommandAnswer } from './command.js';
import { lineItem } from './line-items.handler.js';
import type { AcceptProposalBody, RecordProposalBody } from './proposal.bodies.js';

export class RecordProposalCommand extends PipeledgerCommand<RecordProposalBody> {}
export class AcceptProposalCommand extends PipeledgerCommand<AcceptProposalBody> {}

@CommandHandler(RecordProposalCommand)
export class RecordProposalHandler implements ICommandHandler<RecordProposalCommand> {
  constructor(
    private readonly commands: CommandExecutor,
    private readonly policies: StreamPolicies,
  ) {}

  async execute({ target, body, request }: RecordProposalCommand): Promise<CommandAnswer> {
    const proposalId = body.proposalId ?? createdId(request, 'proposal');
    const options = body.options.map(({ optionId, name, lineItems }, index) => ({
      optionId: optionId ?? derivedId('option', proposalId, String(index)),
      name: name ?? null,
      lineItems: lineItems.map(lineItem),
    }));
    const { validUntil = null } = body;
    const today = await civilToday(this.policies, request);
    const outcome = await this.commands.execute(OPENED_DEAL, target, request, async (state, context) => {
      const items = options.flatMap(({ lineItems }) => lineItems);
      const products = new Set((await this.policies.products(items.map(({ productId }) => productId))).keys());
      return decideDeal(state, { type: 'RecordProposal', proposalId, options, validUntil, today, products }, context);
    });
    return answer(outcome, { proposalId, optionIds: options.map(({ optionId }) => optionId) });
  }
}

@CommandHandler(AcceptProposalCommand)
export class AcceptProposalHandler implements ICommandHandler<AcceptProposalCommand> {
  constructor(
    private readonly commands: CommandExecutor,
    private readonly policies: StreamPolicies,
  ) {}

  async execute({ target, body: { proposalId, optionId }, request }: AcceptProposalCommand): Promise<CommandAnswer> {
    const today = await civilToday(this.policies, request);
    const outcome = await this.commands.execute(DEAL, target, request, (state, context) =>
      decideDeal(state, { type: 'AcceptProposal', proposalId, optionId, today }, context),
    );
    return answer(outcome);
  }
}

/** Of the organisation, when it happened. */
async function civilToday(policies: StreamPolicies, { occurredAt }: CommandRequest): Promise<string> {
  return civilDateAt(occurredAt ?? Date.now(), (await policies.settings()).timeZone);
}

export const PROPOSAL_HANDLERS = [RecordProposalHandler, AcceptProposalHandler];
