import { day, given, recorded } from '../shared/testing/given.js';
import { abandon, abandoned, churn, churned, winBack, wonBack } from '../shared/testing/customers.js';
import {
  correct,
  deal,
  euro,
  lost,
  moved,
  opened,
  place,
  reopen,
  voided,
  voidIt,
  won,
} from '../shared/testing/deals.js';
import { gated, pipelineOf, withStage } from '../shared/testing/pipelines.js';
import type { DealEvent } from './deal.events.js';

const WON = [opened(), won('prospect')];
const CHURNED = [...WON, churned()];

describe('a customer that is lost', () => {
  it('leaves the stages after the sale; the win stays', () => {
    given(deal, WON)
      .when(churn())
      .then([{ ...churned(), occurredAt: day(10) }]);
    expect(given(deal, CHURNED).state()).toMatchObject({
      status: 'churned',
      closedAt: day(1),
      loss: null,
      churn: { reason: 'service', churnedAt: day(2) },
      wonBackBy: null,
      visits: [
        { stageId: 'prospect', exit: 'won' },
        { stageId: 'onboarding', entry: 'won', exit: 'churned', exitedAt: day(2) },
      ],
      touch: { type: 'DealWon' },
    });
    expect(given(deal, [opened(), won('prospect', null), churned()]).state()).toMatchObject({
      status: 'churned',
      visits: [{ stageId: 'prospect', exit: 'won' }],
    });
  });

  it('was one, and is lost for a reason', () => {
    given(deal).when(churn()).thenRejected('not-found');
    for (const [status, history] of [
      ['open', [opened()]],
      ['lost', [opened(), lost('prospect')]],
      ['churned', CHURNED],
    ] as const) {
      given(deal, history)
        .when(churn())
        .thenRejected('wrong-status', { status, allowed: ['won'] });
    }
    given(deal, WON).when(churn('weather')).thenRejected('unknown-reason');
    given(deal, WON)
      .when(churn(), { occurredAt: day(0.5) })
      .thenRejected('out-of-order', { revision: 1, type: 'DealWon', occurredAt: '2026-03-03T12:00:00.000Z' });
  });

  it('is not reopened, but may never have been', () => {
    given(deal, CHURNED)
      .when(reopen())
      .thenRejected('wrong-status', { status: 'churned', allowed: ['won', 'lost'] });
    given(deal, CHURNED).when(voidIt()).then([voided()]);
  });

  it('was lost at another time, and in the stage where it then was', () => {
    const history = [...WON, moved('onboarding', 'care'), churned()];
    const past = recorded<DealEvent>(history);
    const { decision } = given(deal, history).when(
      correct({ revision: 3, field: 'occurredAt', value: day(2.5) }, past),
    );
    expect(decision).toMatchObject({ events: [{ data: { standing: { visits: [{}, {}, { exitedAt: day(2.5) }] } } }] });
    const elsewhere = withStage(pipelineOf(), 'proposal', { kind: 'post-sale' });
    const pipelines = new Map([[elsewhere.id, elsewhere]]);
    const restaged = correct({ revision: 2, field: 'toStageId', value: 'proposal', pipelines }, past);
    expect(given(deal, history).when(restaged).decision).toMatchObject({
      events: [{ data: { standing: { stageId: 'proposal', visits: [{}, {}, { exit: 'churned' }] } } }],
    });
  });
});

describe('winning a customer back', () => {
  it('decides on a new deal, with all that it needs', () => {
    given(deal, CHURNED)
      .when(winBack())
      .then([{ ...wonBack(), occurredAt: day(10) }]);
    expect(given(deal, [...CHURNED, wonBack()]).state()).toMatchObject({ status: 'churned', wonBackBy: 'again' });
  });

  it('takes owner, audience, source, labels and contacts along, the value unless another is said, and no items', () => {
    const items = [{ productId: 'boiler', quantity: '2', unitPrice: euro('50.00'), discount: 0 }];
    const along = {
      ownerId: 'u-bo',
      teamId: 'north',
      visibility: 'team',
      source: 'website',
      labels: ['hot'],
      personId: 'p-1',
      organizationId: 'o-1',
    } as const;
    const rich = opened({ ...along, lineItems: items, probability: 0.5, criteria: ['need'] });
    const linked: DealEvent = {
      type: 'DealContactLinked',
      data: { contacts: [{ kind: 'person', id: 'p-2', role: 'primary' }] },
    };
    const history = [rich, linked, won('prospect'), churned()];
    given(deal, history)
      .when(winBack())
      .then([wonBack({ ...along, personId: 'p-2' })]);
    given(deal, history)
      .when(winBack({ stageId: 'demo', value: euro('9.00') }))
      .then([wonBack({ ...along, ...place('demo'), personId: 'p-2', value: euro('9.00') })]);
    given(deal, history)
      .when(winBack({ value: null }))
      .then([wonBack({ ...along, personId: 'p-2', value: null })]);
  });

  it('is tried once, and again only when it was given up or in vain', () => {
    given(deal, [...CHURNED, wonBack()])
      .when(winBack({ dealId: 'another' }))
      .thenRejected('already-won-back', { dealId: 'again' });
    given(deal, [...CHURNED, wonBack(), abandoned()])
      .when(winBack({ dealId: 'another' }))
      .then([wonBack({}, 'another')]);
    given(deal, [...CHURNED, wonBack()])
      .when(winBack({ dealId: 'another', inVain: true }))
      .then([wonBack({}, 'another')]);
  });

  it('is for customers that are lost', () => {
    given(deal).when(winBack()).thenRejected('not-found');
    given(deal, WON)
      .when(winBack())
      .thenRejected('wrong-status', { status: 'won', allowed: ['churned'] });
  });

  it('is refused to where no deal begins', () => {
    const refused = (change: Parameters<typeof winBack>[0]) => given(deal, CHURNED).when(winBack(change));
    refused({ pipeline: null }).thenRejected('unknown-pipeline');
    refused({ pipeline: { ...pipelineOf(), retired: true } }).thenRejected('pipeline-retired');
    refused({ stageId: 'nowhere' }).thenRejected('unknown-stage');
    refused({ stageId: 'care' }).thenRejected('wrong-stage-kind');
    refused({ stageId: 'demo', pipeline: withStage(pipelineOf(), 'demo', { retired: true }) }).thenRejected(
      'stage-retired',
    );
    refused({ value: euro('-1.00') }).thenRejected('negative-value');
    const missing = [{ type: 'contact', kind: 'person' }] as const;
    refused({ stageId: 'demo', pipeline: gated('demo', ...missing) }).thenRejected('gate-not-met', {
      stageId: 'demo',
      missing,
    });
  });

  it('does not precede the loss', () => {
    given(deal, CHURNED)
      .when(winBack(), { occurredAt: day(1.5) })
      .thenRejected('out-of-order', { revision: 2, type: 'CustomerChurned', occurredAt: '2026-03-04T12:00:00.000Z' });
  });
});

describe('a win-back whose deal is another one’s', () => {
  it('is given up, whatever the clock says and whatever has become of the deal', () => {
    given(deal, [...CHURNED, wonBack()])
      .when(abandon(), { now: day(0), occurredAt: day(2) })
      .then([{ ...abandoned(), occurredAt: day(3) }]);
    given(deal, [...CHURNED, wonBack(), voided()])
      .when(abandon())
      .then([abandoned()]);
    given(deal, [...CHURNED, wonBack(), abandoned()])
      .when(abandon())
      .thenNothing();
    given(deal, [...CHURNED, wonBack({}, 'another')])
      .when(abandon())
      .thenNothing();
  });
});
