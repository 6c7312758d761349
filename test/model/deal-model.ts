import { corrected, type Correction } from './corrections.js';
import { detailed, type DetailCommand } from './deal-details.js';
import { after, isClosedBook, type ModelDeal, openedDeal, refused, type Result, unchanged } from './deal-state.js';
import { isSame, PIPELINES, type Place, stageAt } from './pipelines.js';
import type { Turn } from './turns.js';

/** Commands on one deal, and the steps that commands on two take on each. */
export type DealCommand =
  | { readonly name: 'move-stage'; readonly to: Place; readonly override: boolean }
  | { readonly name: 'switch-pipeline'; readonly pipeline: number; readonly stage?: number; readonly override: boolean }
  | { readonly name: 'change-value'; readonly value: string | null }
  | { readonly name: 'assign'; readonly owner: string }
  | { readonly name: 'win' | 'reopen' | 'void' }
  | { readonly name: 'lose' | 'record-churn'; readonly reason: string }
  | ({ readonly name: 'correct'; readonly revision: number } & Correction)
  | DetailCommand;

export type DealStep =
  | DealCommand
  | { readonly name: 'begin-merge' | 'end-merge' | 'abandon-merge'; readonly other: string }
  | { readonly name: 'begin-unmerge' | 'end-unmerge'; readonly other: string }
  | { readonly name: 'join' | 'refuse-to-join' | 'leave'; readonly survivor: string }
  | {
      readonly name: 'win-back';
      readonly id: string;
      readonly to: Place;
      readonly value?: string | null;
      /** The deal of the win-back before is voided. */
      readonly inVain: boolean;
    }
  | { readonly name: 'revert'; readonly lead: string };

export const LOSS_REASONS = ['price', 'competitor', 'no-budget', 'no-decision', 'timing', 'no-response', 'other'];
export const CHURN_REASONS = ['price', 'competitor', 'closed', 'seasonal', 'service', 'other'];

/** What the command does to the deal. */
export function applied(deal: ModelDeal, step: DealStep): Result<ModelDeal> {
  const turned = (type: string, kind: Exclude<Turn['kind'], 'opened' | 'moved' | 'switched'>, by = {}) =>
    after(deal, [type], by, { turn: { kind } });
  switch (step.name) {
    case 'move-stage':
      return moved(deal, step.to, step.override);
    case 'switch-pipeline':
      return switched(
        deal,
        { pipeline: step.pipeline, stage: step.stage ?? 0 },
        step.stage === undefined,
        step.override,
      );
    case 'change-value':
      return revalued(deal, step.value);
    case 'assign':
      if (isClosedBook(deal)) return refused('wrong-status');
      return step.owner === deal.owner ? unchanged(deal) : after(deal, ['DealAssigned'], { owner: step.owner });
    case 'win':
      if (deal.status !== 'open') return refused('wrong-status');
      return turned('DealWon', 'won', { loss: null, snoozed: null });
    case 'lose':
    case 'record-churn': {
      const [from, reasons] = step.name === 'lose' ? ['open', LOSS_REASONS] : ['won', CHURN_REASONS];
      const known = reasons.includes(step.reason);
      if (deal.status !== from) return refused('wrong-status', ...(known ? [] : ['unknown-reason']));
      if (!known) return refused('unknown-reason');
      if (step.name === 'lose') return turned('DealLost', 'lost', { loss: step.reason, snoozed: null });
      return turned('CustomerChurned', 'churned', { churn: step.reason });
    }
    case 'reopen':
      if (deal.status !== 'won' && deal.status !== 'lost') return refused('wrong-status');
      return turned('DealReopened', 'reopened', { loss: null });
    case 'void':
      if (deal.status === 'voided') return unchanged(deal);
      if (isClosedBook(deal)) return refused('wrong-status');
      return deal.merging ? refused('already-merged') : turned('DealVoided', 'voided');
    case 'revert': {
      const isNew = deal.status === 'open' && deal.visits.length === 1 && deal.merged.length === 0 && !deal.merging;
      return isNew && deal.lead === step.lead ? turned('DealVoided', 'voided') : refused('deal-moved-on');
    }
    case 'win-back':
      return wonBack(deal, step);
    case 'correct':
      return corrected(deal, step.revision, step);
    case 'begin-merge': {
      const obstacle = obstacleOf(deal);
      return obstacle ?? after(deal, ['MergeStarted'], { merging: true });
    }
    case 'end-merge':
      return after(deal, ['MergeCompleted'], { merging: false, merged: [...deal.merged, step.other] });
    case 'abandon-merge':
      return after(deal, ['MergeAbandoned'], { merging: false });
    case 'begin-unmerge':
      if (deal.merging) return refused('already-merged');
      if (!deal.merged.includes(step.other)) return refused('wrong-status');
      return after(deal, ['UnmergeStarted'], { merging: true });
    case 'end-unmerge': {
      const merged = deal.merged.filter((id) => id !== step.other);
      return after(deal, ['UnmergeCompleted'], { merging: false, merged });
    }
    case 'join':
      return obstacleOf(deal) ?? turned('DealMergedInto', 'merged', { mergedInto: step.survivor });
    case 'refuse-to-join':
      return obstacleOf(deal) === null ? refused('it could join') : after(deal, ['MergeRefused']);
    case 'leave':
      if (deal.mergedInto !== step.survivor) return refused('it hangs under another');
      return turned('DealUnmerged', 'unmerged', { mergedInto: null });
    default:
      return detailed(deal, step);
  }
}

/** Why the deal can neither be merged nor take another in; null: it can. */
export function obstacleOf({ status, merging }: ModelDeal): ReturnType<typeof refused> | null {
  if (status === 'merged' || (status === 'open' && merging)) return refused('already-merged');
  return status === 'open' ? null : refused('wrong-status');
}

function moved(deal: ModelDeal, to: Place, override: boolean): Result<ModelDeal> {
  if (deal.status !== 'open' && deal.status !== 'won') return refused('wrong-status');
  if (to.pipeline !== deal.place.pipeline) return refused('unknown-stage');
  const belongs = stageAt(to).kind === (deal.status === 'open' ? 'open' : 'post-sale');
  if (!belongs || deal.visits.at(-1)?.exit !== null) return refused('wrong-stage-kind');
  if (isSame(to, deal.place)) return refused('same-stage');
  const back = to.stage < deal.place.stage && PIPELINES[to.pipeline]?.stepsBack === false;
  return entering(deal, to, 'DealStageMoved', 'moved', back ? ['step-back-forbidden'] : [], override);
}

function switched(deal: ModelDeal, to: Place, anyStage: boolean, override: boolean): Result<ModelDeal> {
  if (deal.status !== 'open') return refused('wrong-status');
  if (to.pipeline === deal.place.pipeline) {
    return anyStage || isSame(to, deal.place) ? unchanged(deal) : refused('invalid-request');
  }
  if (stageAt(to).kind !== 'open') return refused('wrong-stage-kind');
  return entering(deal, to, 'DealPipelineSwitched', 'switched', [], override);
}

function entering(
  deal: ModelDeal,
  to: Place,
  type: string,
  kind: 'moved' | 'switched',
  forbidden: readonly string[],
  override: boolean,
): Result<ModelDeal> {
  const codes = [...forbidden, ...(meetsGate(to, deal) ? [] : ['gate-not-met'])];
  if (codes.length > 0 && !override) return refused(...codes);
  const types = codes.length > 0 ? ['GateOverridden', type] : [type];
  return after(deal, types, {}, { turn: { kind, to } });
}

/** Whether a deal with this may enter the stage. */
export function meetsGate(to: Place, { value, proposals }: Pick<ModelDeal, 'value' | 'proposals'>): boolean {
  const { gate } = stageAt(to);
  if (gate === 'value') return value !== null;
  return gate !== 'proposal' || Object.values(proposals).some(({ accepted }) => accepted !== null);
}

function revalued(deal: ModelDeal, value: string | null): Result<ModelDeal> {
  const codes = [
    ...(deal.status === 'open' ? [] : ['wrong-status']),
    ...(deal.items > 0 ? ['value-from-line-items'] : []),
    ...(value?.startsWith('-') ? ['negative-value'] : []),
  ];
  if (codes.length > 0) return refused(...codes);
  return value === deal.value ? unchanged(deal) : after(deal, ['DealValueChanged'], { value }, { value });
}

function wonBack(
  deal: ModelDeal,
  { id, to, value, inVain }: Extract<DealStep, { name: 'win-back' }>,
): Result<ModelDeal> {
  if (deal.status !== 'churned') return refused('wrong-status');
  if (deal.wonBackBy !== null && !inVain) return refused('already-won-back');
  if (stageAt(to).kind !== 'open') return refused('wrong-stage-kind');
  const worth = value === undefined ? deal.value : value;
  if (worth?.startsWith('-')) return refused('negative-value');
  if (!meetsGate(to, { value: worth, proposals: {} })) return refused('gate-not-met');
  return after(deal, ['CustomerWonBack'], { wonBackBy: id });
}

/** The deal that wins the customer of a churned one back. */
export function winBackDeal(churned: ModelDeal, id: string, to: Place, value?: string | null): ModelDeal {
  const { owner, labels, visibility } = churned;
  return openedDeal(to, {
    owner,
    labels,
    visibility,
    value: value === undefined ? churned.value : value,
    previous: id,
  });
}
