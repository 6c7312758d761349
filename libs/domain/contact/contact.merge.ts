import { reject } from '../shared/decision.js';
import { invalidRequest, notFound, wrongStatus } from '../shared/refusals.js';
import type { EndMerge, JoinSurvivor, LeaveSurvivor, MergeContacts, UnmergeContacts } from './contact.commands.js';
import type { ContactDecision } from './contact.decide.js';
import { refuseErased } from './contact.erase.js';
import type { ContactState } from './contact.state.js';

/*
 * A merge hangs one root under another, and never makes a circle, whatever runs at the same time: while its merge is
 * pending the survivor is a root and stays one, and the other joins only as a root that has nothing pending itself.
 */

export function mergeContacts(state: ContactState, { mergeId, otherId, other }: MergeContacts): ContactDecision {
  if (otherId === state.id) return invalidRequest('/otherId', 'must be another one');
  if (other === null) return notFound(`other ${state.kind}`);
  if (state.erased) return refuseErased(state);
  if (other.erased) return refuseErased(other);
  if (state.mergedInto !== null) return alreadyMerged(`The ${state.kind} was merged into another one.`);
  if (state.merged.includes(otherId)) return [];
  if (state.pending !== null) return alreadyMerged(`The ${state.kind} is just being merged with another one.`);
  if (other.mergedInto !== null) return alreadyMerged(`The other ${state.kind} was merged already.`);
  if (other.pending !== null) return alreadyMerged(`The other ${state.kind} is just being merged.`);
  return [{ type: 'ContactMergeStarted', data: { mergeId, otherId } }];
}

export function joinSurvivor(state: ContactState, { mergeId, survivorId }: JoinSurvivor): ContactDecision {
  const free = !state.erased && state.mergedInto === null && state.pending === null && state.id !== survivorId;
  return [{ type: free ? 'ContactMergedInto' : 'ContactMergeRefused', data: { mergeId, survivorId } }];
}

export function unmergeContacts(state: ContactState, { mergeId, otherId }: UnmergeContacts): ContactDecision {
  if (state.erased) return refuseErased(state);
  if (state.pending !== null) return alreadyMerged(`The ${state.kind} is just being merged with another one.`);
  if (!state.merged.includes(otherId)) return wrongStatus(`other ${state.kind}`, 'active', ['merged']);
  return [{ type: 'ContactUnmergeStarted', data: { mergeId, otherId } }];
}

export function leaveSurvivor(state: ContactState, { mergeId, survivorId }: LeaveSurvivor): ContactDecision {
  return state.mergedInto === survivorId ? [{ type: 'ContactUnmerged', data: { mergeId, survivorId } }] : [];
}

/** Ending again changes nothing. */
export function endMerge(state: ContactState, { mergeId, joined }: EndMerge): ContactDecision {
  if (state.pending?.mergeId !== mergeId) return [];
  const { otherId, unmerge } = state.pending;
  if (unmerge) return [{ type: 'ContactUnmergeCompleted', data: { mergeId, otherId } }];
  return [{ type: joined ? 'ContactMergeCompleted' : 'ContactMergeAbandoned', data: { mergeId, otherId } }];
}

function alreadyMerged(detail: string) {
  return reject({ code: 'already-merged', detail, data: null });
}
