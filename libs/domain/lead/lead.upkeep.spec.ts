import { day, given } from '../shared/testing/given.js';
import { cancel, complete, done, plan, planned } from '../shared/testing/activities.js';
import {
  ACME,
  BYRON,
  capture,
  captured,
  disqualified,
  engage,
  engaged,
  lead,
  qualified,
} from '../shared/testing/leads.js';
import type { LeadCommand } from './lead.commands.js';
import type { LeadEvent } from './lead.events.js';
import { MOST_LABELS } from './lead.upkeep.js';

const assign = (ownerId: string): LeadCommand => ({ type: 'AssignLead', ownerId, teamId: null });
const assigned = (ownerId: string): LeadEvent => ({ type: 'LeadAssigned', data: { ownerId, teamId: null } });
const label = (add: string[], remove: string[] = []): LeadCommand => ({ type: 'LabelLead', add, remove });
const archive: LeadCommand = { type: 'ArchiveLead' };
const archived: LeadEvent = { type: 'LeadArchived', data: {} };
const NEW = [captured()];

describe('a lead', () => {
  it('is assigned, in the order of its owners', () => {
    given(lead, NEW)
      .when(assign('u-bo'))
      .then([assigned('u-bo')]);
    given(lead, NEW).when(assign('u-ada')).thenNothing();
    expect(given(lead, [captured(), assigned('u-bo')]).state()).toMatchObject({ ownerId: 'u-bo', revision: 1 });
    given(lead, [captured(), assigned('u-bo')])
      .when(assign('u-ada'), { occurredAt: day(0) })
      .thenRejected('out-of-order', expect.objectContaining({ revision: 1, type: 'LeadAssigned' }));
  });

  it('gets and loses labels; what is added and removed is removed', () => {
    given(lead, NEW)
      .when(label(['vip', 'hot', 'cold', 'vip'], ['hot', 'cold', 'none']))
      .then([{ type: 'LeadLabelled', data: { added: ['vip'], removed: ['hot'] } }]);
    given(lead, NEW)
      .when(label(['hot'], ['none']))
      .thenNothing();
    const full = captured({ labels: Array.from({ length: MOST_LABELS }, (_, i) => `l${i}`) });
    given(lead, [full])
      .when(label(['one more']))
      .thenRejected('invalid-request');
    given(lead, [full])
      .when(label(['one more'], ['l0']))
      .then([{ type: 'LeadLabelled', data: { added: ['one more'], removed: ['l0'] } }]);
  });

  it('is linked to other contacts; one that is left out stays', () => {
    given(lead, NEW)
      .when({ type: 'LinkLeadContact', person: BYRON, organization: ACME })
      .then([{ type: 'LeadContactLinked', data: { organization: ACME } }]);
    given(lead, NEW).when({ type: 'LinkLeadContact' }).thenNothing();
    const linked: LeadEvent = { type: 'LeadContactLinked', data: { organization: ACME } };
    expect(given(lead, [captured(), linked]).state()).toMatchObject({ person: BYRON, organization: ACME });
  });

  it('is archived, and comes back as new', () => {
    given(lead, NEW).when(archive).then([archived]);
    given(lead, [captured(), archived]).when(archive).thenNothing();
    expect(given(lead, [captured(), disqualified(), archived]).state()).toMatchObject({
      status: 'archived',
      disqualification: null,
    });
    given(lead, [captured(), archived])
      .when({ type: 'ReopenLead' })
      .then([{ type: 'LeadReopened', data: {} }]);
    for (const command of [assign('u-bo'), label(['x']), plan('a-1'), { type: 'LinkLeadContact' } as const]) {
      const allowed = ['new', 'nurturing', 'qualified', 'disqualified'];
      given(lead, [captured(), archived]).when(command).thenRejected('wrong-status', { status: 'archived', allowed });
    }
  });

  it('shows interest, each time anew and whatever has become of it', () => {
    given(lead, [captured(), archived])
      .when(engage('link-clicked', 'the third one'))
      .then([engaged('link-clicked', 'the third one')]);
    const history = [captured(), engaged('link-clicked'), qualified(), engaged('link-clicked'), engaged('form-sent')];
    expect(given(lead, history).state().engagement).toEqual({
      'link-clicked': { count: 2, revision: 3 },
      'form-sent': { count: 1, revision: 4 },
    });
    given(lead).when(engage('form-sent')).thenRejected('not-found');
  });

  it('has activities as a deal has', () => {
    given(lead, NEW)
      .when(plan('a-1'))
      .then([planned('a-1')]);
    given(lead, [captured(), planned('a-1')])
      .when(complete('a-1'))
      .then([done('a-1')]);
    given(lead, [captured(), planned('a-1'), done('a-1')])
      .when(cancel('a-1'))
      .thenRejected('activity-done');
    expect(given(lead, [captured(), planned('a-1')]).state().activities).toMatchObject([{ activityId: 'a-1' }]);
  });

  it('knows who asks, about what, and who sent them', () => {
    const told = { attributes: { industry: 'energy' }, products: ['p-1', 'p-1'], referredBy: 'c-7' };
    const known = new Set(['p-1']);
    given(lead)
      .when(capture({ ...told, knownProducts: known }))
      .then([captured({ ...told, products: ['p-1'] })]);
    given(lead)
      .when(capture({ ...told, products: ['p-1', 'p-2'], knownProducts: known }))
      .thenRejected('unknown-product');
    const { attributes: _, products: __, referredBy: ___, ...old } = captured().data;
    expect(given(lead, [{ type: 'LeadCaptured', data: old }]).state()).toMatchObject({
      attributes: {},
      products: [],
      referredBy: null,
      teamId: null,
    });
  });
});
