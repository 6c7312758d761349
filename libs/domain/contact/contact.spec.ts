import { day, given, recorded, unknownEvent } from '../shared/testing/given.js';
import { another, mergedInto, person, register, registered } from '../shared/testing/contacts.js';
import type { EditContact } from './contact.commands.js';
import type { ContactEvent } from './contact.events.js';
import { evolveContact } from './contact.evolve.js';

const edit = (change: Omit<EditContact, 'type'>): EditContact => ({ type: 'EditContact', ...change });
const edited = (data: Omit<EditContact, 'type'>): ContactEvent => ({ type: 'ContactEdited', data });

describe('a contact', () => {
  it('is registered once, under its own id', () => {
    given(person).when(register()).then([registered()]);
    given(person, [registered()]).when(register()).thenRejected('id-already-used');
    expect(given(person, [registered()]).state()).toEqual({
      id: 'c-1',
      revision: 0,
      kind: 'person',
      name: 'Ada Byron',
      emails: ['ada@acme.test'],
      phones: ['030 1234567'],
      phonesE164: [null],
      organizationId: 'o-acme',
      mergedInto: null,
      erased: false,
      merged: [],
      pending: null,
    });
  });

  it('may be an organisation, which works nowhere', () => {
    const { name, emails, phones, phonesE164 } = registered().data;
    const data = { name, emails, phones, phonesE164 };
    given(person)
      .when(register({ kind: 'organization', organizationId: null }))
      .then([{ type: 'OrganizationRegistered', data }]);
    given(person)
      .when({ type: 'EnsureOrganization', name: 'Acme' })
      .then([{ type: 'OrganizationRegistered', data: { name: 'Acme', emails: [], phones: [] } }]);
    given(person, [{ type: 'OrganizationRegistered', data }])
      .when({ type: 'EnsureOrganization', name: 'ACME' })
      .thenNothing();
  });

  it('of an older event has numbers that nobody has read', () => {
    const old: ContactEvent = { type: 'PersonRegistered', data: { name: 'Ada', emails: [], phones: ['1', '2'] } };
    expect(given(person, [old]).state()).toMatchObject({ phonesE164: [null, null], organizationId: null });
  });

  it('is edited: only what is new is recorded', () => {
    given(person, [registered()])
      .when(edit({ name: 'Ada Lovelace', emails: ['ada@acme.test'], organizationId: null }))
      .then([edited({ name: 'Ada Lovelace', organizationId: null })]);
    const phones = { phones: ['+49 30 1234567'], phonesE164: ['+49301234567'] };
    given(person, [registered()])
      .when(edit(phones))
      .then([edited(phones)]);
    expect(given(person, [registered(), edited(phones)]).state()).toMatchObject({ revision: 1, ...phones });
    given(person, [registered()]).when(edit({})).thenNothing();
    given(person).when(edit({})).thenRejected('not-found');
    given(person, [registered(), mergedInto('c-2')])
      .when(edit({ name: 'X' }))
      .thenRejected('wrong-status', { status: 'merged', allowed: ['active'] });
    given(person, [registered()])
      .when(edit({ name: 'X' }), { occurredAt: day(11) })
      .thenRejected('occurred-in-future');
  });

  it('takes in addresses and numbers that it has not, in whatever spelling', () => {
    const take = (emails: string[], phones: string[], phonesE164: (string | null)[]) =>
      ({ type: 'TakeDetails', emails, phones, phonesE164 }) as const;
    given(person, [registered()])
      .when(take([' ADA@acme.test'], ['(030) 1234567'], [null]))
      .thenNothing();
    given(person, [registered(), mergedInto('c-2')])
      .when(take(['b@acme.test'], ['+49 30 99', '110'], ['+493099', null]))
      .then([
        edited({
          emails: ['ada@acme.test', 'b@acme.test'],
          phones: ['030 1234567', '+49 30 99', '110'],
          phonesE164: [null, '+493099', null],
        }),
      ]);
  });

  it('has a history that begins with its registration', () => {
    expect(() => given(person, [edited({ name: 'X' })]).state()).toThrow(/before it was registered/);
    expect(() => given(person, [registered(), registered()]).state()).toThrow(/again/);
    const [event] = recorded([unknownEvent<ContactEvent>('PersonPainted')]);
    expect(() => event && evolveContact(another('c-1'), event, 'c-1')).toThrow(/unknown event/);
  });
});
