import { decideLead } from '../../lead/lead.decide.js';
import type {
  CaptureLead,
  ConvertToDeal,
  LeadCommand,
  QualifyLead,
  RevertLeadConversion,
} from '../../lead/lead.commands.js';
import type {
  ContactDetails,
  Criterion,
  CriterionAnswer,
  LeadCaptured,
  LeadConversionReverted,
  LeadDisqualified,
  LeadEvent,
  LeadNurtured,
  LeadQualified,
  LeadReopened,
} from '../../lead/lead.events.js';
import { CRITERIA } from '../../lead/lead.events.js';
import { evolveLead } from '../../lead/lead.evolve.js';
import type { LeadState } from '../../lead/lead.state.js';
import type { EngagementKind } from '../../settings/settings.events.js';
import { DEFAULT_SETTINGS } from '../../settings/settings.js';
import type { Decider } from './given.js';
import { pipelineOf } from './pipelines.js';

export const lead: Decider<LeadState, LeadCommand, LeadEvent> = {
  id: 'plant-2',
  decide: decideLead,
  evolve: evolveLead,
};

export const BYRON: ContactDetails = { id: 'p-byron', name: 'Ada Byron', emails: ['ada@acme.test'], phones: [] };
export const ACME: ContactDetails = { id: 'o-acme', name: null, emails: [], phones: [] };

export function captured(change: Partial<LeadCaptured['data']> = {}): LeadCaptured {
  return {
    type: 'LeadCaptured',
    data: {
      title: 'Boiler, plant 2',
      source: 'website',
      person: BYRON,
      organization: null,
      value: { amount: '100.00', currency: 'EUR' },
      labels: ['hot'],
      ownerId: 'u-ada',
      attributes: {},
      products: [],
      referredBy: null,
      ...change,
    },
  };
}

export function capture(change: Partial<CaptureLead> = {}): CaptureLead {
  return {
    type: 'CaptureLead',
    id: lead.id,
    attributes: {},
    products: [],
    knownProducts: new Set(),
    referredBy: null,
    ...captured().data,
    ...change,
  };
}

/** All four criteria, confirmed but for those that are named. */
export function criteria(...missing: readonly Criterion[]): Record<Criterion, CriterionAnswer> {
  const answer = (criterion: Criterion) => ({ confirmed: !missing.includes(criterion), facts: null });
  const [budget, authority, need, timeline] = CRITERIA;
  return {
    budget: answer(budget),
    authority: answer(authority),
    need: answer(need),
    timeline: answer(timeline),
  };
}

export function qualified(change: Partial<LeadQualified['data']> = {}): LeadQualified {
  return {
    type: 'LeadQualified',
    data: { criteria: criteria(), icpFit: 'strong', answers: [], policyVersion: 1, ...change },
  };
}

export function qualify(change: Partial<QualifyLead> = {}): QualifyLead {
  return {
    type: 'QualifyLead',
    criteria: criteria(),
    icpFit: 'strong',
    answers: [],
    settings: DEFAULT_SETTINGS,
    ...change,
  };
}

export const disqualified = (reason = 'no-budget'): LeadDisqualified => ({
  type: 'LeadDisqualified',
  data: { reason, note: null },
});
export const disqualify = (reason = 'no-budget'): LeadCommand => ({
  type: 'DisqualifyLead',
  reason,
  note: null,
  settings: DEFAULT_SETTINGS,
});
export const nurtured = (followUpOn = '2026-09-01'): LeadNurtured => ({ type: 'LeadNurtured', data: { followUpOn } });
export const nurture = (followUpOn = '2026-09-01', today = '2026-03-12'): LeadCommand => ({
  type: 'NurtureLead',
  followUpOn,
  today,
});
export const reopenedLead = (): LeadReopened => ({ type: 'LeadReopened', data: {} });

export function convert(change: Partial<ConvertToDeal> = {}): ConvertToDeal {
  return {
    type: 'ConvertToDeal',
    dealId: 'boiler',
    pipeline: pipelineOf(),
    stageId: null,
    visibility: 'everyone',
    expectedClose: null,
    contacts: {},
    duplicates: { person: [], organization: [] },
    ...change,
  };
}

export function revertLead(dealId = 'boiler'): RevertLeadConversion {
  return { type: 'RevertLeadConversion', dealId, reason: 'no budget after all' };
}

export function reverted(dealId = 'boiler'): LeadConversionReverted {
  return { type: 'LeadConversionReverted', data: { dealId, reason: 'no budget after all' } };
}

export const engage = (kind: EngagementKind, detail: string | null = null): LeadCommand => ({
  type: 'RecordLeadEngagement',
  kind,
  detail,
});
export const engaged = (kind: EngagementKind, detail: string | null = null): LeadEvent => ({
  type: 'LeadEngagementRecorded',
  data: { kind, detail },
});
