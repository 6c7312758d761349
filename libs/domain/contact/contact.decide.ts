import type { CommandContext, Decision } from '../shared/decision.js';
import { accept } from '../shared/decision.js';
import { sameJson } from '../shared/equality.js';
import { occurrence, refuseFuture } from '../shared/occurrence.js';
import { idAlreadyUsed, notFound, wrongStatus } from '../shared/refusals.js';
import type {
  ContactCommand,
  EditContact,
  EnsureOrganization,
  EraseWithSurvivor,
  RegisterContact,
  TakeDetails,
} from './contact.commands.js';
import type { ContactEdited, ContactEvent } from './contact.events.js';
import { eraseContact, eraseWithSurvivor, refuseErased } from './contact.erase.js';
import { matchKeys } from './contact.match.js';
import { endMerge, joinSurvivor, leaveSurvivor, mergeContacts, unmergeContacts } from './contact.merge.js';
import type { ContactState } from './contact.state.js';

/** What a command does to a person or an organisation; `state` null: there is no such contact yet. */
export function decideContact(
  state: ContactState | null,
  command: ContactCommand,
  context: CommandContext,
): Decision<ContactEvent> {
  if (command.type === 'EraseWithSurvivor') {
    return accept<ContactEvent>(
      ...eraseWithSurvivor(state, command).map((event) => ({ ...event, occurredAt: context.now })),
    );
  }
  const future = refuseFuture(context);
  if (future !== null) return future;
  const when = occurrence(context);
  if (!when.ok) return when;
  const decided = decide(state, command);
  if (!Array.isArray(decided)) return decided;
  return accept<ContactEvent>(...decided.map((event) => ({ ...event, occurredAt: when.at })));
}

/** Events, or why there are none. */
export type ContactDecision = ContactEvent[] | Extract<Decision<ContactEvent>, { readonly ok: false }>;

function decide(state: ContactState | null, command: Exclude<ContactCommand, EraseWithSurvivor>): ContactDecision {
  if (command.type === 'RegisterContact') return state === null ? register(command) : idAlreadyUsed(state.kind);
  if (command.type === 'EnsureOrganization') return state === null ? ensure(command) : [];
  if (command.type === 'EraseContact') return eraseContact(state, command);
  if (state === null) return notFound('contact');
  switch (command.type) {
    case 'EditContact':
      return edit(state, command);
    case 'TakeDetails':
      return takeDetails(state, command);
    case 'MergeContacts':
      return mergeContacts(state, command);
    case 'UnmergeContacts':
      return unmergeContacts(state, command);
    case 'JoinSurvivor':
      return joinSurvivor(state, command);
    case 'LeaveSurvivor':
      return leaveSurvivor(state, command);
    case 'EndMerge':
      return endMerge(state, command);
    default: {
      const unknown: never = command;
      throw new Error(`unknown command ${JSON.stringify(unknown)}`);
    }
  }
}

function register(command: RegisterContact): ContactEvent[] {
  const { kind, name, emails, phones, phonesE164, organizationId } = command;
  const details = { name, emails, phones, phonesE164 };
  return kind === 'person'
    ? [{ type: 'PersonRegistered', data: { ...details, organizationId } }]
    : [{ type: 'OrganizationRegistered', data: details }];
}

function ensure({ name }: EnsureOrganization): ContactEvent[] {
  return [{ type: 'OrganizationRegistered', data: { name, emails: [], phones: [] } }];
}

function edit(state: ContactState, command: EditContact): ContactDecision {
  if (state.erased) return refuseErased(state);
  if (state.mergedInto !== null) return wrongStatus(state.kind, 'merged', ['active']);
  const { name, emails, phones, phonesE164, organizationId } = command;
  const data: ContactEdited['data'] = {
    ...(name !== undefined && name !== state.name ? { name } : {}),
    ...(emails !== undefined && !sameJson(emails, state.emails) ? { emails } : {}),
    ...(phones !== undefined && phonesE164 !== undefined && !sameJson(phones, state.phones)
      ? { phones, phonesE164 }
      : {}),
    ...(organizationId !== undefined && organizationId !== state.organizationId ? { organizationId } : {}),
  };
  return Object.keys(data).length === 0 ? [] : [{ type: 'ContactEdited', data }];
}

/** What the contact has already, in another spelling perhaps, is not taken again. */
function takeDetails(state: ContactState, { emails, phones, phonesE164 }: TakeDetails): ContactEvent[] {
  if (state.erased) return [];
  const none = { ...state, name: '', emails: [], phones: [], phonesE164: [] };
  const keyOf = (details: Partial<ContactState>): string => matchKeys({ ...none, ...details })[0]?.key ?? '';
  const known = new Set(matchKeys(state).map(({ key }) => key));
  const isNew = (spelling: string, key: string, others: readonly string[]): boolean =>
    key === '' ? !others.includes(spelling) : !known.has(key);
  const newEmails = emails.filter((email) => isNew(email, keyOf({ emails: [email] }), state.emails));
  const numbers = phones.map((phone, index) => ({ phone, e164: phonesE164[index] ?? null }));
  const newNumbers = numbers.filter(({ phone, e164 }) =>
    isNew(phone, keyOf({ phones: [phone], phonesE164: [e164] }), state.phones),
  );
  const data: ContactEdited['data'] = {
    ...(newEmails.length > 0 ? { emails: [...state.emails, ...newEmails] } : {}),
    ...(newNumbers.length > 0
      ? {
          phones: [...state.phones, ...newNumbers.map(({ phone }) => phone)],
          phonesE164: [...state.phonesE164, ...newNumbers.map(({ e164 }) => e164)],
        }
      : {}),
  };
  return Object.keys(data).length === 0 ? [] : [{ type: 'ContactEdited', data }];
}
