import type { CommandContext, EpochMs, LastChange } from './decision.js';
import { inFuture, outOfOrder } from './refusals.js';
import type { Refused } from './refusals.js';

/** How far a client's clock may be ahead of ours. */
export const FUTURE_TOLERANCE_MS = 60_000;

/** Refuses a time given by the client that is in the future; null when there is nothing to refuse. */
export function refuseFuture(context: CommandContext): Refused | null {
  const { occurredAt, now } = context;
  return occurredAt !== undefined && occurredAt > now + FUTURE_TOLERANCE_MS ? inFuture() : null;
}

/**
 * When a change happens: as the client says, but not before the last change of its group; by default now, or that last
 * change if it is later. A change of no group may be of any time: as the client says, by default now.
 */
export function occurrence(
  context: CommandContext,
  last?: LastChange,
): { readonly ok: true; readonly at: EpochMs } | Refused {
  const { now, occurredAt } = context;
  const earliest = last?.at ?? -Infinity;
  if (occurredAt === undefined) return { ok: true, at: Math.max(now, earliest) };
  return last !== undefined && occurredAt < earliest ? outOfOrder(last) : { ok: true, at: occurredAt };
}
