import type { ContactEvent } from '#domain/contact/contact.events.js';
import type { LeadEvent } from '#domain/lead/lead.events.js';
import { folded, only } from '../testing/folded.js';
import { recorded, type Happening } from '../testing/recorded.js';
import { CONTACTS_VIEW } from './contacts.view.js';

const at = '2026-03-01T09:00:00.000Z';
const registered: Happening = {
  type: 'PersonRegistered',
  data: {
    name: 'Ada Byron',
    emails: ['Ada@acme.test'],
    phones: ['+49 30 1234567'],
    phonesE164: ['+49301234567'],
    organizationId: 'acme',
  },
  occurredAt: at,
};
const happening = (event: ContactEvent): Happening => ({ ...event, occurredAt: at });
const contacts = (...happenings: Happening[]) => folded(CONTACTS_VIEW, recorded('person-p1', happenings));
const keysOf = (view: ReturnType<typeof contacts>) => view.rows('key').map(({ key }) => key);

describe('the contacts', () => {
  it('are listed, searched, and found by what they have in common', () => {
    const view = contacts(registered);
    expect(view.rows('contact')).toEqual([
      {
        id: 'person-p1',
        kind: 'person',
        name: 'ada byron',
        organization: 'acme',
        merged: 0,
        erased: 0,
        search: 'ada byron\nada@acme.test\n+49 30 1234567\n+49301234567',
        body: expect.objectContaining({ id: 'p1', name: 'Ada Byron' }),
      },
    ]);
    expect(view.rows('key')).toEqual(
      ['person email ada@acme.test', 'person phone +49301234567', 'person name ada byron @ acme'].map((key) => ({
        id: `person-p1 ${key}`,
        key,
        contact: 'person-p1',
      })),
    );
  });

  it('are found by what they are now', () => {
    const edited = happening({ type: 'ContactEdited', data: { emails: ['b@acme.test'], organizationId: null } });
    expect(keysOf(contacts(registered, edited))).toEqual(['person email b@acme.test', 'person phone +49301234567']);
  });

  it('that were merged are still found, and marked', () => {
    const merged = happening({ type: 'ContactMergedInto', data: { mergeId: 'm', survivorId: 'p0' } });
    const view = contacts(registered, merged);
    expect(only(['merged'], view.rows('contact')[0])).toEqual({ merged: 1 });
    expect(keysOf(view)).toHaveLength(3);
  });

  it('pass over what a newer version wrote, but count its revision', () => {
    const unknown: Happening = { type: 'ContactTeleported', data: {}, occurredAt: at };
    expect(contacts(registered, unknown).rows('contact')[0]).toMatchObject({ body: { revision: 1 } });
    expect(() => contacts(unknown)).toThrow('person-p1: begins with ContactTeleported');
  });

  it('know the leads and deals that they were ever linked to', () => {
    const captured: LeadEvent = {
      type: 'LeadCaptured',
      data: {
        title: 'Boiler',
        source: null,
        person: { id: 'p1', name: 'Ada', emails: [], phones: [] },
        organization: { id: 'o1', name: null, emails: [], phones: [] },
        value: null,
        labels: [],
        ownerId: 'u-1',
      },
    };
    const noted: LeadEvent = { type: 'LeadNoteAdded', data: { text: 'called' } };
    const log = recorded(
      'lead-l1',
      [captured, noted].map((event) => ({ ...event, occurredAt: at })),
    );
    expect(folded(CONTACTS_VIEW, log).rows('link')).toEqual([
      { id: 'lead-l1 person-p1', contact: 'person-p1', stream: 'lead-l1' },
      { id: 'lead-l1 organization-o1', contact: 'organization-o1', stream: 'lead-l1' },
    ]);
  });

  it('know those that a deal was linked to later, in a list', () => {
    const contacts = [
      { kind: 'person', id: 'p2', role: 'decides' },
      { kind: 'organization', id: 'o2', role: null },
    ];
    const linked: Happening = { type: 'DealContactLinked', data: { contacts }, occurredAt: at };
    const rows = folded(CONTACTS_VIEW, recorded('deal-d1', [linked])).rows('link');
    expect(rows.map(({ contact }) => contact)).toEqual(['person-p2', 'organization-o2']);
  });
});
