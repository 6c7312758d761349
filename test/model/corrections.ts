import { after, isClosedBook, type ModelDeal, refused, type Result, unchanged } from './deal-state.js';
import { isSame, type Place, stageAt } from './pipelines.js';
import { type Happening, retold, standingAfter } from './turns.js';

/** What is put right of one event. */
export type Correction =
  | { readonly field: 'value'; readonly value: string | null }
  | { readonly field: 'toStageId'; readonly value: Place }
  | { readonly field: 'withdrawn'; readonly value: true };

const CORRECTED = ['DealCorrected'];

export function corrected(deal: ModelDeal, revision: number, correction: Correction): Result<ModelDeal> {
  if (isClosedBook(deal)) return refused('wrong-status');
  const wrong = deal.log[revision];
  if (wrong === undefined || wrong.gone === true) return refused('unknown-revision');
  if (correction.field === 'value') return withValue(deal, revision, wrong, correction.value);
  if (wrong.turn?.kind !== 'moved') return refused('invalid-request');
  if (correction.field === 'toStageId') return restaged(deal, revision, wrong.turn.to, correction.value);
  const next = deal.log.find(({ turn, gone }, index) => index > revision && turn !== undefined && gone !== true);
  if (next !== undefined && next.turn?.kind !== 'moved' && next.turn?.kind !== 'switched')
    return refused('out-of-order');
  return retelling(deal, revision, null);
}

function withValue(deal: ModelDeal, revision: number, wrong: Happening, value: string | null): Result<ModelDeal> {
  if (wrong.type !== 'DealOpened' && wrong.type !== 'DealValueChanged') return refused('invalid-request');
  if (value?.startsWith('-')) return refused('negative-value');
  if (wrong.value === value) return unchanged(deal);
  const log = deal.log.with(revision, { ...wrong, value });
  const isLast = !deal.log.some((happening, index) => index > revision && happening.value !== undefined);
  return after({ ...deal, log }, CORRECTED, isLast ? { value } : {});
}

function restaged(deal: ModelDeal, revision: number, was: Place, to: Place): Result<ModelDeal> {
  if (isSame(was, to)) return unchanged(deal);
  if (was.pipeline !== to.pipeline) return refused('unknown-stage');
  const before = standingAfter(deal.log.slice(0, revision));
  if (isSame(before.place, to)) return refused('same-stage');
  if (stageAt(to).kind !== (before.status === 'open' ? 'open' : 'post-sale')) return refused('wrong-stage-kind');
  return retelling(deal, revision, to);
}

function retelling(deal: ModelDeal, revision: number, to: Place | null): Result<ModelDeal> {
  const log = retold(deal.log, revision, to);
  return log === null ? refused('out-of-order') : after({ ...deal, log }, CORRECTED);
}
