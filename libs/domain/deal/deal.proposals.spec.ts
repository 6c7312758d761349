import { day, given } from '../shared/testing/given.js';
import { deal, euro, lost, move, moved, opened, valued } from '../shared/testing/deals.js';
import { accepted, acceptProposal, item, LARGE, propose, proposed, SMALL } from '../shared/testing/proposals.js';
import { gated } from '../shared/testing/pipelines.js';
import { dealEventsAsOf } from './deal.as-of.js';
import { foldDeal } from './deal.evolve.js';
import { recorded } from '../shared/testing/given.js';
import type { DealEvent } from './deal.events.js';

const OFFERED = [opened(), proposed()];

describe('a proposal', () => {
  it('is recorded with what each option is worth', () => {
    given(deal, [opened()])
      .when(propose())
      .then([{ ...proposed(), occurredAt: day(10) }]);
    expect(given(deal, OFFERED).state()).toMatchObject({
      value: euro('100.00'),
      lineItems: [],
      proposals: [{ proposalId: 'offer', options: [SMALL, LARGE], proposedAt: day(1), revision: 1, accepted: null }],
      touch: { type: 'ProposalRecorded' },
    });
  });

  it('is recorded once; its id is not for another one', () => {
    given(deal, OFFERED).when(propose()).thenNothing();
    given(deal, OFFERED)
      .when(propose({ validUntil: '2026-12-31' }))
      .thenRejected('id-already-used');
    given(deal, [...OFFERED, accepted()])
      .when(propose())
      .thenNothing();
  });

  it('is of products that can be sold, in one currency each option, and of no debt', () => {
    given(deal, [opened()])
      .when(propose({ products: new Set() }))
      .thenRejected('unknown-product');
    const wrong = (...lineItems: ReturnType<typeof item>[]) =>
      given(deal, [opened()]).when(propose({ options: [SMALL, { ...LARGE, lineItems }] })).decision;
    const yen = { ...item('1'), unitPrice: { amount: '1', currency: 'JPY' } };
    expect(wrong(item('1'), yen)).toMatchObject({
      rejection: { code: 'invalid-request', path: '/options/1/lineItems/1/unitPrice/currency' },
    });
    expect(wrong(item('1', '-1.00'))).toMatchObject({ rejection: { code: 'negative-value' } });
    const { decision } = given(deal, [opened()]).when(propose({ options: [SMALL, { ...LARGE, optionId: 'small' }] }));
    expect(decision).toMatchObject({ rejection: { code: 'invalid-request', path: '/options/1/optionId' } });
  });

  it('is valid until today at the earliest', () => {
    given(deal, [opened()])
      .when(propose({ validUntil: '2026-03-12' }))
      .then([proposed({ validUntil: '2026-03-12' })]);
    given(deal, [opened()])
      .when(propose({ validUntil: '2026-03-11' }))
      .thenRejected('date-in-past');
  });

  it('is for an open deal', () => {
    const closed = { status: 'lost', allowed: ['open'] };
    given(deal).when(propose()).thenRejected('not-found');
    given(deal, [opened(), lost('prospect')])
      .when(propose())
      .thenRejected('wrong-status', closed);
    given(deal, [...OFFERED, lost('prospect')])
      .when(acceptProposal())
      .thenRejected('wrong-status', closed);
  });
});

describe('accepting a proposal', () => {
  it('sets the line items of the option, and with them the value', () => {
    given(deal, OFFERED)
      .when(acceptProposal('offer', 'large'))
      .then([{ ...accepted('offer', LARGE), occurredAt: day(10) }]);
    expect(given(deal, [...OFFERED, accepted('offer', LARGE)]).state()).toMatchObject({
      value: euro('300.00'),
      lineItems: LARGE.lineItems,
      proposals: [{ accepted: { optionId: 'large', acceptedAt: day(2) } }],
      last: { value: { revision: 2, type: 'ProposalAccepted' } },
      touch: { type: 'ProposalAccepted' },
    });
    given(deal, [...OFFERED, accepted()])
      .when({ type: 'ChangeDealValue', value: euro('1.00') })
      .thenRejected('value-from-line-items');
  });

  it('is of an option that was proposed, once', () => {
    given(deal, OFFERED).when(acceptProposal('none')).thenRejected('unknown-proposal');
    given(deal, OFFERED).when(acceptProposal('offer', 'huge')).thenRejected('unknown-option');
    given(deal, [...OFFERED, accepted()])
      .when(acceptProposal())
      .thenNothing();
    given(deal, [...OFFERED, accepted()])
      .when(acceptProposal('offer', 'large'))
      .thenRejected('already-accepted', { optionId: 'small' });
  });

  it('may be followed by a later proposal’s', () => {
    const history = [...OFFERED, accepted(), proposed({ proposalId: 'better' })];
    given(deal, history)
      .when(acceptProposal('better', 'large'))
      .then([accepted('better', LARGE)]);
    given(deal, [...history, accepted('better', LARGE)])
      .when(acceptProposal())
      .thenNothing();
  });

  it('is possible until the last day', () => {
    const offered = [opened(), proposed({ validUntil: '2026-03-12' })];
    given(deal, offered).when(acceptProposal()).then([accepted()]);
    given(deal, offered)
      .when(acceptProposal('offer', 'small', '2026-03-13'))
      .thenRejected('proposal-expired', { validUntil: '2026-03-12' });
  });

  it('comes after the proposal and after the last change of the value', () => {
    given(deal, OFFERED)
      .when(acceptProposal(), { occurredAt: day(0.5) })
      .thenRejected('out-of-order', { revision: 1, type: 'ProposalRecorded', occurredAt: '2026-03-03T12:00:00.000Z' });
    given(deal, [...OFFERED, valued(null)])
      .when(acceptProposal(), { occurredAt: day(1.5) })
      .thenRejected('out-of-order', { revision: 2, type: 'DealValueChanged', occurredAt: '2026-03-04T12:00:00.000Z' });
    given(deal, [opened(), { ...proposed(), occurredAt: day(12) }])
      .when(acceptProposal())
      .then([{ ...accepted(), occurredAt: day(12) }]);
  });

  it('opens a gate that asks for it', () => {
    const pipeline = gated('proposal', { type: 'proposal', status: 'accepted' });
    given(deal, OFFERED)
      .when(move('proposal', { pipeline }))
      .thenRejected('gate-not-met', { stageId: 'proposal', missing: [{ type: 'proposal', status: 'accepted' }] });
    given(deal, [...OFFERED, accepted()])
      .when(move('proposal', { pipeline }))
      .then([moved('prospect', 'proposal')]);
  });
});

it('as of a day between, the proposal was not accepted', () => {
  const history = recorded<DealEvent>([...OFFERED, accepted()]);
  const at = (days: number) => foldDeal(dealEventsAsOf(history, day(days)), deal.id);
  expect(at(0.5)?.proposals).toEqual([]);
  expect(at(1.5)).toMatchObject({ lineItems: [], proposals: [{ accepted: null }] });
  expect(at(2)).toMatchObject({ lineItems: SMALL.lineItems, proposals: [{ accepted: { optionId: 'small' } }] });
});
