import type { ActivityEvent } from '../activity/activity.events.js';
import type { ContactEvent } from '../contact/contact.events.js';
import type { DealEvent } from '../deal/deal.events.js';
import type { Answer, ContactDetails, Criterion, CriterionAnswer, LeadEvent } from '../lead/lead.events.js';
import { CRITERIA } from '../lead/criteria.js';
import type { ErasureEvent } from './erasure.events.js';
import type { StandaloneActivityEvent } from '../standalone-activity/standalone.events.js';
import type { DomainEvent } from '../shared/decision.js';

/** What is done with the personal strings of an event. */
export interface Treatment {
  /** A free text: a note, a message, a title, a reason in words. */
  readonly text: (value: string) => string;
  /** A name, an address or a number of the contact in this stream (`person-<id>`). */
  readonly contact: (stream: string, value: string) => string;
}

/** `stream`: of the event. */
type Treat<Data> = (data: Data, treatment: Treatment, stream: string) => Data;

/** One entry for each event type: null says that nothing in it is personal. */
type Table<E extends DomainEvent> = { readonly [T in E['type']]: Treat<Extract<E, { type: T }>['data']> | null };

const ACTIVITY: Table<ActivityEvent> = {
  ActivityPlanned: (data, { text }) => ({ ...data, subject: text(data.subject) }),
  ActivityRescheduled: null,
  ActivityCompleted: (data, { text }) => ({
    ...data,
    note: orNull(data.note, text),
    ...(data.outcome === undefined ? {} : { outcome: orNull(data.outcome, text) }),
  }),
  ActivityCancelled: (data, { text }) => ({ ...data, reason: orNull(data.reason, text) }),
};

const STANDALONE_ACTIVITY: Table<StandaloneActivityEvent> = {
  StandaloneActivityPlanned: (data, { text }) => ({ ...data, subject: text(data.subject) }),
  OccurrenceRescheduled: null,
  OccurrenceCompleted: (data, { text }) => ({
    ...data,
    outcome: orNull(data.outcome, text),
    note: orNull(data.note, text),
  }),
  OccurrenceCancelled: (data, { text }) => ({ ...data, reason: orNull(data.reason, text) }),
  StandaloneActivityCancelled: (data, { text }) => ({ ...data, reason: orNull(data.reason, text) }),
};

const ERASURE: Table<ErasureEvent> = { TextRedacted: null, TextsErased: null };

const LEAD: Table<LeadEvent> = {
  ...ACTIVITY,
  ...ERASURE,
  LeadCaptured: (data, treatment) => ({
    ...data,
    title: treatment.text(data.title),
    person: orNull(data.person, (person) => contactDetails(person, 'person', treatment)),
    organization: orNull(data.organization, (known) => contactDetails(known, 'organization', treatment)),
  }),
  LeadEdited: (data, { text }) => (data.title === undefined ? data : { ...data, title: text(data.title) }),
  LeadQualified: (data, { text }) => ({
    ...data,
    criteria: criteriaTreated(data.criteria, text),
    answers: data.answers.map((each): Answer => ({ ...each, answer: text(each.answer) })),
  }),
  LeadDisqualified: (data, { text }) => ({ ...data, note: orNull(data.note, text) }),
  LeadNurtured: null,
  LeadReopened: null,
  LeadNoteAdded: (data, { text }) => ({ ...data, text: text(data.text) }),
  LeadAssigned: null,
  LeadLabelled: null,
  LeadContactLinked: ({ person, organization }, treatment) => ({
    ...(person === undefined ? {} : { person: contactDetails(person, 'person', treatment) }),
    ...(organization === undefined ? {} : { organization: contactDetails(organization, 'organization', treatment) }),
  }),
  LeadArchived: null,
  LeadEngagementRecorded: (data, { text }) => ({ ...data, detail: orNull(data.detail, text) }),
  LeadConverted: (data, treatment) => ({
    ...data,
    deal: { ...data.deal, title: treatment.text(data.deal.title) },
    contacts: data.contacts.map((contact) => contactDetails(contact, contact.kind, treatment)),
  }),
  LeadConversionReverted: (data, { text }) => ({ ...data, reason: text(data.reason) }),
};

const DEAL: Table<DealEvent> = {
  ...ACTIVITY,
  ...ERASURE,
  DealOpened: (data, { text }) => ({ ...data, title: text(data.title) }),
  DealStageMoved: null,
  DealPipelineSwitched: null,
  GateOverridden: (data, { text }) => ({ ...data, reason: text(data.reason) }),
  DealValueChanged: null,
  DealAssigned: null,
  DealWon: null,
  DealLost: (data, { text }) => ({ ...data, note: orNull(data.note, text) }),
  DealReopened: null,
  DealRelocated: null,
  DealVoided: (data, { text }) => ({ ...data, reason: text(data.reason) }),
  MergeStarted: null,
  DealMergedInto: null,
  MergeRefused: null,
  MergeCompleted: null,
  MergeAbandoned: null,
  UnmergeStarted: null,
  DealUnmerged: null,
  UnmergeCompleted: null,
  DealCorrected: (data, { text }) => ({ ...data, reason: text(data.reason) }),
  NoteAdded: (data, { text }) => ({ ...data, text: text(data.text) }),
  FileLinked: (data, { text }) => ({ ...data, name: text(data.name), uri: text(data.uri) }),
  LineItemsSet: null,
  ProposalRecorded: (data, { text }) => ({
    ...data,
    options: data.options.map((option) => ({ ...option, name: orNull(option.name, text) })),
  }),
  ProposalAccepted: null,
  CustomerChurned: null,
  CustomerWonBack: (data, { text }) => ({ ...data, deal: { ...data.deal, title: text(data.deal.title) } }),
  WinBackAbandoned: null,
  DealLabelled: null,
  DealContactLinked: null,
  DealVisibilitySet: null,
  ExpectedCloseSet: null,
  DealProbabilitySet: null,
  ForecastCategorySet: null,
  CriterionConfirmed: (data, { text }) => ({ ...data, facts: orNull(data.facts, text) }),
  DealSnoozed: null,
  DealWoken: null,
  DealKeptAlive: (data, { text }) => ({ ...data, reason: orNull(data.reason, text) }),
  InteractionLogged: (data, { text }) => ({
    ...data,
    subject: orNull(data.subject, text),
    text: orNull(data.text, text),
  }),
};

const CONTACT: Table<ContactEvent> = {
  PersonRegistered: ownDetails,
  OrganizationRegistered: ownDetails,
  ContactEdited: ownDetails,
  ContactMergeStarted: null,
  ContactMergedInto: null,
  ContactMergeRefused: null,
  ContactMergeCompleted: null,
  ContactMergeAbandoned: null,
  ContactUnmergeStarted: null,
  ContactUnmerged: null,
  ContactUnmergeCompleted: null,
  PersonErased: null,
  OrganizationErased: null,
};

const TABLE: ReadonlyMap<string, Treat<object>> = new Map(
  [LEAD, DEAL, CONTACT, STANDALONE_ACTIVITY].flatMap((table) =>
    // Each entry takes what its own event type carries, and is only ever given that.
    Object.entries(table).flatMap(([type, treat]) => (treat === null ? [] : [[type, treat as Treat<object>] as const])),
  ),
);

/** What an event type says of its personal strings; null: it has none. */
export function treatmentOf(type: string): Treat<object> | null {
  return TABLE.get(type) ?? null;
}

function orNull<T, R>(value: T | null, treat: (value: T) => R): R | null {
  return value === null ? null : treat(value);
}

function contactDetails<Details extends ContactDetails>(
  details: Details,
  kind: 'person' | 'organization',
  { contact }: Treatment,
): Details {
  const own = (value: string): string => contact(`${kind}-${details.id}`, value);
  const { name, emails, phones } = details;
  return { ...details, name: orNull(name, own), emails: emails.map(own), phones: phones.map(own) };
}

interface OwnDetails {
  readonly name?: string;
  readonly emails?: readonly string[];
  readonly phones?: readonly string[];
  readonly phonesE164?: readonly (string | null)[];
}

function ownDetails<Data extends OwnDetails>(data: Data, { contact }: Treatment, stream: string): Data {
  const own = (value: string): string => contact(stream, value);
  const { name, emails, phones, phonesE164 } = data;
  return {
    ...data,
    ...(name === undefined ? {} : { name: own(name) }),
    ...(emails === undefined ? {} : { emails: emails.map(own) }),
    ...(phones === undefined ? {} : { phones: phones.map(own) }),
    ...(phonesE164 === undefined ? {} : { phonesE164: phonesE164.map((number) => orNull(number, own)) }),
  };
}

function criteriaTreated(
  criteria: Readonly<Partial<Record<Criterion, CriterionAnswer>>>,
  text: Treatment['text'],
): Partial<Record<Criterion, CriterionAnswer>> {
  const treated: Partial<Record<Criterion, CriterionAnswer>> = {};
  for (const criterion of CRITERIA) {
    const answer = criteria[criterion];
    if (answer !== undefined) treated[criterion] = { ...answer, facts: orNull(answer.facts, text) };
  }
  return treated;
}
