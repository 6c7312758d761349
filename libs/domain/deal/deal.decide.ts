import { decideActivity } from '../activity/activity.decide.js';
import type { CommandContext, Decision } from '../shared/decision.js';
import { accept } from '../shared/decision.js';
import { isNegative, sameMoney } from '../shared/money.js';
import type { ErasureCommand } from '../personal/erasure.commands.js';
import { decideErasure } from '../personal/erasure.decide.js';
import { occurrence, refuseFuture } from '../shared/occurrence.js';
import { idAlreadyUsed, negativeValue, notFound, wrongStatus } from '../shared/refusals.js';
import { loseDeal, reopenDeal, winDeal } from './deal.close.js';
import type { AddNote, AssignDeal, ChangeDealValue, DealCommand, OpenDeal } from './deal.commands.js';
import { correctDeal } from './deal.correct.js';
import type { DealEvent } from './deal.events.js';
import { attendDeal } from './deal.attention.js';
import { setLineItems, valueFromLineItems } from './deal.line-items.js';
import { abandonWinBack, recordChurn, winBackCustomer } from './deal.customer.js';
import { changeField } from './deal.fields.js';
import { mergeDeals, takeMergeStep, unmergeDeals } from './deal.merge.js';
import type { MergeStep } from './deal.merge-commands.js';
import { moveDealStage } from './deal.move.js';
import { linkFile } from './deal.file.js';
import { openDeal } from './deal.open.js';
import { decideProposal } from './deal.proposals.js';
import { relocateDeal } from './deal.relocate.js';
import { LIVING } from './deal.state.js';
import type { DealState } from './deal.state.js';
import { switchPipeline } from './deal.switch.js';
import { revertConversion, voidDeal } from './deal.void.js';

/** What a command does to a deal; `state` null: there is no such deal yet. */
export function decideDeal(
  state: DealState | null,
  command: DealCommand,
  context: CommandContext,
): Decision<DealEvent> {
  if (state !== null && isMergeStep(command)) return takeMergeStep(state, command, context);
  if (state !== null && command.type === 'AbandonWinBack') return abandonWinBack(state, command, context);
  if (isErasure(command)) return state === null ? notFound('deal') : decideErasure(command, context);
  const future = refuseFuture(context);
  if (future !== null) return future;
  if (command.type === 'OpenDeal') return state === null ? openDeal(command, context) : idAlreadyUsed('deal');
  return state === null ? notFound('deal') : change(state, command, context);
}

function isErasure(command: DealCommand): command is ErasureCommand {
  return command.type === 'RedactText' || command.type === 'EraseTexts';
}

function isMergeStep(command: DealCommand): command is MergeStep {
  return command.type === 'JoinSurvivor' || command.type === 'LeaveSurvivor' || command.type === 'EndMerge';
}

function change(
  state: DealState,
  command: Exclude<DealCommand, OpenDeal | ErasureCommand>,
  context: CommandContext,
): Decision<DealEvent> {
  switch (command.type) {
    case 'MoveDealStage':
      return moveDealStage(state, command, context);
    case 'WinDeal':
      return winDeal(state, command, context);
    case 'LoseDeal':
      return loseDeal(state, command, context);
    case 'RecordChurn':
      return recordChurn(state, command, context);
    case 'WinBackCustomer':
      return winBackCustomer(state, command, context);
    case 'AbandonWinBack':
      return abandonWinBack(state, command, context);
    case 'ReopenDeal':
      return reopenDeal(state, command, context);
    case 'SwitchPipeline':
      return switchPipeline(state, command, context);
    case 'RelocateDeal':
      return relocateDeal(state, command, context);
    case 'VoidDeal':
      return voidDeal(state, command, context);
    case 'MergeDeals':
      return mergeDeals(state, command, context);
    case 'UnmergeDeals':
      return unmergeDeals(state, command, context);
    case 'JoinSurvivor':
    case 'LeaveSurvivor':
    case 'EndMerge':
      return takeMergeStep(state, command, context);
    case 'CorrectDeal':
      return correctDeal(state, command, context);
    case 'RevertConversion':
      return revertConversion(state, command, context);
    case 'ChangeDealValue':
      return changeDealValue(state, command, context);
    case 'AssignDeal':
      return assignDeal(state, command, context);
    case 'AddNote':
      return addNote(state, command, context);
    case 'LinkFile':
      return linkFile(state, command, context);
    case 'PlanActivity':
    case 'RescheduleActivity':
    case 'CompleteActivity':
    case 'CancelActivity':
      if (!LIVING.includes(state.status)) return wrongStatus('deal', state.status, LIVING);
      return decideActivity(state.activities, command, context);
    case 'SetLineItems':
      return setLineItems(state, command, context);
    case 'RecordProposal':
    case 'AcceptProposal':
      return decideProposal(state, command, context);
    case 'LabelDeal':
    case 'LinkDealContact':
    case 'SetDealVisibility':
    case 'SetExpectedClose':
    case 'SetDealProbability':
    case 'SetForecastCategory':
    case 'ConfirmCriterion':
      return changeField(state, command, context);
    case 'SnoozeDeal':
    case 'WakeDeal':
    case 'KeepDealAlive':
    case 'LogInteraction':
      return attendDeal(state, command, context);
    default: {
      const unknown: never = command;
      throw new Error(`unknown command ${JSON.stringify(unknown)}`);
    }
  }
}

function changeDealValue(state: DealState, { value }: ChangeDealValue, context: CommandContext): Decision<DealEvent> {
  if (state.status !== 'open') return wrongStatus('deal', state.status, ['open']);
  if (state.lineItems.length > 0) return valueFromLineItems();
  if (isNegative(value)) return negativeValue();
  if (sameMoney(value, state.value)) return accept();
  const when = occurrence(context, state.last.value);
  return when.ok ? accept<DealEvent>({ type: 'DealValueChanged', data: { value }, occurredAt: when.at }) : when;
}

function assignDeal(state: DealState, { ownerId, teamId }: AssignDeal, context: CommandContext): Decision<DealEvent> {
  if (!LIVING.includes(state.status)) return wrongStatus('deal', state.status, LIVING);
  if (ownerId === state.ownerId && teamId === state.teamId) return accept();
  const when = occurrence(context, state.last.owner);
  return when.ok ? accept<DealEvent>({ type: 'DealAssigned', data: { ownerId, teamId }, occurredAt: when.at }) : when;
}

function addNote(state: DealState, { text }: AddNote, context: CommandContext): Decision<DealEvent> {
  if (!LIVING.includes(state.status)) return wrongStatus('deal', state.status, LIVING);
  const when = occurrence(context);
  return when.ok ? accept<DealEvent>({ type: 'NoteAdded', data: { text }, occurredAt: when.at }) : when;
}
