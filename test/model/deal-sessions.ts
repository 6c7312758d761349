import fc from 'fast-check';
import type { Command } from './deal-model.js';

/** A session's activities; their ids on the wire are made of the deal's. */
const ACTIVITIES = ['1', '2', '3'];
const DUE = ['2099-01-01T09:00:00.000Z', '2099-02-01T09:00:00.000Z'];

const activity = fc.constantFrom(...ACTIVITIES);
const dueAt = fc.constantFrom(...DUE);

/** Commands in any order, legal or not. */
export const commands: fc.Arbitrary<Command> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      name: fc.constant('move-stage' as const),
      to: fc.integer({ min: 0, max: 3 }),
      override: fc.boolean(),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      name: fc.constant('change-value' as const),
      value: fc.constantFrom(null, '100.00', '250.50', '0.00', '-1.00'),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ name: fc.constant('assign' as const), owner: fc.constantFrom('u-0', 'u-1', 'u-2') }),
  },
  { weight: 2, arbitrary: fc.constant<Command>({ name: 'win' }) },
  {
    weight: 2,
    arbitrary: fc.record({ name: fc.constant('lose' as const), reason: fc.constantFrom('price', 'other', 'weather') }),
  },
  { weight: 4, arbitrary: fc.constant<Command>({ name: 'reopen' }) },
  { weight: 2, arbitrary: fc.constant<Command>({ name: 'add-note' }) },
  { weight: 3, arbitrary: fc.record({ name: fc.constant('plan-activity' as const), activity, dueAt }) },
  { weight: 2, arbitrary: fc.record({ name: fc.constant('reschedule-activity' as const), activity, dueAt }) },
  {
    weight: 2,
    arbitrary: fc.record({ name: fc.constantFrom('complete-activity' as const, 'cancel-activity' as const), activity }),
  },
  { weight: 1, arbitrary: fc.constant<Command>({ name: 'void' }) },
);
