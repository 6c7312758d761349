import fc from 'fast-check';
import type { DealCommand } from './deal-model.js';
import type { LeadCommand } from './lead-model.js';
import type { Place } from './pipelines.js';

/** A command, legal or not, on one of the deals or leads that there are when its turn comes (modulo their number). */
export type Wish =
  | { readonly on: 'opening'; readonly pipeline: number }
  | { readonly on: 'deal'; readonly at: number; readonly command: DealCommand }
  | { readonly on: 'pair'; readonly at: number; readonly other: number; readonly name: 'merge' | 'unmerge' }
  | { readonly on: 'customer' | 'conversion'; readonly at: number; readonly to: Place; readonly value?: string | null }
  | { readonly on: 'lead'; readonly at: number; readonly command: LeadCommand }
  | { readonly on: 'reversion'; readonly at: number };

const place: fc.Arbitrary<Place> = fc.oneof(
  fc.record({ pipeline: fc.constant(0), stage: fc.nat(4) }),
  fc.record({ pipeline: fc.constant(1), stage: fc.nat(2) }),
);
const value = fc.constantFrom(null, '100.00', '250.50', '0.00', '-1.00');
const owner = fc.constantFrom('u-0', 'u-1', 'u-2');
const label = fc.record({
  name: fc.constant('label' as const),
  label: fc.constantFrom('hot', 'export'),
  remove: fc.boolean(),
});
const activity = fc.constantFrom('1', '2');
const dueAt = fc.constantFrom('2099-01-01T09:00:00.000Z', '2099-02-01T09:00:00.000Z');
const proposal = fc.constantFrom('a', 'b');
const constant = <const T>(...values: readonly T[]): fc.Arbitrary<T> => fc.constantFrom(...values);
const named = <Name extends string, Rest extends object>(
  name: Name,
  rest: { [K in keyof Rest]: fc.Arbitrary<Rest[K]> },
) => fc.record(rest).map((given) => ({ name, ...given }));

const corrections: fc.Arbitrary<DealCommand> = fc
  .tuple(
    fc.nat(20),
    fc.oneof(
      fc.constant({ field: 'withdrawn' as const, value: true as const }),
      place.map((to) => ({ field: 'toStageId' as const, value: to })),
      value.map((right) => ({ field: 'value' as const, value: right })),
    ),
  )
  .map(([revision, correction]) => ({ name: 'correct', revision, ...correction }));

/** What needs something that is there first comes more often. */
const followUps: fc.Arbitrary<DealCommand> = fc.oneof(
  named('accept-proposal', { proposal, option: fc.nat(1) }),
  named('reschedule-activity', { activity, dueAt }),
  named('complete-activity', { activity }),
  named('cancel-activity', { activity }),
  constant('wake', 'keep-alive').map((name) => ({ name })),
);

const details: fc.Arbitrary<DealCommand> = fc.oneof(
  named('set-line-items', { items: fc.nat(2) }),
  named('record-proposal', { proposal, options: fc.integer({ min: 1, max: 2 }) }),
  label,
  named('set-visibility', { visibility: constant('owner', 'everyone') }),
  named('set-expected-close', { expectedClose: constant(null, '2099-06-30') }),
  named('set-probability', { probability: constant(null, 0.25) }),
  named('set-forecast-category', { category: constant(null, 'commit') }),
  named('confirm-criterion', { criterion: constant('budget', 'need') }),
  named('snooze', { until: constant('2099-05-01T00:00:00.000Z', '2099-06-01T00:00:00.000Z') }),
  constant('add-note', 'log-interaction').map((name) => ({ name })),
  named('link-file', { file: constant('contract', 'offer') }),
  named('plan-activity', { activity, dueAt }),
);

export const dealCommands: fc.Arbitrary<DealCommand> = fc.oneof(
  { weight: 8, arbitrary: named('move-stage', { to: place, override: fc.boolean() }) },
  {
    weight: 3,
    arbitrary: fc.oneof(
      named('switch-pipeline', { pipeline: fc.nat(1), override: fc.boolean() }),
      fc
        .tuple(place, fc.boolean())
        .map(([{ pipeline, stage }, override]) => ({ name: 'switch-pipeline' as const, pipeline, stage, override })),
    ),
  },
  { weight: 3, arbitrary: named('change-value', { value }) },
  { weight: 1, arbitrary: named('assign', { owner }) },
  { weight: 12, arbitrary: constant('win', 'win', 'reopen', 'reopen').map((name) => ({ name })) },
  { weight: 2, arbitrary: named('lose', { reason: constant('price', 'other', 'weather') }) },
  { weight: 4, arbitrary: named('record-churn', { reason: constant('service', 'price', 'weather') }) },
  { weight: 1, arbitrary: fc.constant({ name: 'void' as const }) },
  { weight: 8, arbitrary: corrections },
  { weight: 14, arbitrary: details },
  { weight: 12, arbitrary: followUps },
);

export const leadCommands: fc.Arbitrary<LeadCommand> = fc.oneof(
  named('edit', { value }),
  named('assign', { owner }),
  label,
  { weight: 5, arbitrary: named('qualify', { complete: constant(true, true, false) }) },
  named('disqualify', { reason: constant('bad-fit', 'weather') }),
  named('nurture', { followUpOn: constant('2099-01-01', '2099-02-01', '2001-01-01') }),
  constant('add-note', 'record-engagement').map((name) => ({ name })),
  constant('archive', 'reopen', 'reopen').map((name) => ({ name })),
);

const at = fc.nat(11);
const worth = fc.option(value, { nil: undefined });
const making = (on: 'customer' | 'conversion') =>
  fc
    .tuple(at, place, worth)
    .map(([which, to, given]) => ({ on, at: which, to, ...(given === undefined ? {} : { value: given }) }));

/** Commands in any order. */
export const wishes: fc.Arbitrary<Wish> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ on: fc.constant('opening' as const), pipeline: fc.nat(1) }) },
  { weight: 40, arbitrary: fc.record({ on: fc.constant('deal' as const), at, command: dealCommands }) },
  {
    weight: 5,
    arbitrary: fc.record({
      on: fc.constant('pair' as const),
      at,
      other: at,
      name: constant('merge', 'unmerge', 'unmerge'),
    }),
  },
  { weight: 3, arbitrary: making('customer') },
  { weight: 6, arbitrary: fc.record({ on: fc.constant('lead' as const), at, command: leadCommands }) },
  { weight: 4, arbitrary: making('conversion') },
  { weight: 2, arbitrary: fc.record({ on: fc.constant('reversion' as const), at }) },
);
