import { day, given } from '../shared/testing/given.js';
import { opened } from '../shared/testing/deals.js';
import { captured, convert, lead, qualified, reverted, revertLead } from '../shared/testing/leads.js';
import type { LeadConverted } from './lead.events.js';

const CONVERTED: LeadConverted = {
  type: 'LeadConverted',
  data: { dealId: 'boiler', deal: opened({ leadId: 'plant-2' }).data, contacts: [] },
};
const HISTORY = [captured(), qualified(), CONVERTED];

describe('a lead whose deal was taken back', () => {
  it('is told so when it happened to the deal', () => {
    given(lead, HISTORY)
      .when(revertLead(), { occurredAt: day(5) })
      .then([{ ...reverted(), occurredAt: day(5) }]);
  });

  it('is told so whatever the clocks say', () => {
    given(lead, HISTORY)
      .when(revertLead(), { occurredAt: day(20) })
      .then([{ ...reverted(), occurredAt: day(20) }]);
    given(lead, HISTORY)
      .when(revertLead(), { occurredAt: day(0), now: day(0) })
      .then([{ ...reverted(), occurredAt: day(2) }]);
    given(lead, HISTORY)
      .when(revertLead())
      .then([{ ...reverted(), occurredAt: day(10) }]);
  });

  it('is told so once, and only of the deal that it has', () => {
    given(lead, [...HISTORY, reverted()])
      .when(revertLead())
      .thenNothing();
    given(lead, HISTORY).when(revertLead('another')).thenNothing();
    given(lead, [captured()]).when(revertLead()).thenNothing();
    given(lead).when(revertLead()).thenRejected('not-found');
  });

  it('is qualified again, and may become another deal', () => {
    const history = given(lead, [...HISTORY, reverted()]);
    expect(history.state()).toMatchObject({
      status: 'qualified',
      dealId: null,
      qualification: { icpFit: 'strong' },
      last: { status: { revision: 3, type: 'LeadConversionReverted' } },
    });
    const { decision } = history.when(convert({ dealId: 'another' }));
    expect(decision).toMatchObject({ ok: true, events: [{ type: 'LeadConverted', data: { dealId: 'another' } }] });
  });
});
