import type { CommandContext, Decision, LastChange } from '../shared/decision.js';
import { accept } from '../shared/decision.js';
import { sameJson } from '../shared/equality.js';
import { occurrence } from '../shared/occurrence.js';
import { invalidRequest } from '../shared/refusals.js';
import type { AssignLead, LabelLead, LinkLeadContact, RecordLeadEngagement } from './lead.commands.js';
import type { LeadContactLinked, LeadEvent } from './lead.events.js';
import type { LeadState } from './lead.state.js';

export const MOST_LABELS = 100;

export function assignLead(state: LeadState, command: AssignLead, context: CommandContext): Decision<LeadEvent> {
  const { ownerId, teamId } = command;
  if (ownerId === state.ownerId && teamId === state.teamId) return accept();
  return happen({ type: 'LeadAssigned', data: { ownerId, teamId } }, context, state.last.owner);
}

/** A label that is added and removed is removed. */
export function labelLead(state: LeadState, { add, remove }: LabelLead, context: CommandContext): Decision<LeadEvent> {
  const removed = state.labels.filter((label) => remove.includes(label));
  const added = [...new Set(add)].filter((label) => !state.labels.includes(label) && !remove.includes(label));
  if (added.length === 0 && removed.length === 0) return accept();
  if (state.labels.length - removed.length + added.length > MOST_LABELS) {
    return invalidRequest('/add', `there are at most ${MOST_LABELS} labels`);
  }
  return happen({ type: 'LeadLabelled', data: { added, removed } }, context);
}

export function linkContact(state: LeadState, command: LinkLeadContact, context: CommandContext): Decision<LeadEvent> {
  const { person, organization } = command;
  const data: LeadContactLinked['data'] = {
    ...(person !== undefined && !sameJson(person, state.person) ? { person } : {}),
    ...(organization !== undefined && !sameJson(organization, state.organization) ? { organization } : {}),
  };
  if (Object.keys(data).length === 0) return accept();
  return happen({ type: 'LeadContactLinked', data }, context);
}

/** Interest is recorded whatever has become of the lead: each time it is shown counts. */
export function recordEngagement(command: RecordLeadEngagement, context: CommandContext): Decision<LeadEvent> {
  const { kind, detail } = command;
  return happen({ type: 'LeadEngagementRecorded', data: { kind, detail } }, context);
}

/** Accepts one event, at the time that the command and the group that it changes give it. */
export function happen(event: LeadEvent, context: CommandContext, last?: LastChange): Decision<LeadEvent> {
  const when = occurrence(context, last);
  return when.ok ? accept<LeadEvent>({ ...event, occurredAt: when.at }) : when;
}
