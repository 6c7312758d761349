import fc from 'fast-check';
import type { ContactEvent } from '#domain/contact/contact.events.js';
import type { RecordedEvent } from '#event-store/event.js';
import { dealLives } from './deal-histories.js';
import { leadLives } from './lead-histories.js';
import { interleaved, recorded } from './recorded.js';
import type { Happening } from './recorded.js';

const REGISTERED = Date.parse('2026-01-01T00:00:00.000Z');
const DAY = 86_400_000;

const names = fc.constantFrom('Ada Byron', 'ADA  byron', 'Müller & Söhne');
const emails = fc.subarray(['ada@acme.test', 'ADA@acme.test', 'b@acme.test']);
const phones = fc.subarray(['+49 30 1234567', '030 1234567', 'none']);
const details = fc.record({ name: names, emails, phones }).map((each) => ({
  ...each,
  phonesE164: each.phones.map((phone) => (phone.startsWith('+') ? '+49301234567' : null)),
}));

const merging = { mergeId: 'm-1', otherId: 'x-9' };
const joining = { mergeId: 'm-2', survivorId: 'x-9' };
const changes: fc.Arbitrary<ContactEvent | { readonly type: string; readonly data: object }> = fc.oneof(
  details.map((data): ContactEvent => ({ type: 'ContactEdited', data })),
  fc.constantFrom<ContactEvent>(
    { type: 'ContactEdited', data: { organizationId: null } },
    { type: 'ContactEdited', data: { organizationId: 'organization-1' } },
    { type: 'ContactMergeStarted', data: merging },
    { type: 'ContactMergeCompleted', data: merging },
    { type: 'ContactMergeAbandoned', data: merging },
    { type: 'ContactUnmergeStarted', data: merging },
    { type: 'ContactUnmergeCompleted', data: merging },
    { type: 'ContactMergedInto', data: joining },
    { type: 'ContactMergeRefused', data: joining },
    { type: 'ContactUnmerged', data: joining },
    { type: 'PersonErased', data: { merged: [] } },
  ),
  fc.constant({ type: 'ContactTeleported', data: {} }),
);

const lives = (type: 'PersonRegistered' | 'OrganizationRegistered'): fc.Arbitrary<readonly Happening[]> =>
  fc
    .tuple(details, fc.array(changes, { maxLength: 6 }))
    .map(([data, rest]) => [
      { type, data, occurredAt: REGISTERED },
      ...rest.map((change, index) => ({ ...change, occurredAt: REGISTERED + index * DAY })),
    ]);

/** One log with the streams of people and an organisation, and of a lead and a deal that may be theirs. */
export const contactHistories: fc.Arbitrary<readonly RecordedEvent[]> = fc
  .tuple(
    fc.array(lives('PersonRegistered'), { minLength: 1, maxLength: 3 }),
    lives('OrganizationRegistered'),
    leadLives,
    dealLives,
    fc.array(fc.nat(20)),
  )
  .map(([people, organization, lead, deal, picks]) =>
    interleaved(
      [
        ...people.map((life, index) => recorded(`person-${index + 1}`, life)),
        recorded('organization-1', organization),
        recorded('lead-1', lead),
        recorded('deal-1', deal),
      ],
      picks,
    ),
  );
