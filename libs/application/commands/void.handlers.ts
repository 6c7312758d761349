import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { accept } from '#domain/shared/decision.js';
import { wrongStatus } from '#domain/shared/refusals.js';
import type { RecordedEvent } from '#event-store/event.js';
import { decideDeal } from '#domain/deal/deal.decide.js';
import { DEAL, LEAD } from '../aggregate.js';
import { NotFound } from '../errors.js';
import { CommandExecutor } from '../execute.js';
import { answer, PipeledgerCommand, type CommandAnswer } from './command.js';
import { finishConversion } from './conversion.js';
import { finishReversion, leadTakenBack } from './reversion.js';
import type { RevertConversionBody, VoidDealBody } from './void.bodies.js';

export class VoidDealCommand extends PipeledgerCommand<VoidDealBody> {}
/** On the lead. */
export class RevertConversionCommand extends PipeledgerCommand<RevertConversionBody> {}

@CommandHandler(VoidDealCommand)
export class VoidDealHandler implements ICommandHandler<VoidDealCommand> {
  constructor(private readonly commands: CommandExecutor) {}

  async execute({ target, body: { reason }, request }: VoidDealCommand): Promise<CommandAnswer> {
    const outcome = await this.commands.execute(DEAL, target, request, (state, context) =>
      decideDeal(state, { type: 'VoidDeal', reason }, context),
    );
    return answer(outcome);
  }
}

/** The deal decides, once and for ever; then the lead is told. A replay completes what is missing. */
@CommandHandler(RevertConversionCommand)
export class RevertConversionHandler implements ICommandHandler<RevertConversionCommand> {
  constructor(private readonly commands: CommandExecutor) {}

  async execute({ target, body: { reason }, request }: RevertConversionCommand): Promise<CommandAnswer> {
    const lead = await this.commands.execute(LEAD, target, request, (state) => {
      if (state === null) throw new NotFound();
      return state.status === 'converted' ? accept() : wrongStatus('lead', state.status, ['converted']);
    });
    if (lead.replayed || lead.state.dealId === null) return answer(lead);
    const { dealId } = lead.state;
    await this.#opened(target);
    const { ifMatch: _ofTheLead, ...onDeal } = request;
    await this.commands.execute(DEAL, dealId, onDeal, (state, context) =>
      decideDeal(state, { type: 'RevertConversion', leadId: target, reason }, context),
    );
    const voided = await this.#voiding(dealId, target);
    return answer(await finishReversion(this.commands.streams, dealId, target, voided, this.commands.deadlineMs));
  }

  /** A conversion that is not finished yet is finished first: there is no deal otherwise that could decide. */
  async #opened(leadId: string): Promise<void> {
    const { streams, deadlineMs } = this.commands;
    const events = await streams.events.readStream(LEAD.stream(leadId));
    const converted = events.findLast(({ type }) => type === 'LeadConverted');
    if (converted !== undefined) await finishConversion(streams, converted, deadlineMs);
  }

  /** The event that took the conversion back: of this command, or of another one that was not finished. */
  async #voiding(dealId: string, leadId: string): Promise<RecordedEvent> {
    const events = await this.commands.streams.events.readStream(DEAL.stream(dealId));
    const voided = events.find((event) => leadTakenBack(event) === leadId);
    if (voided === undefined) throw new Error(`deal ${dealId} is voided for lead ${leadId} by no event`);
    return voided;
  }
}

export const VOID_HANDLERS = [VoidDealHandler, RevertConversionHandler];
