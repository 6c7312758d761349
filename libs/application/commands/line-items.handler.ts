import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { decideDeal } from '#domain/deal/deal.decide.js';
import type { LineItem } from '#domain/deal/deal.events.js';
import { DEAL } from '../aggregate.js';
import { CommandExecutor } from '../execute.js';
import { StreamPolicies } from '../policies.js';
import { answer, PipeledgerCommand, type CommandAnswer } from './command.js';
import type { LineItemBody, SetLineItemsBody } from './deal.bodies.js';
import { money } from './values.js';

export class SetLineItemsCommand extends PipeledgerCommand<SetLineItemsBody> {}

export function lineItem({ productId, quantity, unitPrice, discount, tax }: LineItemBody): LineItem {
  const item = { productId, quantity, unitPrice: money(unitPrice), discount: discount ?? 0 };
  return tax === null || tax === undefined ? item : { ...item, tax };
}

@CommandHandler(SetLineItemsCommand)
export class SetLineItemsHandler implements ICommandHandler<SetLineItemsCommand> {
  constructor(
    private readonly commands: CommandExecutor,
    private readonly policies: StreamPolicies,
  ) {}

  async execute({ target, body, request }: SetLineItemsCommand): Promise<CommandAnswer> {
    const lineItems = body.lineItems.map(lineItem);
    const outcome = await this.commands.execute(DEAL, target, request, async (state, context) => {
      const products = await this.policies.products(lineItems.map(({ productId }) => productId));
      return decideDeal(state, { type: 'SetLineItems', lineItems, products: new Set(products.keys()) }, context);
    });
    return answer(outcome);
  }
}
