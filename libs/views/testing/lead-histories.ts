import fc from 'fast-check';
import type { DealOpened } from '#domain/deal/deal.events.js';
import type { LeadCaptured, LeadEvent, LeadStatus } from '#domain/lead/lead.events.js';
import { Plans } from './plans.js';
import type { Happening } from './recorded.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const START = Date.parse('2026-01-02T08:00:00.000Z');

type LeadOp =
  | 'retitle'
  | 'revalue'
  | 'resource'
  | 'qualify'
  | 'disqualify'
  | 'nurture'
  | 'reopen'
  | 'note'
  | 'erase'
  | 'convert'
  | 'assign'
  | 'label'
  | 'link'
  | 'engage'
  | 'plan'
  | 'complete'
  | 'archive'
  | 'unknown';

const LEAD_OPS: readonly LeadOp[] = [
  ...(['retitle', 'revalue', 'resource', 'qualify', 'disqualify', 'nurture', 'reopen', 'note', 'convert'] as const),
  ...(['assign', 'label', 'link', 'engage', 'engage', 'plan', 'complete', 'archive', 'erase', 'unknown'] as const),
];

interface Step {
  readonly op: LeadOp;
  readonly pick: number;
  readonly wait: number;
  readonly back: number;
}

const captures: fc.Arbitrary<LeadCaptured['data']> = fc.record({
  title: fc.constantFrom('Boiler, plant 2', 'ÄRGER mit Pumpe'),
  source: fc.constantFrom(null, 'website', 'fair'),
  person: fc.constantFrom(null, { id: 'person-1', name: 'Ada Byron', emails: ['ada@acme.test'], phones: [] }),
  organization: fc.constantFrom(
    { id: 'organization-1', name: 'ACME GmbH', emails: [], phones: [] },
    {
      id: 'organization-2',
      name: null,
      emails: [],
      phones: [],
    },
  ),
  value: fc.constantFrom(null, { amount: '500.00', currency: 'EUR' }),
  labels: fc.constantFrom([], ['hot']),
  ownerId: fc.constantFrom('u-1', 'u-2'),
  attributes: fc.constantFrom<Record<string, string>>({}, { industry: 'energy', size: '250+' }),
  products: fc.constantFrom([], ['product-1']),
  referredBy: fc.constantFrom(null, 'person-9'),
});

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.record({
    op: fc.constantFrom(...LEAD_OPS),
    pick: fc.nat(5),
    wait: fc.constantFrom(0, 0, 1, HOUR, DAY),
    back: fc.constantFrom(0, 0, HOUR, 3 * DAY),
  }),
  { maxLength: 10 },
);

/** What happens to one lead: only what the rules allow, with late and simultaneous times. */
export const leadLives: fc.Arbitrary<readonly Happening[]> = fc.tuple(captures, steps).map(([capture, rest]) => {
  const happenings: Happening[] = [
    { type: 'LeadCaptured', data: capture, occurredAt: START, recordedAt: START, actor: { id: 'u-1', kind: 'user' } },
  ];
  const last = { status: START, value: START, owner: START };
  let status: LeadStatus = 'new';
  let clock = START;
  const plans = new Plans();
  const happen = (occurredAt: number, event: LeadEvent): void => {
    happenings.push({ ...event, occurredAt, recordedAt: clock });
  };
  for (const step of rest) {
    clock += step.wait;
    const at = clock - step.back;
    if (step.op === 'note') happen(at, { type: 'LeadNoteAdded', data: { text: `Note ${step.pick}` } });
    if (step.op === 'erase') {
      happen(
        at,
        step.pick > 2
          ? { type: 'TextsErased', data: { contact: `person-person-${step.pick - 2}` } }
          : { type: 'TextRedacted', data: { revision: 0, keys: [`t-${step.pick}`] } },
      );
    }
    if (step.op === 'unknown')
      happenings.push({ type: 'LeadTeleported', data: {}, occurredAt: clock, recordedAt: clock });
    if (step.op === 'engage') happen(at, engaged(step.pick));
    if (status === 'converted') {
      if (step.op !== 'reopen') continue;
      last.status = Math.max(last.status, at);
      const data = { dealId: 'deal-of-lead', reason: 'no budget after all' };
      happen(last.status, { type: 'LeadConversionReverted', data });
      status = 'qualified';
      continue;
    }
    if (step.op === 'retitle') happen(at, { type: 'LeadEdited', data: { title: `Pump ${step.pick}` } });
    if (step.op === 'resource') happen(at, { type: 'LeadEdited', data: { source: step.pick > 2 ? 'fair' : null } });
    if (step.op === 'revalue') {
      last.value = Math.max(last.value, at);
      happen(last.value, {
        type: 'LeadEdited',
        data: { value: step.pick > 2 ? { amount: `${step.pick}.00`, currency: 'EUR' } : null },
      });
    }
    if (step.op === 'assign') {
      last.owner = Math.max(last.owner, at);
      happen(last.owner, { type: 'LeadAssigned', data: { ownerId: `u-${step.pick}`, teamId: null } });
    }
    const change = upkeepOf(step, plans, clock);
    if (change !== null) happen(at, change);
    const turn = turnOf(step, status, capture);
    if (turn === null) continue;
    last.status = Math.max(last.status, at);
    happen(last.status, turn.event);
    status = turn.status;
  }
  return happenings;
});

function engaged(pick: number): LeadEvent {
  const kind = pick > 2 ? 'pricing-page-seen' : 'email-opened';
  return { type: 'LeadEngagementRecorded', data: { kind, detail: pick === 0 ? 'twice' : null } };
}

function upkeepOf({ op, pick }: Step, plans: Plans, clock: number): LeadEvent | null {
  if (op === 'label') {
    const [added, removed] = pick > 2 ? [['vip'], []] : [[], ['hot']];
    return { type: 'LeadLabelled', data: { added, removed } };
  }
  if (op === 'link') {
    const person = { id: `person-${pick}`, name: pick > 2 ? 'Bo Byron' : null, emails: [], phones: [] };
    return { type: 'LeadContactLinked', data: { person } };
  }
  return op === 'plan' || op === 'complete' ? plans.take(op, pick, clock) : null;
}

function turnOf(
  step: Step,
  status: LeadStatus,
  capture: LeadCaptured['data'],
): { readonly event: LeadEvent; readonly status: LeadStatus } | null {
  const active = status === 'new' || status === 'nurturing' || status === 'qualified';
  switch (step.op) {
    case 'qualify':
      if (!active) return null;
      return { event: { type: 'LeadQualified', data: qualification(step.pick) }, status: 'qualified' };
    case 'disqualify':
      if (!active) return null;
      return {
        event: { type: 'LeadDisqualified', data: { reason: 'no-budget', note: step.pick > 2 ? 'next year' : null } },
        status: 'disqualified',
      };
    case 'nurture':
      if (!active) return null;
      return {
        event: { type: 'LeadNurtured', data: { followUpOn: `2026-09-0${step.pick + 1}` } },
        status: 'nurturing',
      };
    case 'archive':
      if (status === 'archived') return null;
      return { event: { type: 'LeadArchived', data: {} }, status: 'archived' };
    case 'reopen':
      if (status !== 'disqualified' && status !== 'nurturing' && status !== 'archived') return null;
      return { event: { type: 'LeadReopened', data: {} }, status: 'new' };
    case 'convert':
      if (status !== 'qualified') return null;
      return {
        event: {
          type: 'LeadConverted',
          data: { dealId: 'deal-of-lead', deal: dealOf(capture), contacts: [] },
        },
        status: 'converted',
      };
    default:
      return null;
  }
}

function qualification(pick: number): Extract<LeadEvent, { type: 'LeadQualified' }>['data'] {
  const confirmed = { confirmed: true, facts: `facts ${pick}` };
  return {
    criteria: { budget: confirmed, authority: confirmed, need: confirmed, timeline: confirmed },
    icpFit: pick > 2 ? 'strong' : null,
    answers: [],
    policyVersion: 1,
  };
}

function dealOf(capture: LeadCaptured['data']): DealOpened['data'] {
  return {
    title: capture.title,
    kind: 'new',
    pipelineId: 'new-business',
    pipelineVersion: 1,
    stageId: 'prospecting',
    rank: 1,
    value: capture.value,
    lineItems: [],
    personId: capture.person?.id ?? null,
    organizationId: capture.organization?.id ?? null,
    ownerId: capture.ownerId,
    teamId: null,
    visibility: 'everyone',
    source: capture.source,
    labels: capture.labels,
    expectedClose: null,
    probability: null,
    forecastCategory: null,
    leadId: 'lead-1',
    capturedAt: new Date(START).toISOString(),
    previousDealId: null,
    criteria: ['budget', 'authority', 'need', 'timeline'],
  };
}
