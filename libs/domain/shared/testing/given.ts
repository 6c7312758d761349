import type { Actor, CommandContext, Decision, DomainEvent, EpochMs, Recorded } from '../decision.js';
import type { RejectionCode } from '../rejection.js';

/** Noon of a day that the specs begin on. */
export const START: EpochMs = Date.UTC(2026, 2, 2, 12);
export const DAY: EpochMs = 86_400_000;
/** The instant `days` after START. */
export const day = (days: number): EpochMs => START + days * DAY;

export const ADA: Actor = { id: 'u-ada', kind: 'user' };
export const IMPORT: Actor = { id: 'import-1', kind: 'import' };
export const REACTOR: Actor = { id: 'conversions', kind: 'reactor' };

/** A command's circumstances: by default Ada, ten days after START, without saying when it happened. */
export function context(circumstances: Partial<CommandContext> = {}): CommandContext {
  return { now: day(10), actor: ADA, ...circumstances };
}

/** What a spec says of an event in a history; the rest is filled in. */
export type Told<E extends DomainEvent> = E & Partial<Omit<Recorded<E>, keyof DomainEvent>>;

export interface Decider<S, C, E extends DomainEvent> {
  readonly id: string;
  decide(state: S | null, command: C, context: CommandContext): Decision<E>;
  evolve(state: S | null, event: Recorded<E>, id: string): S;
}

/** A history as it would be stored: an event a day from START on, by Ada, recorded when it happened. */
export function recorded<E extends DomainEvent>(history: readonly Told<E>[]): readonly Recorded<E>[] {
  return history.map((event, revision) => {
    const occurredAt = event.occurredAt ?? day(revision);
    return { revision, actor: ADA, recordedAt: occurredAt, ...event, occurredAt };
  });
}

/** An event of a later release, or of a damaged store: no type of ours, whatever is asked for. */
export function unknownEvent<E extends DomainEvent>(type: string): E {
  const event: DomainEvent = { type, data: {} };
  return event as E;
}

export function folded<S, C, E extends DomainEvent>(
  decider: Decider<S, C, E>,
  history: readonly Recorded<E>[],
): S | null {
  return history.reduce<S | null>((state, event) => decider.evolve(state, event, decider.id), null);
}

/** `given(deal, [opened()]).when(win()).then([won()])`. */
export function given<S, C, E extends DomainEvent>(decider: Decider<S, C, E>, history: readonly Told<E>[] = []) {
  const past = recorded<E>(history);
  return {
    /** The state that the history makes. */
    state: (): S => {
      const state = folded(decider, past);
      if (state === null) throw new Error('the history is empty');
      return state;
    },
    when: (command: C, circumstances: Partial<CommandContext> = {}) =>
      outcome(decider.decide(folded(decider, past), command, context(circumstances))),
  };
}

function outcome<E extends DomainEvent>(decision: Decision<E>) {
  return {
    decision,
    /** Exactly these events; their time only where it is told. */
    then(expected: readonly (E & { readonly occurredAt?: EpochMs })[]): void {
      expect(decision).toMatchObject({ ok: true });
      if (!decision.ok) return;
      expect(decision.events.map(({ type, data }) => ({ type, data }))).toEqual(
        expected.map(({ type, data }) => ({ type, data })),
      );
      for (const [index, { occurredAt }] of expected.entries()) {
        if (occurredAt !== undefined) expect(decision.events[index]?.occurredAt).toBe(occurredAt);
      }
    },
    thenNothing(): void {
      expect(decision).toEqual({ ok: true, events: [] });
    },
    thenRejected(code: RejectionCode, data: object | null = null): void {
      expect(decision).toMatchObject({ ok: false, rejection: { code, data } });
      expect(decision.ok ? '' : decision.rejection.detail).not.toBe('');
    },
  };
}
