import { ADA, IMPORT, day, given } from '../shared/testing/given.js';
import type { Told } from '../shared/testing/given.js';
import { euro, opened } from '../shared/testing/deals.js';
import { gated, pipelineOf, withStage } from '../shared/testing/pipelines.js';
import {
  ACME,
  BYRON,
  captured,
  convert,
  criteria,
  disqualified,
  lead,
  nurtured,
  qualified,
} from '../shared/testing/leads.js';
import type { LeadConverted, LeadEvent, LeadStatus } from './lead.events.js';

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

describe('converting a lead', () => {
  it('carries all that the deal and its contacts need', () => {
    given(lead, QUALIFIED)
      .when(convert())
      .then([{ ...converted(), occurredAt: day(10) }]);
  });

  it('takes what is given instead of what the lead has', () => {
    const { decision } = given(lead, QUALIFIED).when(
      convert({
        stageId: 'demo',
        title: 'Boiler',
        value: null,
        ownerId: 'u-bo',
        visibility: 'team',
        expectedClose: '2026-06-30',
      }),
    );
    expect(decision).toMatchObject({
      events: [
        {
          data: {
            deal: {
              stageId: 'demo',
              rank: 2,
              title: 'Boiler',
              value: null,
              ownerId: 'u-bo',
              visibility: 'team',
              expectedClose: '2026-06-30',
            },
          },
        },
      ],
    });
  });

  it('takes along only the criteria that are confirmed', () => {
    const lenient = [captured(), qualified({ criteria: criteria('timeline', 'budget') })];
    given(lead, lenient)
      .when(convert())
      .then([converted({ criteria: ['authority', 'need'] })]);
  });

  const contacts = (history: readonly Told<LeadEvent>[], resolution: Parameters<typeof convert>[0]) => {
    const { decision } = given(lead, history).when(convert(resolution));
    const event = decision.ok ? decision.events[0] : undefined;
    if (event?.type !== 'LeadConverted') throw new Error('not converted');
    const { personId, organizationId } = event.data.deal;
    return { personId, organizationId, contacts: event.data.contacts.map(({ id, create }) => [id, create]) };
  };

  it('registers inline contacts, unless known ones are to be used', () => {
    expect(contacts(QUALIFIED, { contacts: { person: { create: true } } })).toEqual({
      personId: 'p-byron',
      organizationId: null,
      contacts: [['p-byron', true]],
    });
    expect(contacts(QUALIFIED, { contacts: { person: { use: 'p-known' }, organization: { use: 'o-known' } } })).toEqual(
      {
        personId: 'p-known',
        organizationId: 'o-known',
        contacts: [
          ['p-known', false],
          ['o-known', false],
        ],
      },
    );
  });

  it('has nothing to register for a contact that was given by its id, or not at all', () => {
    const known = [captured({ person: null, organization: ACME }), qualified()];
    const both = { person: { create: true }, organization: { create: true } } as const;
    expect(contacts(known, { contacts: both })).toEqual({
      personId: null,
      organizationId: 'o-acme',
      contacts: [['o-acme', false]],
    });
  });

  it('asks about inline contacts that are likely registered, unless that is resolved', () => {
    const candidate = { id: 'p-1', name: 'Ada', matchedOn: ['email'] as const };
    const duplicates = { person: [candidate], organization: [candidate] };
    given(lead, QUALIFIED)
      .when(convert({ duplicates }))
      .thenRejected('duplicate-contact', { person: { candidates: [candidate] }, organization: null });
    for (const person of [{ use: 'p-1' }, { create: true }, { merge: 'p-1' }] as const) {
      expect(given(lead, QUALIFIED).when(convert({ duplicates, contacts: { person } })).decision.ok).toBe(true);
    }
    const known = [captured({ person: null, organization: ACME }), qualified()];
    expect(given(lead, known).when(convert({ duplicates })).decision.ok).toBe(true);
  });

  it('lets a registered contact take in what the lead knows', () => {
    const merged = [{ kind: 'person', ...BYRON, id: 'p-1', name: null, create: false, merge: true }];
    const { decision } = given(lead, QUALIFIED).when(convert({ contacts: { person: { merge: 'p-1' } } }));
    expect(decision).toMatchObject({ events: [{ data: { deal: { personId: 'p-1' }, contacts: merged } }] });
  });

  it('happens once', () => {
    given(lead, CONVERTED)
      .when(convert({ dealId: 'another' }))
      .thenRejected('already-converted', { dealId: 'boiler' });
  });

  it('needs a qualified lead', () => {
    given(lead).when(convert()).thenRejected('not-found');
    for (const status of ['new', 'nurturing', 'disqualified'] as const) {
      given(lead, HISTORIES[status])
        .when(convert())
        .thenRejected('wrong-status', { status, allowed: ['qualified'] });
    }
  });

  it('needs a place where the deal can begin', () => {
    const pipeline = pipelineOf();
    const refused = given(lead, QUALIFIED);
    refused.when(convert({ pipeline: null })).thenRejected('unknown-pipeline');
    refused.when(convert({ pipeline: { ...pipeline, retired: true } })).thenRejected('pipeline-retired');
    refused.when(convert({ stageId: 'nowhere' })).thenRejected('unknown-stage');
    refused.when(convert({ stageId: 'care' })).thenRejected('wrong-stage-kind');
    refused
      .when(convert({ pipeline: withStage(pipeline, 'demo', { retired: true }), stageId: 'demo' }))
      .thenRejected('stage-retired');
    refused.when(convert({ value: euro('-1.00') })).thenRejected('negative-value');
  });

  it('meets the entry gates with what the lead brings', () => {
    const pipeline = gated('prospect', { type: 'criteria', min: 4 }, { type: 'contact', kind: 'organization' });
    const missing = [{ type: 'contact', kind: 'organization' }];
    for (const actor of [ADA, IMPORT]) {
      given(lead, QUALIFIED)
        .when(convert({ pipeline }), { actor })
        .thenRejected('gate-not-met', { stageId: 'prospect', missing });
    }
    const { decision } = given(lead, QUALIFIED).when(
      convert({ pipeline, contacts: { organization: { use: 'o-known' } } }),
    );
    expect(decision.ok).toBe(true);
  });
});
