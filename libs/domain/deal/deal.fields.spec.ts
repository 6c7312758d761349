import { deal, lost, opened, won } from '../shared/testing/deals.js';
import { IMPORT, day, given } from '../shared/testing/given.js';
import type { Told } from '../shared/testing/given.js';
import { shownContactOf } from './deal.contact.js';
import type { DealCommand } from './deal.commands.js';
import type { DealEvent } from './deal.events.js';

const OPEN = [opened()];
const LOST = [opened(), lost('prospect')];
const label = (add: readonly string[], remove: readonly string[] = []): DealCommand => {
  return { type: 'LabelDeal', add, remove };
};
const labelled = (added: readonly string[], removed: readonly string[] = []): DealEvent => {
  return { type: 'DealLabelled', data: { added, removed } };
};
const link = (personId: string | null, organizationId: string | null = null, role: string | null = null) => {
  return { type: 'LinkDealContact', personId, organizationId, role } as const;
};
const linked = (id: string, role: string, kind: 'person' | 'organization' = 'person'): DealEvent => {
  return { type: 'DealContactLinked', data: { contacts: [{ kind, id, role }] } };
};

describe('the labels of a deal', () => {
  it('are added and removed; what is so already is left out', () => {
    const hot = [opened({ labels: ['hot'] })];
    given(deal, hot)
      .when(label(['hot', 'export', 'export'], ['cold']))
      .then([labelled(['export'])]);
    given(deal, hot)
      .when(label(['export'], ['hot']))
      .then([labelled(['export'], ['hot'])]);
    given(deal, hot)
      .when(label(['hot'], ['cold']))
      .thenNothing();
    expect(given(deal, [...hot, labelled(['export'], ['hot']), labelled(['new'])]).state().labels).toEqual([
      'export',
      'new',
    ]);
  });

  it('are a hundred at most, and none comes and goes at once', () => {
    const many = Array.from({ length: 100 }, (_, index) => `label ${index}`);
    given(deal, [opened({ labels: many })])
      .when(label(['one more']))
      .thenRejected('invalid-request');
    given(deal, [opened({ labels: many })])
      .when(label(['one more'], ['label 7']))
      .then([labelled(['one more'], ['label 7'])]);
    given(deal, OPEN)
      .when(label(['hot'], ['hot']))
      .thenRejected('invalid-request');
  });
});

describe('the contacts of a deal', () => {
  it('are linked with a role: the first of a kind is the primary one', () => {
    given(deal, OPEN)
      .when(link('p-1', 'o-1'))
      .then([
        {
          type: 'DealContactLinked',
          data: {
            contacts: [
              { kind: 'person', id: 'p-1', role: 'primary' },
              { kind: 'organization', id: 'o-1', role: 'primary' },
            ],
          },
        },
      ]);
    given(deal, [opened({ personId: 'p-1' })])
      .when(link('p-2'))
      .then([linked('p-2', 'contact')]);
    given(deal, [opened({ personId: 'p-1' })])
      .when(link('p-2', null, 'technical'))
      .then([linked('p-2', 'technical')]);
    given(deal, [opened({ personId: 'p-1' })])
      .when(link('p-1'))
      .thenNothing();
    given(deal, OPEN).when(link(null)).thenRejected('invalid-request');
  });

  it('have one primary person; who was it before stays a contact', () => {
    const state = given(deal, [opened({ personId: 'p-1', organizationId: 'o-1' }), linked('p-2', 'primary')]).state();
    expect(state.contacts).toEqual([
      { kind: 'person', id: 'p-1', role: 'contact' },
      { kind: 'organization', id: 'o-1', role: 'primary' },
      { kind: 'person', id: 'p-2', role: 'primary' },
    ]);
    expect(shownContactOf(state)).toMatchObject({ id: 'p-2' });
    expect(shownContactOf(given(deal, [opened({ organizationId: 'o-1' })]).state())).toMatchObject({ id: 'o-1' });
    expect(shownContactOf(given(deal, OPEN).state())).toBeNull();
  });
});

describe('a field of a deal', () => {
  it.each<[string, DealCommand, DealEvent]>([
    [
      'visibility',
      { type: 'SetDealVisibility', visibility: 'team' },
      { type: 'DealVisibilitySet', data: { visibility: 'team' } },
    ],
    [
      'expected close date',
      { type: 'SetExpectedClose', expectedClose: '2026-06-30' },
      { type: 'ExpectedCloseSet', data: { expectedClose: '2026-06-30' } },
    ],
    [
      'probability',
      { type: 'SetDealProbability', probability: 0 },
      { type: 'DealProbabilitySet', data: { probability: 0 } },
    ],
    [
      'forecast category',
      { type: 'SetForecastCategory', forecastCategory: 'commit' },
      { type: 'ForecastCategorySet', data: { forecastCategory: 'commit' } },
    ],
  ])('changes once: %s', (_, command, event) => {
    given(deal, OPEN)
      .when(command, { occurredAt: day(3) })
      .then([{ ...event, occurredAt: day(3) }]);
    given(deal, [opened(), event]).when(command).thenNothing();
    expect(given(deal, [opened(), event]).state()).toMatchObject(event.data);
  });

  it('that is of the sale is settled with the close; the others are not', () => {
    for (const history of [LOST, [opened(), won('prospect')]]) {
      const status = given(deal, history).state().status;
      for (const command of [
        { type: 'SetExpectedClose', expectedClose: null },
        { type: 'SetDealProbability', probability: 0.5 },
        { type: 'SetForecastCategory', forecastCategory: 'omitted' },
      ] as const) {
        given(deal, history)
          .when(command)
          .thenRejected('wrong-status', { status, allowed: ['open'] });
      }
      given(deal, history)
        .when(label(['hot']))
        .then([labelled(['hot'])]);
      given(deal, history)
        .when(link('p-1'))
        .then([linked('p-1', 'primary')]);
      given(deal, history)
        .when({ type: 'SetDealVisibility', visibility: 'owner' })
        .then([{ type: 'DealVisibilitySet', data: { visibility: 'owner' } }]);
    }
  });

  it('that is a criterion is confirmed once, and counts for gates', () => {
    const command = { type: 'ConfirmCriterion', criterion: 'need', facts: 'the old one leaks' } as const;
    const confirmed: DealEvent = {
      type: 'CriterionConfirmed',
      data: { criterion: 'need', facts: 'the old one leaks' },
    };
    given(deal, OPEN).when(command).then([confirmed]);
    given(deal, [opened(), confirmed]).when(command).thenRejected('already-confirmed');
    given(deal, [opened({ criteria: ['need'] })])
      .when(command)
      .thenRejected('already-confirmed');
    expect(given(deal, [opened({ criteria: ['budget'] }), confirmed]).state().criteria).toEqual(['budget', 'need']);
  });

  it('is a touch when it is the expected close date, and else none', () => {
    const close: Told<DealEvent> = { type: 'ExpectedCloseSet', data: { expectedClose: null } };
    expect(given(deal, [opened(), close]).state().touch).toMatchObject({ revision: 1 });
    expect(given(deal, [opened(), { ...close, actor: IMPORT }]).state().touch).toMatchObject({ revision: 0 });
    for (const event of [labelled(['hot']), linked('p-1', 'primary')]) {
      expect(given(deal, [opened(), event]).state().touch).toMatchObject({ revision: 0 });
    }
  });
});
