import type { ContactState } from './contact.state.js';

export type MatchType = 'email' | 'phone' | 'name';

/** What two contacts have in common that are likely the same: equal keys of one type. */
export interface MatchKey {
  readonly type: MatchType;
  readonly key: string;
}

/** A registered contact that is likely the same as one described. */
export interface Candidate {
  readonly id: string;
  readonly name: string;
  readonly matchedOn: readonly MatchType[];
}

/** A number of fewer digits is no phone number that tells anybody apart. */
const FEWEST_DIGITS = 7;
const MARKS = /\p{M}+/gu;
const SEPARATORS = /[^\p{L}\p{N}]+/gu;

/**
 * The keys by which likely duplicates are found: each e-mail address, each phone number (E.164, or its bare digits where
 * it is none), and the name: of a person together with the organisation, else half a town would be one.
 */
export function matchKeys(
  contact: Pick<ContactState, 'kind' | 'name' | 'emails' | 'phones' | 'phonesE164' | 'organizationId'>,
): readonly MatchKey[] {
  const { kind, name, emails, phones, phonesE164, organizationId } = contact;
  const keys: MatchKey[] = emails.map((email) => ({ type: 'email', key: emailKey(email) }));
  for (const [index, phone] of phones.entries()) {
    const key = phonesE164[index] ?? phone.replace(/\D/g, '');
    if (key.length >= FEWEST_DIGITS) keys.push({ type: 'phone', key });
  }
  const words = nameKey(name);
  if (words !== '' && kind === 'organization') keys.push({ type: 'name', key: words });
  if (words !== '' && kind === 'person' && organizationId !== null) {
    keys.push({ type: 'name', key: `${words} @ ${organizationId}` });
  }
  const seen = new Set<string>();
  return keys.filter(({ type, key }) => !seen.has(`${type} ${key}`) && seen.add(`${type} ${key}`));
}

function emailKey(email: string): string {
  return email.normalize('NFKC').trim().toLowerCase();
}

/** Words without case, accents and punctuation. */
function nameKey(name: string): string {
  return name.normalize('NFKD').replace(MARKS, '').toLowerCase().replace(SEPARATORS, ' ').trim();
}
