import type { DealCommand } from '../deal/deal.commands.js';
import type { CommandContext, Decision, DomainEvent } from './decision.js';
import type { RejectionCode } from './rejection.js';
import { day, given } from './testing/given.js';
import { deal, euro, lose, move, moved, open, opened, revert, win, won } from './testing/deals.js';
import { done, planned } from './testing/activities.js';
import { merge, mergedInto, person, registered } from './testing/contacts.js';
import { churned, winBack, wonBack } from './testing/customers.js';
import { accepted, acceptProposal, proposed } from './testing/proposals.js';
import { capture, captured, convert, lead, nurture, qualified, qualify } from './testing/leads.js';
import { create, created, gated, pipeline, pipelineOf, withStage } from './testing/pipelines.js';

type Refused = () => Decision<DomainEvent>;
const onDeal =
  (command: DealCommand, circumstances: Partial<CommandContext> = {}): Refused =>
  () =>
    given(deal, [opened()]).when(command, circumstances).decision;
const late: Partial<CommandContext> = { occurredAt: day(-1) };
const strict = pipelineOf(created({ moveRules: { skips: false, stepsBack: false } }));
const guarded = gated('demo', { type: 'activity', kind: 'demo' });
const item = { productId: 'x', quantity: '1', unitPrice: euro('1.00'), discount: 0 };

/** The compiler asks for a way to every code of the union; each must lead there. */
const WAYS: Readonly<Record<RejectionCode, Refused>> = {
  'id-already-used': onDeal(open()),
  'not-found': () => given(deal).when(win()).decision,
  'occurred-in-future': onDeal(win(), { occurredAt: day(11) }),
  'unknown-revision': onDeal({
    type: 'CorrectDeal',
    revision: 9,
    field: 'withdrawn',
    value: true,
    reason: 'x',
    history: [],
    pipelines: new Map(),
  }),
  'out-of-order': onDeal(win(), late),
  'wrong-status': () => given(lead, [captured()]).when({ type: 'ReopenLead' }).decision,
  'no-contact': () => given(lead).when(capture({ person: null })).decision,
  'criteria-not-met': () => given(lead, [captured()]).when(qualify({ criteria: {} })).decision,
  'unknown-reason': onDeal(lose('weather')),
  'date-in-past': () => given(lead, [captured()]).when(nurture('2026-01-01')).decision,
  'duplicate-contact': () => {
    const duplicates = { person: [{ id: 'p-1', name: 'Ada', matchedOn: ['email'] as const }], organization: [] };
    return given(lead, [captured(), qualified()]).when(convert({ duplicates })).decision;
  },
  'already-converted': () => {
    const { decision } = given(lead, [captured(), qualified()]).when(convert());
    const conversion = decision.ok ? decision.events : [];
    return given(lead, [captured(), qualified(), ...conversion]).when(convert()).decision;
  },
  'deal-moved-on': onDeal(revert()),
  'same-stage': onDeal(move('prospect')),
  'wrong-stage-kind': onDeal(move('care')),
  'unknown-pipeline': () => given(deal).when(open({ pipeline: null })).decision,
  'pipeline-retired': () => given(deal).when(open({ pipeline: { ...strict, retired: true } })).decision,
  'unknown-stage': onDeal(move('nowhere')),
  'stage-retired': onDeal(move('demo', { pipeline: withStage(strict, 'demo', { retired: true }) })),
  'skip-forbidden': onDeal(move('proposal', { pipeline: strict })),
  'step-back-forbidden': () =>
    given(deal, [opened(), moved('prospect', 'demo')]).when(move('prospect', { pipeline: strict })).decision,
  'gate-not-met': onDeal(move('demo', { pipeline: guarded })),
  'override-not-allowed': onDeal(move('demo', { pipeline: guarded, override: { reason: 'because' } })),
  'unknown-product': () => given(deal).when(open({ lineItems: [item] })).decision,
  'value-from-line-items': () =>
    given(deal, [opened({ lineItems: [item] })]).when({ type: 'ChangeDealValue', value: null }).decision,
  'negative-value': onDeal({ type: 'ChangeDealValue', value: euro('-1.00') }),
  'unknown-proposal': onDeal(acceptProposal('offer', 'small')),
  'unknown-option': () => given(deal, [opened(), proposed()]).when(acceptProposal('offer', 'huge')).decision,
  'already-accepted': () =>
    given(deal, [opened(), proposed(), accepted()]).when(acceptProposal('offer', 'large')).decision,
  'proposal-expired': () =>
    given(deal, [opened(), proposed({ validUntil: '2026-03-01' })]).when(acceptProposal()).decision,
  'already-won-back': () => given(deal, [opened(), won('prospect'), churned(), wonBack()]).when(winBack()).decision,
  'unknown-activity': onDeal({ type: 'CancelActivity', activityId: 'demo-1', reason: null }),
  'already-confirmed': () =>
    given(deal, [opened({ criteria: ['need'] })]).when({ type: 'ConfirmCriterion', criterion: 'need', facts: null })
      .decision,
  'activity-done': () =>
    given(deal, [opened(), planned('demo-1'), done('demo-1')]).when({
      type: 'CompleteActivity',
      activityId: 'demo-1',
      note: null,
      outcome: null,
    }).decision,
  'already-merged': () => given(person, [registered(), mergedInto('c-2')]).when(merge('c-3')).decision,
  'invalid-request': () => given(pipeline).when(create({ stages: [] })).decision,
};

it.each(Object.entries(WAYS))('%s is given as a reason, in a sentence', (code, refused) => {
  const decision = refused();
  expect(decision).toMatchObject({ ok: false, rejection: { code } });
  expect(decision.ok ? '' : decision.rejection.detail).toMatch(/^\S.+/);
});
