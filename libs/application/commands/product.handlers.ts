import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { decideProduct, type ProductCommand } from '#domain/product/product.decide.js';
import type { ProductState } from '#domain/product/product.state.js';
import { PRODUCT } from '../aggregate.js';
import { createdId } from '../command-id.js';
import { CommandExecutor, type Outcome } from '../execute.js';
import { answer, created, PipeledgerCommand, type CommandAnswer } from './command.js';
import type { AddProductBody, RepriceProductBody, RetireProductBody } from './product.bodies.js';
import { money } from './values.js';

export class AddProductCommand extends PipeledgerCommand<AddProductBody> {}
export class RepriceProductCommand extends PipeledgerCommand<RepriceProductBody> {}
export class RetireProductCommand extends PipeledgerCommand<RetireProductBody> {}

function run(
  commands: CommandExecutor,
  { request }: PipeledgerCommand<object>,
  id: string,
  command: ProductCommand,
): Promise<Outcome<ProductState>> {
  return commands.execute(PRODUCT, id, request, (state, context) => decideProduct(state, command, context));
}

@CommandHandler(AddProductCommand)
export class AddProductHandler implements ICommandHandler<AddProductCommand> {
  constructor(private readonly commands: CommandExecutor) {}

  async execute(command: AddProductCommand): Promise<CommandAnswer> {
    const { name, category, focus, prices } = command.body;
    const id = command.id ?? createdId(command.request, 'product');
    const outcome = await run(this.commands, command, id, {
      type: 'AddProduct',
      id,
      name,
      category: category ?? null,
      focus: focus ?? 'primary',
      prices: (prices ?? []).map((price) => money(price)),
    });
    return created(outcome, `/v1/products/${id}`);
  }
}

@CommandHandler(RepriceProductCommand)
export class RepriceProductHandler implements ICommandHandler<RepriceProductCommand> {
  constructor(private readonly commands: CommandExecutor) {}

  async execute(command: RepriceProductCommand): Promise<CommandAnswer> {
    const prices = command.body.prices.map((price) => money(price));
    return answer(await run(this.commands, command, command.target, { type: 'RepriceProduct', prices }));
  }
}

@CommandHandler(RetireProductCommand)
export class RetireProductHandler implements ICommandHandler<RetireProductCommand> {
  constructor(private readonly commands: CommandExecutor) {}

  async execute(command: RetireProductCommand): Promise<CommandAnswer> {
    return answer(await run(this.commands, command, command.target, { type: 'RetireProduct' }));
  }
}

export const PRODUCT_HANDLERS = [AddProductHandler, RepriceProductHandler, RetireProductHandler];
