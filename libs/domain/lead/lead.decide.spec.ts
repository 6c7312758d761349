import { ADA, day, given } from '../shared/testing/given.js';
import type { Told } from '../shared/testing/given.js';
import { euro, opened } from '../shared/testing/deals.js';
import {
  ACME,
  BYRON,
  capture,
  captured,
  criteria,
  disqualified,
  disqualify,
  lead,
  nurture,
  nurtured,
  qualified,
  qualify,
  reopenedLead,
} from '../shared/testing/leads.js';
import { DEFAULT_SETTINGS } from '../settings/settings.js';
import type { EditLead, LeadCommand } from './lead.commands.js';
import type { LeadConverted, LeadEvent, LeadStatus } from './lead.events.js';

const edit = (change: Omit<EditLead, 'type'>): EditLead => ({ type: 'EditLead', ...change });
const edited = (data: Omit<EditLead, 'type'>): LeadEvent => ({ type: 'LeadEdited', data });
const reopen: LeadCommand = { type: 'ReopenLead' };
const note: LeadCommand = { type: 'AddLeadNote', text: 'called' };
const noted: LeadEvent = { type: 'LeadNoteAdded', data: { text: 'called' } };

/** The deal that the lead of `captured` and `qualified` becomes. */
function converted(change: Partial<LeadConverted['data']['deal']> = {}): LeadConverted {
  return {
    type: 'LeadConverted',
    data: {
      dealId: 'boiler',
      deal: opened({
        title: 'Boiler, plant 2',
        source: 'website',
        labels: ['hot'],
        personId: BYRON.id,
        leadId: 'plant-2',
        capturedAt: '2026-03-02T12:00:00.000Z',
        criteria: ['budget', 'authority', 'need', 'timeline'],
        ...change,
      }).data,
      contacts: [{ kind: 'person', ...BYRON, create: true }],
    },
  };
}

const NEW = [captured()];
const QUALIFIED = [captured(), qualified()];
const NURTURING = [captured(), nurtured()];
const DISQUALIFIED = [captured(), disqualified()];
const CONVERTED = [captured(), qualified(), converted()];
const HISTORIES: Readonly<Record<Exclude<LeadStatus, 'archived'>, readonly Told<LeadEvent>[]>> = {
  new: NEW,
  nurturing: NURTURING,
  qualified: QUALIFIED,
  disqualified: DISQUALIFIED,
  converted: CONVERTED,
};

/** The command is refused in every status but those. */
function onlyIn(allowed: readonly LeadStatus[], command: LeadCommand) {
  for (const [status, history] of Object.entries(HISTORIES)) {
    const outcome = given(lead, history).when(command);
    if (allowed.some((each) => each === status)) expect(outcome.decision.ok).toBe(true);
    else outcome.thenRejected('wrong-status', { status, allowed });
  }
  const archived = { ...given(lead, NEW).state(), status: 'archived' as const };
  const decision = lead.decide(archived, command, { now: day(10), actor: ADA });
  expect(decision.ok).toBe(allowed.includes('archived'));
  given(lead).when(command).thenRejected('not-found');
}

describe('capturing a lead', () => {
  it('records it, owned by who captures it', () => {
    given(lead)
      .when(capture({ ownerId: null, labels: ['hot', 'hot'] }))
      .then(
        [{ ...captured(), occurredAt: day(10) }].map((event) => ({
          ...event,
          data: { ...event.data, ownerId: ADA.id },
        })),
      );
    given(lead)
      .when(capture({ ownerId: 'u-bo' }), { occurredAt: day(-3) })
      .then([{ ...captured({ ownerId: 'u-bo' }), occurredAt: day(-3) }]);
  });

  it('needs a person or an organisation', () => {
    given(lead)
      .when(capture({ person: null }))
      .thenRejected('no-contact');
    given(lead)
      .when(capture({ person: null, organization: ACME }))
      .then([captured({ person: null, organization: ACME })]);
  });

  it('takes no value below zero', () => {
    given(lead)
      .when(capture({ value: euro('-1.00') }))
      .thenRejected('negative-value');
  });

  it('happens once', () => {
    given(lead, NEW).when(capture()).thenRejected('id-already-used');
  });
});

describe('editing a lead', () => {
  it('records only what changes', () => {
    given(lead, NEW)
      .when(edit({ title: 'Boiler, plant 3', source: 'website', value: euro('100.00') }))
      .then([edited({ title: 'Boiler, plant 3' })]);
    given(lead, NEW)
      .when(edit({ source: null, value: null }))
      .then([edited({ source: null, value: null })]);
  });

  it('does nothing when nothing changes', () => {
    given(lead, NEW)
      .when(edit({ title: 'Boiler, plant 2' }))
      .thenNothing();
    given(lead, NEW).when(edit({})).thenNothing();
  });

  it('takes no value below zero', () => {
    given(lead, NEW)
      .when(edit({ value: euro('-1.00') }))
      .thenRejected('negative-value');
  });

  it('is not for a lead that is converted or archived', () => {
    onlyIn(['new', 'nurturing', 'qualified', 'disqualified'], edit({ title: 'x' }));
  });
});

describe('qualifying a lead', () => {
  it('records the answers and the policy that asked', () => {
    const answers = [{ question: 'has-problem', answer: 'yes' }];
    const settings = {
      ...DEFAULT_SETTINGS,
      qualificationPolicy: { version: 7, required: ['budget', 'need'] as const, icpRequired: false, questions: [] },
    };
    const some = { budget: { confirmed: true, facts: '30k' }, need: { confirmed: true, facts: null } };
    given(lead, NEW)
      .when(qualify({ criteria: { ...some, timeline: undefined }, icpFit: null, answers, settings }))
      .then([qualified({ criteria: some, icpFit: null, answers, policyVersion: 7 })]);
  });

  it('lists the required criteria that are not confirmed', () => {
    given(lead, NEW)
      .when(qualify({ criteria: criteria('authority', 'timeline') }))
      .thenRejected('criteria-not-met', { missing: ['authority', 'timeline'] });
    given(lead, NEW)
      .when(qualify({ criteria: {} }))
      .thenRejected('criteria-not-met', { missing: ['budget', 'authority', 'need', 'timeline'] });
  });

  it('lists a missing fit and unanswered questions, where the policy requires them', () => {
    const questions = [
      { key: 'has-problem', text: 'Which problem is it?', required: true },
      { key: 'tried', text: 'What was tried?', required: false },
    ];
    const settings = {
      ...DEFAULT_SETTINGS,
      qualificationPolicy: { version: 2, required: [], icpRequired: true, questions },
    };
    for (const icpFit of [null, 'none'] as const) {
      given(lead, NEW)
        .when(qualify({ icpFit, settings }))
        .thenRejected('criteria-not-met', { missing: ['icp-fit', 'has-problem'] });
    }
    const answers = [{ question: 'has-problem', answer: 'leaks' }];
    given(lead, NEW)
      .when(qualify({ icpFit: 'partial', answers, settings }))
      .then([qualified({ icpFit: 'partial', answers, policyVersion: 2 })]);
    const unasked = [...answers, { question: 'shoe-size', answer: '42' }];
    given(lead, NEW)
      .when(qualify({ icpFit: 'strong', answers: unasked, settings }))
      .thenRejected('invalid-request');
  });

  it('again with the same answers does nothing, with others it holds from then on', () => {
    given(lead, QUALIFIED).when(qualify()).thenNothing();
    given(lead, QUALIFIED)
      .when(qualify({ icpFit: 'none' }))
      .then([qualified({ icpFit: 'none' })]);
    given(lead, [...QUALIFIED, nurtured()])
      .when(qualify())
      .then([qualified()]);
  });

  it('is for a lead that is new, nurturing or qualified', () => {
    onlyIn(['new', 'nurturing', 'qualified'], qualify({ icpFit: 'none' }));
  });
});

describe('disqualifying a lead', () => {
  it('records the reason', () => {
    given(lead, NEW).when(disqualify()).then([disqualified()]);
  });

  it('needs a known reason', () => {
    given(lead, NEW).when(disqualify('weather')).thenRejected('unknown-reason');
  });

  it('is for a lead that is new, nurturing or qualified', () => {
    onlyIn(['new', 'nurturing', 'qualified'], disqualify());
  });
});

describe('nurturing a lead', () => {
  it('records when to follow up, today at the earliest', () => {
    given(lead, NEW).when(nurture()).then([nurtured()]);
    given(lead, NEW)
      .when(nurture('2026-03-12'))
      .then([nurtured('2026-03-12')]);
    given(lead, NEW).when(nurture('2026-03-11')).thenRejected('date-in-past');
  });

  it('until the same day does nothing, until another one counts', () => {
    given(lead, NURTURING).when(nurture()).thenNothing();
    given(lead, NURTURING).when(nurture('2026-09-01', '2027-01-01')).thenNothing();
    given(lead, NURTURING)
      .when(nurture('2026-10-01'))
      .then([nurtured('2026-10-01')]);
  });

  it('is for a lead that is new, nurturing or qualified', () => {
    onlyIn(['new', 'nurturing', 'qualified'], nurture());
  });
});

describe('reopening a lead', () => {
  it('makes it new', () => {
    given(lead, DISQUALIFIED).when(reopen).then([reopenedLead()]);
    expect(given(lead, [...DISQUALIFIED, reopenedLead()]).state().status).toBe('new');
  });

  it('is for a lead that is disqualified, nurturing or archived', () => {
    onlyIn(['disqualified', 'nurturing', 'archived'], reopen);
  });
});

describe('a note on a lead', () => {
  it('is added, each time anew, of whatever time', () => {
    given(lead, [...NEW, noted])
      .when(note)
      .then([noted]);
    given(lead, NEW)
      .when(note, { occurredAt: day(-9) })
      .then([{ ...noted, occurredAt: day(-9) }]);
  });

  it('is not for a lead that is converted or archived', () => {
    onlyIn(['new', 'nurturing', 'qualified', 'disqualified'], note);
  });
});
