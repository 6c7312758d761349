import type { Rejection } from './rejection.js';

/** Milliseconds since 1970-01-01T00:00:00Z. */
export type EpochMs = number;

export type ActorKind = 'user' | 'api-key' | 'reactor' | 'import';
export interface Actor {
  readonly id: string;
  readonly kind: ActorKind;
}

/** An event's name and payload: the stored format. */
export interface DomainEvent {
  readonly type: string;
  readonly data: object;
}

/** An event that was decided but is not stored yet. */
export type Decided<E extends DomainEvent> = E & { readonly occurredAt: EpochMs };

/** A stored event as a fold sees it. */
export type Recorded<E extends DomainEvent> = E & {
  readonly occurredAt: EpochMs;
  readonly recordedAt: EpochMs;
  readonly revision: number;
  readonly actor: Actor;
};

/** What comes with every command: time is data, never read from a clock. */
export interface CommandContext {
  readonly now: EpochMs;
  readonly actor: Actor;
  /** When it happened, if the client says so. */
  readonly occurredAt?: EpochMs;
  /** The caller may use an override. */
  readonly mayOverride?: boolean;
}

/** What a decider answers. No events and no rejection: the command changes nothing. */
export type Decision<E extends DomainEvent> =
  { readonly ok: true; readonly events: readonly Decided<E>[] } | { readonly ok: false; readonly rejection: Rejection };

export function accept<E extends DomainEvent>(...events: readonly Decided<E>[]): Decision<E> {
  return { ok: true, events };
}

export function reject(rejection: Rejection): { readonly ok: false; readonly rejection: Rejection } {
  return { ok: false, rejection };
}

/** The last change of a group of changes ({stage and status}, {owner}, {value}): where the group's time stands. */
export interface LastChange {
  readonly at: EpochMs;
  readonly revision: number;
  readonly type: string;
}
