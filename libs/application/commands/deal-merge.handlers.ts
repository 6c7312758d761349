import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { decideDeal } from '#domain/deal/deal.decide.js';
import { refusal } from '#domain/deal/deal.merge.js';
import type { DealState } from '#domain/deal/deal.state.js';
import { DEAL } from '../aggregate.js';
import { createdId } from '../command-id.js';
import { CommandRejected } from '../errors.js';
import { CommandExecutor, type Outcome } from '../execute.js';
import { answer, PipeledgerCommand, type CommandAnswer } from './command.js';
import { beginsDealMerge, finishDealMerge } from './deal-merge.js';
import type { MergeDealsBody } from './deal-merge.bodies.js';

/** On the survivor. */
export class MergeDealsCommand extends PipeledgerCommand<MergeDealsBody> {}
export class UnmergeDealsCommand extends PipeledgerCommand<MergeDealsBody> {}

/** The survivor begins, the other decides, the survivor ends. A replay completes what is missing. */
@CommandHandler(MergeDealsCommand)
export class MergeDealsHandler implements ICommandHandler<MergeDealsCommand> {
  constructor(private readonly commands: CommandExecutor) {}

  execute(command: MergeDealsCommand): Promise<CommandAnswer> {
    return run(this.commands, command, 'MergeDeals');
  }
}

@CommandHandler(UnmergeDealsCommand)
export class UnmergeDealsHandler implements ICommandHandler<UnmergeDealsCommand> {
  constructor(private readonly commands: CommandExecutor) {}

  execute(command: UnmergeDealsCommand): Promise<CommandAnswer> {
    return run(this.commands, command, 'UnmergeDeals');
  }
}

async function run(
  commands: CommandExecutor,
  { target, body: { otherDealId }, request }: MergeDealsCommand | UnmergeDealsCommand,
  type: 'MergeDeals' | 'UnmergeDeals',
): Promise<CommandAnswer> {
  const { streams } = commands;
  await finishPending(commands, target);
  const mergeId = createdId(request, 'merge');
  const outcome = await commands.execute(DEAL, target, request, async (state, context) => {
    const { state: other } = await streams.load(DEAL, otherDealId);
    return decideDeal(state, { type, mergeId, otherDealId, other }, context);
  });
  return finished(commands, outcome);
}

async function finished(commands: CommandExecutor, outcome: Outcome<DealState>): Promise<CommandAnswer> {
  const started = outcome.events.find(beginsDealMerge);
  if (started === undefined) return answer(outcome);
  const { streams, deadlineMs } = commands;
  const { refused, revision, position } = await finishDealMerge(streams, outcome.id, started, deadlineMs);
  if (refused !== null) throw new CommandRejected(refusal('other deal', refused).rejection);
  return answer({ ...outcome, revision, position });
}

/** A merge that another command of the survivor has begun and not ended, if its process died, would only be in the way. */
async function finishPending({ streams, deadlineMs }: CommandExecutor, survivorId: string): Promise<void> {
  const { state } = await streams.load(DEAL, survivorId);
  if (state === null || state.pendingMerge === null) return;
  const { mergeId } = state.pendingMerge;
  const events = await streams.events.readStream(DEAL.stream(survivorId));
  const started = events.find((event) => beginsDealMerge(event) && event.data['mergeId'] === mergeId);
  if (started !== undefined) await finishDealMerge(streams, survivorId, started, deadlineMs);
}

export const DEAL_MERGE_HANDLERS = [MergeDealsHandler, UnmergeDealsHandler];
