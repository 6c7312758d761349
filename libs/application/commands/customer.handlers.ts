import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { NO_STREAM } from '#event-store/port.js';
import type { WinBackCustomer } from '#domain/deal/deal.customer-commands.js';
import type { CustomerWonBack } from '#domain/deal/deal.customer-events.js';
import { decideDeal } from '#domain/deal/deal.decide.js';
import { idAlreadyUsed } from '#domain/shared/refusals.js';
import { DEAL } from '../aggregate.js';
import { createdId } from '../command-id.js';
import { CommandExecutor } from '../execute.js';
import { StreamPolicies } from '../policies.js';
import { answer, PipeledgerCommand, type CommandAnswer } from './command.js';
import type { RecordChurnBody, WinBackCustomerBody } from './customer.bodies.js';
import { money } from './values.js';
import { finishWinBack } from './win-back.js';

export class RecordChurnCommand extends PipeledgerCommand<RecordChurnBody> {}
/** On the churned deal. */
export class WinBackCustomerCommand extends PipeledgerCommand<WinBackCustomerBody> {}

@CommandHandler(RecordChurnCommand)
export class RecordChurnHandler implements ICommandHandler<RecordChurnCommand> {
  constructor(
    private readonly commands: CommandExecutor,
    private readonly policies: StreamPolicies,
  ) {}

  async execute({ target, body: { reason }, request }: RecordChurnCommand): Promise<CommandAnswer> {
    const settings = await this.policies.settings();
    const outcome = await this.commands.execute(DEAL, target, request, (state, context) =>
      decideDeal(state, { type: 'RecordChurn', reason, settings }, context),
    );
    return answer(outcome);
  }
}

/** The churned deal decides, once and for ever; then the new deal follows from the event. A replay completes it. */
@CommandHandler(WinBackCustomerCommand)
export class WinBackCustomerHandler implements ICommandHandler<WinBackCustomerCommand> {
  constructor(
    private readonly commands: CommandExecutor,
    private readonly policies: StreamPolicies,
  ) {}

  async execute({ target, body, request }: WinBackCustomerCommand): Promise<CommandAnswer> {
    const newDealId = body.dealId ?? createdId(request, 'deal');
    const { streams, deadlineMs } = this.commands;
    const outcome = await this.commands.execute(DEAL, target, request, async (state, context) => {
      const before = state?.wonBackBy ?? null;
      const command: WinBackCustomer = {
        type: 'WinBackCustomer',
        dealId: newDealId,
        pipeline: await this.policies.recentPipeline(body.pipelineId),
        stageId: body.stageId ?? null,
        ...(body.value === undefined ? {} : { value: money(body.value) }),
        // A deal that is voided stays so: whatever happens meanwhile, this remains true.
        inVain: before !== null && (await streams.load(DEAL, before)).state?.status === 'voided',
      };
      const decision = decideDeal(state, command, context);
      // A deal that is somebody else's cannot be opened afterwards, so it is looked for before the churned one decides.
      const taken = decision.ok && (await streams.load(DEAL, newDealId)).revision !== NO_STREAM;
      return taken ? idAlreadyUsed('deal') : decision;
    });
    const wonBack = outcome.events.find((event) => event.type === 'CustomerWonBack');
    if (wonBack === undefined) throw new Error(`a win-back of deal ${target} without CustomerWonBack`);
    // The name of the event says what it carries.
    const { dealId } = wonBack.data as unknown as CustomerWonBack['data'];
    const recorded = { ...wonBack, stream: DEAL.stream(target), position: outcome.position };
    const deal = await finishWinBack(streams, recorded, deadlineMs);
    return {
      status: 201,
      body: {
        id: target,
        revision: outcome.revision,
        position: String(deal.position),
        deal: { id: dealId, revision: deal.revision },
      },
      location: `/v1/deals/${dealId}`,
      replayed: outcome.replayed,
    };
  }
}

export const CUSTOMER_HANDLERS = [RecordChurnHandler, WinBackCustomerHandler];
