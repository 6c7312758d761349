import { ERASED } from '../personal/sealed-text.js';
import { given } from '../shared/testing/given.js';
import { another, mergedInto, person, register, registered } from '../shared/testing/contacts.js';
import type { EraseContact } from './contact.commands.js';
import type { ContactErased, ContactEvent } from './contact.events.js';

const erase: EraseContact = { type: 'EraseContact', kind: 'person', isKnown: true };
const erased: ContactErased = { type: 'PersonErased', data: { merged: [] } };
const started: ContactEvent = { type: 'ContactMergeStarted', data: { mergeId: 'm', otherId: 'c-2' } };
const completed: ContactEvent = { type: 'ContactMergeCompleted', data: { mergeId: 'm', otherId: 'c-2' } };

const ERASED_ALREADY = { status: 'erased', allowed: ['active'] };

describe('a contact that is erased', () => {
  it('has nothing personal left, once and for ever', () => {
    given(person, [registered()]).when(erase).then([erased]);
    given(person, [registered(), erased]).when(erase).thenNothing();
    expect(given(person, [registered(), erased]).state()).toMatchObject({
      erased: true,
      revision: 1,
      kind: 'person',
      name: ERASED,
      emails: [],
      phones: [],
      phonesE164: [],
      organizationId: null,
    });
  });

  it('may be one that only a lead names, and is then never registered', () => {
    given(person).when(erase).then([erased]);
    given(person)
      .when({ ...erase, isKnown: false })
      .thenRejected('not-found');
    given(person, [erased]).when(register()).thenRejected('id-already-used');
    given(person)
      .when({ ...erase, kind: 'organization' })
      .then([{ type: 'OrganizationErased', data: { merged: [] } }]);
  });

  it('takes those with it that were merged into it', () => {
    const history = [registered(), started, completed];
    given(person, history)
      .when(erase)
      .then([{ type: 'PersonErased', data: { merged: ['c-2'] } }]);
    given(person, [registered(), mergedInto('c-2')])
      .when({ type: 'EraseWithSurvivor', kind: 'person' })
      .then([erased]);
    given(person, [registered(), mergedInto('c-2'), erased])
      .when({ type: 'EraseWithSurvivor', kind: 'person' })
      .thenNothing();
  });

  it('is erased as the one that it was merged into, and not in the middle of a merge', () => {
    given(person, [registered(), mergedInto('c-2')])
      .when(erase)
      .thenRejected('already-merged');
    given(person, [registered(), started]).when(erase).thenRejected('already-merged');
  });

  it('is changed no more', () => {
    const gone = [registered(), erased];
    given(person, gone).when({ type: 'EditContact', name: 'Ada' }).thenRejected('wrong-status', ERASED_ALREADY);
    given(person, gone)
      .when({ type: 'TakeDetails', emails: ['new@acme.test'], phones: [], phonesE164: [] })
      .thenNothing();
    given(person, gone)
      .when({ type: 'MergeContacts', mergeId: 'm', otherId: 'c-2', other: another('c-2') })
      .thenRejected('wrong-status', ERASED_ALREADY);
    given(person, [registered()])
      .when({ type: 'MergeContacts', mergeId: 'm', otherId: 'c-2', other: { ...another('c-2'), erased: true } })
      .thenRejected('wrong-status', ERASED_ALREADY);
    given(person, [registered(), started, completed, { ...erased, data: { merged: ['c-2'] } }])
      .when({ type: 'UnmergeContacts', mergeId: 'n', otherId: 'c-2' })
      .thenRejected('wrong-status', ERASED_ALREADY);
    given(person, gone)
      .when({ type: 'JoinSurvivor', mergeId: 'm', survivorId: 'c-2' })
      .then([{ type: 'ContactMergeRefused', data: { mergeId: 'm', survivorId: 'c-2' } }]);
  });
});
