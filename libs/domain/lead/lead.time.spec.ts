import { day, given } from '../shared/testing/given.js';
import { euro } from '../shared/testing/deals.js';
import {
  capture,
  captured,
  convert,
  disqualified,
  disqualify,
  lead,
  nurture,
  qualified,
  qualify,
} from '../shared/testing/leads.js';
import type { EditLead, LeadCommand } from './lead.commands.js';
import type { LeadEvent } from './lead.events.js';

const edit = (change: Omit<EditLead, 'type'>): EditLead => ({ type: 'EditLead', ...change });
const edited = (data: Omit<EditLead, 'type'>): LeadEvent => ({ type: 'LeadEdited', data });
const reopen: LeadCommand = { type: 'ReopenLead' };
const note: LeadCommand = { type: 'AddLeadNote', text: 'called' };
const NEW = [captured()];

describe('time', () => {
  it('is not in the future', () => {
    for (const command of [edit({ title: 'x' }), qualify(), disqualify(), nurture(), note]) {
      given(lead, NEW)
        .when(command, { occurredAt: day(11) })
        .thenRejected('occurred-in-future');
    }
    given(lead)
      .when(capture(), { occurredAt: day(11) })
      .thenRejected('occurred-in-future');
  });

  it('goes on within the status', () => {
    const late = [captured(), { ...qualified(), occurredAt: day(5) }];
    const data = { revision: 1, type: 'LeadQualified', occurredAt: '2026-03-07T12:00:00.000Z' };
    for (const command of [qualify({ icpFit: 'none' }), disqualify(), nurture(), convert()]) {
      given(lead, late)
        .when(command, { occurredAt: day(4) })
        .thenRejected('out-of-order', data);
    }
    given(lead, [captured(), { ...disqualified(), occurredAt: day(5) }])
      .when(reopen, { occurredAt: day(4) })
      .thenRejected('out-of-order', { ...data, type: 'LeadDisqualified' });
  });

  it('goes on within the value, and is free for other fields', () => {
    const late = [captured(), { ...edited({ value: null }), occurredAt: day(5) }];
    given(lead, late)
      .when(edit({ value: euro('1.00') }), { occurredAt: day(4) })
      .thenRejected('out-of-order', { revision: 1, type: 'LeadEdited', occurredAt: '2026-03-07T12:00:00.000Z' });
    given(lead, late)
      .when(edit({ title: 'x' }), { occurredAt: day(4) })
      .then([{ ...edited({ title: 'x' }), occurredAt: day(4) }]);
    given(lead, late)
      .when(disqualify(), { occurredAt: day(4) })
      .then([{ ...disqualified(), occurredAt: day(4) }]);
  });
});
