import type { DealAttentionEvent } from '#domain/deal/deal.attention-events.js';
import type { DealFieldEvent } from '#domain/deal/deal.field-events.js';

const DAY = 86_400_000;

export const ATTENTION_OPS = [
  'label',
  'unlabel',
  'visibility',
  'expected-close',
  'probability',
  'category',
  'contact',
  'criterion',
  'snooze',
  'wake',
  'keep-alive',
  'interaction',
] as const;
export type AttentionOp = (typeof ATTENTION_OPS)[number];

export function isAttentionOp(op: string): op is AttentionOp {
  return ATTENTION_OPS.some((known) => known === op);
}

/** What somebody does with a generated deal that is open. `clock`: when it is recorded; a snooze ends later. */
export function attention(op: AttentionOp, pick: number, clock: number): DealFieldEvent | DealAttentionEvent {
  const odd = pick % 2 === 1;
  switch (op) {
    case 'label':
      return { type: 'DealLabelled', data: { added: [odd ? 'hot' : `label ${pick}`], removed: [] } };
    case 'unlabel':
      return { type: 'DealLabelled', data: { added: [], removed: [odd ? 'hot' : 'export'] } };
    case 'visibility':
      return { type: 'DealVisibilitySet', data: { visibility: odd ? 'team' : pick % 4 === 0 ? 'owner' : 'everyone' } };
    case 'expected-close':
      return { type: 'ExpectedCloseSet', data: { expectedClose: odd ? `2026-04-${10 + pick}` : null } };
    case 'probability':
      return { type: 'DealProbabilitySet', data: { probability: odd ? 0.25 : null } };
    case 'category':
      return { type: 'ForecastCategorySet', data: { forecastCategory: odd ? 'commit' : null } };
    case 'contact': {
      const kind = odd ? 'person' : 'organization';
      const contact = { kind, id: `${kind}-${pick}`, role: pick % 3 === 0 ? 'primary' : 'contact' } as const;
      return { type: 'DealContactLinked', data: { contacts: [contact] } };
    }
    case 'criterion':
      return { type: 'CriterionConfirmed', data: { criterion: odd ? 'need' : 'budget', facts: 'said so' } };
    case 'snooze':
      return { type: 'DealSnoozed', data: { until: new Date(clock + (pick + 1) * DAY).toISOString() } };
    case 'wake':
      return { type: 'DealWoken', data: {} };
    case 'keep-alive':
      return { type: 'DealKeptAlive', data: { reason: odd ? 'budget in May' : null } };
    case 'interaction': {
      const data = { kind: 'email', direction: odd ? 'in' : 'out', subject: 'Offer', text: null, with: [] } as const;
      return { type: 'InteractionLogged', data };
    }
  }
}
