import fc from 'fast-check';
import type { DealOpened } from '#domain/deal/deal.events.js';
import { ATTENTION_OPS } from './attentions.js';
import type { AttentionOp } from './attentions.js';
import type { Money } from '#domain/shared/money.js';

/** A pipeline that generated deals live in; ranks count on over the post-sale stages. */
export interface PlayPipeline {
  readonly id: string;
  readonly open: readonly string[];
  readonly postSale: readonly string[];
}

export const PLAY_PIPELINES: readonly [PlayPipeline, PlayPipeline, PlayPipeline] = [
  {
    id: 'new-business',
    open: ['prospecting', 'demo', 'proposal', 'negotiation'],
    postSale: ['onboarding', 'referral'],
  },
  { id: 'renewals', open: ['notice', 'offer'], postSale: [] },
  { id: 'services', open: ['asked'], postSale: ['kept'] },
];

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
export const START = Date.parse('2026-01-05T09:00:00.000Z');

export type DealOp =
  | 'move'
  | 'move-overridden'
  | 'value'
  | 'assign'
  | 'win'
  | 'lose'
  | 'reopen'
  | 'relocate'
  | 'switch'
  | 'churn'
  | 'win-back'
  | 'void'
  | 'merge'
  | 'unmerge'
  | 'take-in'
  | 'correct'
  | 'correct-move'
  | 'note'
  | 'file'
  | 'plan'
  | 'reschedule'
  | 'complete'
  | 'cancel'
  | AttentionOp
  | 'items'
  | 'propose'
  | 'accept'
  | 'unknown';

export interface Step {
  readonly op: DealOp;
  readonly pick: number;
  /** Time that goes by before the step is recorded. */
  readonly wait: number;
  /** How long before its recording it happened; negative: ahead of the clock; null: the default of the write side. */
  readonly back: number | null;
  readonly import: boolean;
}

export interface Opening {
  readonly start: number;
  readonly back: number;
  readonly pipeline: PlayPipeline;
  readonly stage: number;
  readonly value: Money | null;
  readonly owner: number;
  readonly visibility: DealOpened['data']['visibility'];
  readonly probability: number | null;
  readonly labels: readonly string[];
  readonly products: readonly string[];
  readonly expectedClose: string | null;
  readonly source: string | null;
  readonly personId: string | null;
  readonly organizationId: string | null;
}

export const OWNERS = [
  { ownerId: 'u-1', teamId: 'north' },
  { ownerId: 'u-2', teamId: 'north' },
  { ownerId: 'u-3', teamId: null },
] as const;

const DEAL_OPS: readonly DealOp[] = [
  ...(['move', 'move', 'move', 'move-overridden', 'value', 'assign', 'win', 'lose'] as const),
  ...([
    'reopen',
    'reopen',
    'relocate',
    'switch',
    'churn',
    'win-back',
    'void',
    'merge',
    'unmerge',
    'unmerge',
    'take-in',
    'correct',
    'correct-move',
    'correct-move',
    'note',
    'note',
    'file',
    'unknown',
  ] as const),
  ...(['plan', 'plan', 'plan', 'reschedule', 'complete', 'cancel'] as const),
  ...(['snooze', 'wake', 'items', 'propose', 'accept'] as const),
  ...ATTENTION_OPS,
];

export const VALUES: readonly (Money | null)[] = [
  null,
  { amount: '100.00', currency: 'EUR' },
  { amount: '2500.50', currency: 'EUR' },
  { amount: '9000', currency: 'JPY' },
];

/** What a life is tried to be; what the rules forbid at the time is passed over. */
export const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.record({
    op: fc.constantFrom(...DEAL_OPS),
    pick: fc.nat(11),
    wait: fc.constantFrom(0, 0, 1, MINUTE, HOUR, DAY, 9 * DAY),
    back: fc.constantFrom(null, null, 0, 1, MINUTE, HOUR, 3 * DAY, 40 * DAY, -MINUTE),
    import: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
  }),
  { maxLength: 18 },
);

export const openings: fc.Arbitrary<Opening> = fc.record({
  start: fc.constantFrom(0, 0, HOUR, 2 * DAY, 30 * DAY),
  back: fc.constantFrom(0, 0, HOUR, 60 * DAY, -MINUTE),
  pipeline: fc.constantFrom(...PLAY_PIPELINES),
  stage: fc.nat(3),
  value: fc.constantFrom(...VALUES),
  owner: fc.nat(2),
  visibility: fc.constantFrom('owner', 'team', 'everyone'),
  probability: fc.constantFrom(null, null, 0, 0.3333, 1),
  labels: fc.constantFrom([], ['hot'], ['hot', 'export']),
  products: fc.constantFrom([], ['p-1'], ['p-2', 'p-1', 'p-2']),
  expectedClose: fc.constantFrom(null, '2026-03-31'),
  source: fc.constantFrom(null, 'website'),
  personId: fc.constantFrom(null, 'person-1'),
  organizationId: fc.constantFrom(null, 'organization-1'),
});
