import { day, given, START } from '../shared/testing/given.js';
import { deal, lost, opened } from '../shared/testing/deals.js';
import { captured, lead } from '../shared/testing/leads.js';
import type { ErasureCommand } from './erasure.commands.js';
import type { ErasureEvent } from './erasure.events.js';

const redact = (keys: readonly string[] | null): ErasureCommand => ({ type: 'RedactText', revision: 0, keys });
const redacted: ErasureEvent = { type: 'TextRedacted', data: { revision: 0, keys: ['t-1'] } };
const erase: ErasureCommand = { type: 'EraseTexts', contact: 'person-p1' };
const erased: ErasureEvent = { type: 'TextsErased', data: { contact: 'person-p1' } };

describe('taking texts away', () => {
  it('names the keys of the texts, and happens now', () => {
    given(deal, [opened()])
      .when(redact(['t-1']))
      .then([{ ...redacted, occurredAt: day(10) }]);
    given(lead, [captured()])
      .when(redact(['t-1']))
      .then([redacted]);
  });

  it('is refused where there is no event, or none with a text', () => {
    given(deal, [opened()]).when(redact(null)).thenRejected('unknown-revision');
    given(lead, [captured()]).when(redact(null)).thenRejected('unknown-revision');
    given(deal, [opened()]).when(redact([])).thenRejected('invalid-request');
    given(lead)
      .when(redact(['t-1']))
      .thenRejected('not-found');
    given(deal)
      .when(redact(['t-1']))
      .thenRejected('not-found');
  });

  it('is possible whatever became of a deal, and changes nothing else of it', () => {
    const history = [opened(), lost('prospect')];
    given(deal, history).when(erase).then([erased]);
    const before = given(deal, history).state();
    expect(given(deal, [...history, erased, redacted]).state()).toEqual({ ...before, revision: 3 });
    expect(given(lead, [captured(), erased, redacted]).state()).toEqual({
      ...given(lead, [captured()]).state(),
      revision: 2,
    });
  });

  it('is never refused where it follows from an erasure, even under a clock that is behind', () => {
    given(deal, [opened()])
      .when(erase, { now: START, occurredAt: day(20) })
      .then([erased]);
    given(lead, [captured()])
      .when(erase, { now: START, occurredAt: day(20) })
      .then([erased]);
  });
});
