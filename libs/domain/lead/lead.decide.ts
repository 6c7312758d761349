import { decideActivity } from '../activity/activity.decide.js';
import type { CommandContext, Decision } from '../shared/decision.js';
import { accept, reject } from '../shared/decision.js';
import { sameJson } from '../shared/equality.js';
import { isNegative, sameMoney } from '../shared/money.js';
import type { ErasureCommand } from '../personal/erasure.commands.js';
import { decideErasure } from '../personal/erasure.decide.js';
import { refuseFuture } from '../shared/occurrence.js';
import {
  idAlreadyUsed,
  invalidRequest,
  negativeValue,
  notFound,
  unknownReason,
  wrongStatus,
} from '../shared/refusals.js';
import { ICP_FIT } from '../settings/settings.shape.js';
import { convertToDeal } from './lead.convert.js';
import type { CaptureLead, DisqualifyLead, EditLead, LeadCommand, NurtureLead, QualifyLead } from './lead.commands.js';
import { CRITERIA } from './lead.events.js';
import type { Criterion, CriterionAnswer, LeadEdited, LeadEvent, LeadStatus } from './lead.events.js';
import { revertLeadConversion } from './lead.revert.js';
import type { LeadState } from './lead.state.js';
import { assignLead, happen, labelLead, linkContact, recordEngagement } from './lead.upkeep.js';

/** A lead that was converted or archived is a closed book. */
const EDITABLE: readonly LeadStatus[] = ['new', 'nurturing', 'qualified', 'disqualified'];
const ACTIVE: readonly LeadStatus[] = ['new', 'nurturing', 'qualified'];
const REOPENABLE: readonly LeadStatus[] = ['disqualified', 'nurturing', 'archived'];

/** What a command does to a lead; `state` null: there is no such lead yet. */
export function decideLead(
  state: LeadState | null,
  command: LeadCommand,
  context: CommandContext,
): Decision<LeadEvent> {
  if (command.type === 'RedactText' || command.type === 'EraseTexts') {
    return state === null ? notFound('lead') : decideErasure(command, context);
  }
  if (command.type === 'RevertLeadConversion' && state !== null) return revertLeadConversion(state, command, context);
  const future = refuseFuture(context);
  if (future !== null) return future;
  if (command.type === 'CaptureLead') return state === null ? captureLead(command, context) : idAlreadyUsed('lead');
  return state === null ? notFound('lead') : change(state, command, context);
}

function change(
  state: LeadState,
  command: Exclude<LeadCommand, CaptureLead | ErasureCommand>,
  context: CommandContext,
): Decision<LeadEvent> {
  switch (command.type) {
    case 'EditLead':
      return editLead(state, command, context);
    case 'QualifyLead':
      return qualifyLead(state, command, context);
    case 'DisqualifyLead':
      return disqualifyLead(state, command, context);
    case 'NurtureLead':
      return nurtureLead(state, command, context);
    case 'ReopenLead':
      if (!REOPENABLE.includes(state.status)) return wrongStatus('lead', state.status, REOPENABLE);
      return happen({ type: 'LeadReopened', data: {} }, context, state.last.status);
    case 'AddLeadNote':
      if (!EDITABLE.includes(state.status)) return wrongStatus('lead', state.status, EDITABLE);
      return happen({ type: 'LeadNoteAdded', data: { text: command.text } }, context);
    case 'ArchiveLead':
      if (state.status === 'archived') return accept();
      if (!EDITABLE.includes(state.status)) return wrongStatus('lead', state.status, EDITABLE);
      return happen({ type: 'LeadArchived', data: {} }, context, state.last.status);
    case 'AssignLead':
      if (!EDITABLE.includes(state.status)) return wrongStatus('lead', state.status, EDITABLE);
      return assignLead(state, command, context);
    case 'LabelLead':
      if (!EDITABLE.includes(state.status)) return wrongStatus('lead', state.status, EDITABLE);
      return labelLead(state, command, context);
    case 'LinkLeadContact':
      if (!EDITABLE.includes(state.status)) return wrongStatus('lead', state.status, EDITABLE);
      return linkContact(state, command, context);
    case 'RecordLeadEngagement':
      return recordEngagement(command, context);
    case 'PlanActivity':
    case 'RescheduleActivity':
    case 'CompleteActivity':
    case 'CancelActivity':
      if (!EDITABLE.includes(state.status)) return wrongStatus('lead', state.status, EDITABLE);
      return decideActivity(state.activities, command, context);
    case 'RevertLeadConversion':
      return revertLeadConversion(state, command, context);
    case 'ConvertToDeal':
      return convertToDeal(state, command, context);
    default: {
      const unknown: never = command;
      throw new Error(`unknown command ${JSON.stringify(unknown)}`);
    }
  }
}

function captureLead(command: CaptureLead, context: CommandContext): Decision<LeadEvent> {
  const { title, source, person, organization, value, labels, ownerId } = command;
  const { attributes, products, referredBy } = command;
  if (person === null && organization === null) {
    return reject({ code: 'no-contact', detail: 'A lead needs a person or an organisation.', data: null });
  }
  if (isNegative(value)) return negativeValue();
  const unknown = products.find((id) => !command.knownProducts.has(id));
  if (unknown !== undefined) {
    return reject({ code: 'unknown-product', detail: `There is no product ${unknown} to be sold.`, data: null });
  }
  const data = {
    title,
    source,
    person,
    organization,
    value,
    labels: [...new Set(labels)],
    ownerId: ownerId ?? context.actor.id,
    attributes,
    products: [...new Set(products)],
    referredBy,
  };
  return happen({ type: 'LeadCaptured', data }, context);
}

function editLead(state: LeadState, command: EditLead, context: CommandContext): Decision<LeadEvent> {
  const { title, source, value } = command;
  if (!EDITABLE.includes(state.status)) return wrongStatus('lead', state.status, EDITABLE);
  if (value !== undefined && isNegative(value)) return negativeValue();
  const revalued = value !== undefined && !sameMoney(value, state.value);
  const data: LeadEdited['data'] = {
    ...(title !== undefined && title !== state.title ? { title } : {}),
    ...(source !== undefined && source !== state.source ? { source } : {}),
    ...(revalued ? { value } : {}),
  };
  if (Object.keys(data).length === 0) return accept();
  return happen({ type: 'LeadEdited', data }, context, revalued ? state.last.value : undefined);
}

function qualifyLead(state: LeadState, command: QualifyLead, context: CommandContext): Decision<LeadEvent> {
  if (!ACTIVE.includes(state.status)) return wrongStatus('lead', state.status, ACTIVE);
  const { icpFit, answers, settings } = command;
  const { version } = settings.qualificationPolicy;
  const unasked = unaskedAnswer(command);
  if (unasked >= 0) {
    return invalidRequest(`/answers/${unasked}/question`, 'must be a question of the qualification policy');
  }
  const missing = missingOf(command);
  if (missing.length > 0) {
    const detail = `Not confirmed, but required to qualify: ${missing.join(', ')}.`;
    return reject({ code: 'criteria-not-met', detail, data: { missing } });
  }
  const data = { criteria: given(command.criteria), icpFit, answers, policyVersion: version };
  if (state.status === 'qualified' && state.qualification !== null) {
    const { qualifiedAt: _, ...before } = state.qualification;
    if (sameJson(before, data)) return accept();
  }
  return happen({ type: 'LeadQualified', data }, context, state.last.status);
}

/** What the qualification policy requires and the command does not bring. */
function missingOf({ criteria, icpFit, answers, settings }: QualifyLead): readonly string[] {
  const { required, icpRequired, questions } = settings.qualificationPolicy;
  const unanswered = questions.filter(
    (asked) => asked.required && !answers.some((each) => each.question === asked.key),
  );
  return [
    ...required.filter((criterion) => criteria[criterion]?.confirmed !== true),
    ...(icpRequired && (icpFit === null || icpFit === 'none') ? [ICP_FIT] : []),
    ...unanswered.map(({ key }) => key),
  ];
}

/** Place of the first answer to a question that the organisation does not ask; while it has none, any may be answered. */
function unaskedAnswer({ answers, settings }: QualifyLead): number {
  const { questions } = settings.qualificationPolicy;
  if (questions.length === 0) return -1;
  return answers.findIndex((answer) => !questions.some(({ key }) => key === answer.question));
}

/** Only the criteria that were answered: what is stored holds no undefined. */
function given(criteria: QualifyLead['criteria']): Partial<Record<Criterion, CriterionAnswer>> {
  const answered: Partial<Record<Criterion, CriterionAnswer>> = {};
  for (const criterion of CRITERIA) {
    const answer = criteria[criterion];
    if (answer !== undefined) answered[criterion] = answer;
  }
  return answered;
}

function disqualifyLead(state: LeadState, command: DisqualifyLead, context: CommandContext): Decision<LeadEvent> {
  const { reason, note, settings } = command;
  if (!ACTIVE.includes(state.status)) return wrongStatus('lead', state.status, ACTIVE);
  const known = settings.disqualificationReasons;
  if (!known.includes(reason)) return unknownReason(reason, known);
  return happen({ type: 'LeadDisqualified', data: { reason, note } }, context, state.last.status);
}

function nurtureLead(state: LeadState, command: NurtureLead, context: CommandContext): Decision<LeadEvent> {
  const { followUpOn, today } = command;
  if (!ACTIVE.includes(state.status)) return wrongStatus('lead', state.status, ACTIVE);
  if (state.status === 'nurturing' && state.followUpOn === followUpOn) return accept();
  if (followUpOn < today) {
    return reject({ code: 'date-in-past', detail: `${followUpOn} is before today, ${today}.`, data: null });
  }
  return happen({ type: 'LeadNurtured', data: { followUpOn } }, context, state.last.status);
}
