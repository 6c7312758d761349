import { e164Of } from './contact-details.js';

it.each([
  ['+49 30 1234567', '+49301234567'],
  ['+49 (0)30 / 123 45 67', '+49301234567'],
  ['tel:+1-201-555-0123', '+12015550123'],
  ['030 1234567', null],
  ['+49 1', null],
  ['Ada', null],
])('%s is %s', (phone, e164) => {
  expect(e164Of([phone])).toEqual([e164]);
});
