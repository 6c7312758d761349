import type { ContactCommand, MergeContacts, RegisterContact } from '../../contact/contact.commands.js';
import { decideContact } from '../../contact/contact.decide.js';
import type { ContactEvent, PersonRegistered } from '../../contact/contact.events.js';
import { evolveContact } from '../../contact/contact.evolve.js';
import type { ContactState } from '../../contact/contact.state.js';
import { given, type Decider, type Told } from './given.js';

export const person: Decider<ContactState, ContactCommand, ContactEvent> = {
  id: 'c-1',
  decide: decideContact,
  evolve: evolveContact,
};

export function registered(change: Partial<PersonRegistered['data']> = {}): PersonRegistered {
  return {
    type: 'PersonRegistered',
    data: {
      name: 'Ada Byron',
      emails: ['ada@acme.test'],
      phones: ['030 1234567'],
      phonesE164: [null],
      organizationId: 'o-acme',
      ...change,
    },
  };
}

export const register = (change: Partial<RegisterContact> = {}): RegisterContact => ({
  type: 'RegisterContact',
  kind: 'person',
  name: 'Ada Byron',
  emails: ['ada@acme.test'],
  phones: ['030 1234567'],
  phonesE164: [null],
  organizationId: 'o-acme',
  ...change,
});

/** Another person, as its own history makes it. */
export function another(id: string, ...history: readonly Told<ContactEvent>[]): ContactState {
  return { ...given(person, [registered(), ...history]).state(), id };
}

export const merge = (otherId: string, change: Partial<MergeContacts> = {}): MergeContacts => ({
  type: 'MergeContacts',
  mergeId: `m-${otherId}`,
  otherId,
  other: another(otherId),
  ...change,
});
export const mergeStarted = (otherId: string): ContactEvent => ({
  type: 'ContactMergeStarted',
  data: { mergeId: `m-${otherId}`, otherId },
});
export const mergeCompleted = (otherId: string): ContactEvent => ({
  type: 'ContactMergeCompleted',
  data: { mergeId: `m-${otherId}`, otherId },
});
export const mergeAbandoned = (otherId: string): ContactEvent => ({
  type: 'ContactMergeAbandoned',
  data: { mergeId: `m-${otherId}`, otherId },
});
export const unmergeStarted = (otherId: string): ContactEvent => ({
  type: 'ContactUnmergeStarted',
  data: { mergeId: `u-${otherId}`, otherId },
});
export const unmergeCompleted = (otherId: string): ContactEvent => ({
  type: 'ContactUnmergeCompleted',
  data: { mergeId: `u-${otherId}`, otherId },
});
export const mergedInto = (survivorId: string, mergeId = 'm-c-1'): ContactEvent => ({
  type: 'ContactMergedInto',
  data: { mergeId, survivorId },
});
export const mergeRefused = (survivorId: string, mergeId = 'm-c-1'): ContactEvent => ({
  type: 'ContactMergeRefused',
  data: { mergeId, survivorId },
});
export const unmerged = (survivorId: string, mergeId = 'u-c-1'): ContactEvent => ({
  type: 'ContactUnmerged',
  data: { mergeId, survivorId },
});
