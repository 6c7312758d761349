import { meetsGate } from './deal-model.js';
import { type ModelDeal, openedDeal, refused, type Result } from './deal-state.js';
import { type Place, stageAt } from './pipelines.js';

/** A lead as the rules of the domain say it behaves. */
export interface ModelLead {
  readonly status: 'new' | 'nurturing' | 'qualified' | 'disqualified' | 'converted' | 'archived';
  readonly types: readonly string[];
  readonly value: string | null;
  readonly owner: string;
  readonly labels: readonly string[];
  readonly followUpOn: string | null;
  /** The deal that it was converted to. */
  readonly deal: string | null;
}

export const CAPTURED: ModelLead = {
  status: 'new',
  types: ['LeadCaptured'],
  value: null,
  owner: 'u-0',
  labels: [],
  followUpOn: null,
  deal: null,
};

export type LeadCommand =
  | { readonly name: 'edit'; readonly value: string | null }
  | { readonly name: 'assign'; readonly owner: string }
  | { readonly name: 'label'; readonly label: string; readonly remove: boolean }
  | { readonly name: 'qualify'; readonly complete: boolean }
  | { readonly name: 'disqualify'; readonly reason: string }
  | { readonly name: 'nurture'; readonly followUpOn: string }
  | { readonly name: 'add-note' | 'archive' | 'reopen' | 'record-engagement' };

export type LeadStep =
  | LeadCommand
  | { readonly name: 'convert'; readonly id: string; readonly to: Place; readonly value?: string | null }
  | { readonly name: 'reverted' };

const EDITABLE = ['new', 'nurturing', 'qualified', 'disqualified'];
const ACTIVE = ['new', 'nurturing', 'qualified'];
const REOPENABLE = ['nurturing', 'disqualified', 'archived'];
const REASONS = ['no-budget', 'no-authority', 'no-need', 'no-timeline', 'bad-fit', 'unreachable', 'duplicate', 'other'];

export function appliedToLead(lead: ModelLead, step: LeadStep): Result<ModelLead> {
  const unchanged: Result<ModelLead> = { ok: true, next: lead, events: [] };
  const changed = (type: string, by: Partial<ModelLead> = {}): Result<ModelLead> => {
    return { ok: true, next: { ...lead, ...by, types: [...lead.types, type] }, events: [type] };
  };
  const unless = (statuses: readonly string[]) => (statuses.includes(lead.status) ? null : refused('wrong-status'));
  switch (step.name) {
    case 'edit': {
      const negative = step.value?.startsWith('-') === true ? ['negative-value'] : [];
      if (!EDITABLE.includes(lead.status)) return refused('wrong-status', ...negative);
      if (negative.length > 0) return refused(...negative);
      return step.value === lead.value ? unchanged : changed('LeadEdited', { value: step.value });
    }
    case 'assign':
      if (step.owner === lead.owner) return unless(EDITABLE) ?? unchanged;
      return unless(EDITABLE) ?? changed('LeadAssigned', { owner: step.owner });
    case 'label': {
      const has = lead.labels.includes(step.label);
      if (has !== step.remove) return unless(EDITABLE) ?? unchanged;
      const labels = has ? lead.labels.filter((label) => label !== step.label) : [...lead.labels, step.label];
      return unless(EDITABLE) ?? changed('LeadLabelled', { labels });
    }
    case 'add-note':
      return unless(EDITABLE) ?? changed('LeadNoteAdded');
    case 'record-engagement':
      return changed('LeadEngagementRecorded');
    case 'archive':
      if (lead.status === 'archived') return unchanged;
      return unless(EDITABLE) ?? changed('LeadArchived', { status: 'archived' });
    case 'reopen':
      return unless(REOPENABLE) ?? changed('LeadReopened', { status: 'new' });
    case 'qualify':
      if (!ACTIVE.includes(lead.status)) return refused('wrong-status', ...(step.complete ? [] : ['criteria-not-met']));
      if (!step.complete) return refused('criteria-not-met');
      return lead.status === 'qualified' ? unchanged : changed('LeadQualified', { status: 'qualified' });
    case 'disqualify': {
      const unknown = REASONS.includes(step.reason) ? [] : ['unknown-reason'];
      if (!ACTIVE.includes(lead.status)) return refused('wrong-status', ...unknown);
      return unknown.length > 0 ? refused(...unknown) : changed('LeadDisqualified', { status: 'disqualified' });
    }
    case 'nurture': {
      const { followUpOn } = step;
      if (!ACTIVE.includes(lead.status)) return refused('wrong-status');
      if (lead.status === 'nurturing' && lead.followUpOn === followUpOn) return unchanged;
      if (followUpOn < '2020') return refused('date-in-past');
      return changed('LeadNurtured', { status: 'nurturing', followUpOn });
    }
    case 'convert': {
      if (lead.status === 'converted') return refused('already-converted');
      if (lead.status !== 'qualified') return refused('wrong-status');
      if (stageAt(step.to).kind !== 'open') return refused('wrong-stage-kind');
      const { value } = dealOf(lead, '', step.to, step.value);
      if (value?.startsWith('-')) return refused('negative-value');
      if (!meetsGate(step.to, { value, proposals: {} })) return refused('gate-not-met');
      return changed('LeadConverted', { status: 'converted', deal: step.id });
    }
    case 'reverted':
      return changed('LeadConversionReverted', { status: 'qualified', deal: null });
  }
}

/** The deal that a lead is converted to. */
export function dealOf(lead: ModelLead, id: string, to: Place, value?: string | null): ModelDeal {
  const { owner, labels } = lead;
  const criteria = ['budget', 'authority', 'need', 'timeline'];
  return openedDeal(to, { owner, labels, criteria, value: value === undefined ? lead.value : value, lead: id });
}
