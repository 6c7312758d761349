import { parsePhoneNumberFromString } from 'libphonenumber-js';

/** For each phone number its E.164 form; null for what is none, or does not say its country. */
export function e164Of(phones: readonly string[]): readonly (string | null)[] {
  return phones.map((phone) => {
    const number = parsePhoneNumberFromString(phone);
    return number?.isPossible() === true ? number.number : null;
  });
}
