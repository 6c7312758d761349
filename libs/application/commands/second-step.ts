import { StoreUnavailable } from '#event-store/port.js';
import type { EventData } from '#event-store/event.js';
import type { CommandContext, Decision, DomainEvent } from '#domain/shared/decision.js';
import type { Aggregate } from '../aggregate.js';
import { CommandConflict, OutcomeUnknown } from '../errors.js';
import { CommandExecutor, type Outcome } from '../execute.js';
import type { CommandRequest } from '../request.js';
import type { Streams } from '../streams.js';

/** The event by which the first stream has decided. */
export type Cause = Pick<EventData, 'id' | 'metadata'>;

/**
 * Takes the next step of a command that spans two streams, in the name of who gave the command and at the time at which
 * the first stream decided. Whoever takes it again under the same `commandId` is told what was done.
 * @throws OutcomeUnknown the store is out of reach or too busy: the first step stands, and the reactor takes this one
 * @throws CommandRejected
 */
export async function takeStep<State>(
  streams: Streams,
  aggregate: Aggregate<State>,
  id: string,
  cause: Cause,
  commandId: string,
  decide: (state: State | null, context: CommandContext) => Decision<DomainEvent> | Promise<Decision<DomainEvent>>,
  deadlineMs?: number,
): Promise<Outcome<State>> {
  const executor = new CommandExecutor(streams, undefined, deadlineMs);
  try {
    return await executor.execute(aggregate, id, requestOf(cause, commandId), decide);
  } catch (error) {
    // "Nothing was written" would be wrong, whatever this step wrote.
    const later = error instanceof StoreUnavailable || error instanceof CommandConflict;
    throw later ? new OutcomeUnknown({ cause: error }) : error;
  }
}

function requestOf({ id, metadata }: Cause, commandId: string): CommandRequest {
  return {
    caller: { actor: metadata.actor, mayOverride: false },
    commandId,
    keyed: false,
    fingerprint: metadata.request,
    correlationId: metadata.correlationId,
    causationId: id,
    occurredAt: Date.parse(metadata.occurredAt),
  };
}
