import { another } from '../shared/testing/contacts.js';
import { matchKeys } from './contact.match.js';
import type { ContactState } from './contact.state.js';

const keys = (change: Partial<ContactState>) =>
  matchKeys({ ...another('c-1'), emails: [], phones: [], phonesE164: [], organizationId: null, ...change }).map(
    ({ type, key }) => `${type} ${key}`,
  );

describe('what tells that two contacts are likely one', () => {
  it('is an e-mail address, whatever its case', () => {
    expect(keys({ emails: [' Ada@ACME.test', 'ada@acme.test', 'b@acme.test'] })).toEqual([
      'email ada@acme.test',
      'email b@acme.test',
    ]);
  });

  it('is a phone number: E.164, else its digits if they are enough', () => {
    const phones = ['+49 30 1234567', '(030) 123-4567', '110', 'call me'];
    expect(keys({ phones, phonesE164: ['+49301234567', null, null, null] })).toEqual([
      'phone +49301234567',
      'phone 0301234567',
    ]);
  });

  it('is the name, of a person together with the organisation', () => {
    expect(keys({ name: 'Ada Byron' })).toEqual([]);
    expect(keys({ name: 'Àda  BYRON-King', organizationId: 'o-1' })).toEqual(['name ada byron king @ o-1']);
    expect(keys({ kind: 'organization', name: 'Müller & Söhne' })).toEqual(['name muller sohne']);
    expect(keys({ kind: 'organization', name: '!!!' })).toEqual([]);
  });
});
