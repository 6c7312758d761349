import { ADA, day, unknownEvent } from '../shared/testing/given.js';
import type { ContactEvent } from './contact.events.js';
import { evolveContact } from './contact.evolve.js';

const at = { occurredAt: day(0), recordedAt: day(0), revision: 0, actor: ADA };
const data = { name: 'Ada Byron', emails: ['ada@acme.test'], phones: [] };

describe('a contact', () => {
  it.each([
    ['PersonRegistered', 'person'],
    ['OrganizationRegistered', 'organization'],
  ] as const)('of %s is a %s', (type, kind) => {
    expect(evolveContact(null, { type, data, ...at }, 'c-1')).toEqual({ id: 'c-1', revision: 0, kind, ...data });
  });

  it('is registered once, and by events that are known', () => {
    const person = evolveContact(null, { type: 'PersonRegistered', data, ...at }, 'c-1');
    expect(() => evolveContact(person, { type: 'PersonRegistered', data, ...at }, 'c-1')).toThrow(/again/);
    const unknown = unknownEvent<ContactEvent>('PersonPainted');
    expect(() => evolveContact(null, { ...unknown, ...at }, 'c-1')).toThrow(/unknown event/);
  });
});
