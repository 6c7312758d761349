import type { ContactCommand } from '#domain/contact/contact.commands.js';
import { decideContact } from '#domain/contact/contact.decide.js';
import type { ContactKind, ContactState } from '#domain/contact/contact.state.js';
import type { EventData } from '#event-store/event.js';
import { StoreUnavailable } from '#event-store/port.js';
import { contactAggregate } from '../aggregate.js';
import { derivedId } from '../command-id.js';
import { CommandConflict, OutcomeUnknown } from '../errors.js';
import type { CommandExecutor, Outcome } from '../execute.js';

/** Where a merge ended on the survivor. */
export interface EndedMerge {
  readonly revision: number;
  /** Of the last event of the merge, in whichever stream. */
  readonly position: bigint;
  /** False: the other decided against it, and the merge was abandoned. */
  readonly done: boolean;
}

/**
 * The steps of a merge or an unmerge after the survivor has begun it: the other decides, then the survivor ends it. Each
 * step has a command id of its own, derived from the merge, so the command itself, its replay and the reactor may all
 * take it, at once or one after another, and find the same.
 * @throws OutcomeUnknown the store is out of reach: the merge is begun and is finished later
 */
export async function finishMerge(
  commands: CommandExecutor,
  kind: ContactKind,
  survivorId: string,
  started: Pick<EventData, 'type' | 'data' | 'metadata'>,
): Promise<EndedMerge> {
  const { mergeId, otherId } = mergeOf(started.data);
  const unmerge = started.type === 'ContactUnmergeStarted';
  const step = (name: string, id: string, command: ContactCommand): Promise<Outcome<ContactState>> =>
    commands.execute(
      contactAggregate(kind),
      id,
      {
        caller: { actor: started.metadata.actor, mayOverride: false },
        commandId: derivedId(name, mergeId),
        keyed: true,
        fingerprint: started.metadata.request,
        correlationId: started.metadata.correlationId,
      },
      (state, context) => decideContact(state, command, context),
    );
  try {
    const type = unmerge ? 'LeaveSurvivor' : 'JoinSurvivor';
    const decided = await step('merge-decision', otherId, { type, mergeId, survivorId });
    const joined = decided.events.some((event) => event.type === 'ContactMergedInto');
    const ended = await step('merge-end', survivorId, { type: 'EndMerge', mergeId, joined });
    const position = ended.position > decided.position ? ended.position : decided.position;
    return { revision: ended.revision, position, done: unmerge || joined };
  } catch (error) {
    // The merge is begun, so that "nothing was written" would be wrong whatever a single step wrote.
    const later = error instanceof StoreUnavailable || error instanceof CommandConflict;
    throw later ? new OutcomeUnknown({ cause: error }) : error;
  }
}

/** Whether the event begins what `finishMerge` finishes. */
export function beginsMerge(type: string): boolean {
  return type === 'ContactMergeStarted' || type === 'ContactUnmergeStarted';
}

function mergeOf(data: object): { readonly mergeId: string; readonly otherId: string } {
  if ('mergeId' in data && 'otherId' in data && typeof data.mergeId === 'string' && typeof data.otherId === 'string') {
    return { mergeId: data.mergeId, otherId: data.otherId };
  }
  throw new Error('a merge without its ids');
}
