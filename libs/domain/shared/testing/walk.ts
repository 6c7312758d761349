import fc from 'fast-check';
import type { Actor, CommandContext, Decision, DomainEvent, EpochMs, Recorded } from '../decision.js';
import type { Decider } from './given.js';
import { ADA, DAY, IMPORT, REACTOR, START } from './given.js';

/** A command and its circumstances: how long after the step before, and how long ago it happened, if that is said. */
export interface Step<C> {
  readonly command: C;
  readonly wait: EpochMs;
  readonly ago: EpochMs | null;
  readonly actor: Actor;
  readonly mayOverride: boolean;
}

export interface Taken<S, C, E extends DomainEvent> {
  readonly command: C;
  readonly before: S | null;
  readonly context: CommandContext;
  readonly decision: Decision<E>;
  readonly after: S | null;
  /** All that is stored after the step. */
  readonly history: readonly Recorded<E>[];
}

/** Up to 25 commands; equal times are frequent. */
export function steps<C>(command: fc.Arbitrary<C>): fc.Arbitrary<readonly Step<C>[]> {
  const time = fc.oneof(
    fc.constant(0),
    fc.integer({ min: 0, max: 5 }).map((days) => days * DAY),
  );
  return fc.array(
    fc.record({
      command,
      wait: time,
      ago: fc.option(fc.oneof(time, fc.constantFrom(-60_000, -60_001))),
      actor: fc.constantFrom(ADA, ADA, ADA, IMPORT, REACTOR),
      mayOverride: fc.boolean(),
    }),
    { maxLength: 25 },
  );
}

/** Takes the steps one after the other, as a server would: decide, store what is accepted, fold. */
export function walk<S, C, E extends DomainEvent>(
  decider: Decider<S, C, E>,
  path: readonly Step<C>[],
): readonly Taken<S, C, E>[] {
  let now = START;
  let state: S | null = null;
  let history: readonly Recorded<E>[] = [];
  return path.map(({ command, wait, ago, actor, mayOverride }) => {
    now += wait;
    const context: CommandContext = {
      now,
      actor,
      mayOverride,
      ...(ago === null ? {} : { occurredAt: now - ago }),
    };
    const before: S | null = state;
    const decision = decider.decide(before, command, context);
    const events = decision.ok ? decision.events : [];
    for (const event of events) {
      const stored = { ...event, recordedAt: now, revision: history.length, actor };
      history = [...history, stored];
      state = decider.evolve(state, stored, decider.id);
    }
    return { command, before, context, decision, after: state, history };
  });
}
