import { reject } from '../shared/decision.js';
import { notFound, wrongStatus } from '../shared/refusals.js';
import type { EraseContact, EraseWithSurvivor } from './contact.commands.js';
import type { ContactDecision } from './contact.decide.js';
import type { ContactErased } from './contact.events.js';
import type { ContactKind, ContactState } from './contact.state.js';

/**
 * Erases a contact and those that were merged into it, which are the same person. One that is known of a lead alone can
 * be erased before it is registered, and never is then.
 */
export function eraseContact(state: ContactState | null, { kind, isKnown }: EraseContact): ContactDecision {
  if (state === null) return isKnown ? [erased(kind, [])] : notFound(kind);
  if (state.erased) return [];
  if (state.mergedInto !== null) {
    const detail = `The ${state.kind} was merged into ${state.mergedInto}: erase that one.`;
    return reject({ code: 'already-merged', detail, data: null });
  }
  if (state.pending !== null) {
    const detail = `The ${state.kind} is just being merged with another one: try again.`;
    return reject({ code: 'already-merged', detail, data: null });
  }
  return [erased(state.kind, state.merged)];
}

/** The second step: one that was merged into a contact that was erased. It is never refused. */
export function eraseWithSurvivor(state: ContactState | null, { kind }: EraseWithSurvivor): ContactErased[] {
  return state?.erased === true ? [] : [erased(kind, state?.merged ?? [])];
}

export function refuseErased({ kind }: ContactState) {
  return wrongStatus(kind, 'erased', ['active']);
}

function erased(kind: ContactKind, merged: readonly string[]): ContactErased {
  return { type: kind === 'person' ? 'PersonErased' : 'OrganizationErased', data: { merged } };
}
