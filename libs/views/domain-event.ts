import type { DecodedEvent } from '#event-store/codec.js';
import type { RecordedEvent } from '#event-store/event.js';
import type { ActivityEvent } from '#domain/activity/activity.events.js';
import type { AlertEvent } from '#domain/alert/alert.events.js';
import type { ContactEvent } from '#domain/contact/contact.events.js';
import type { DealEvent } from '#domain/deal/deal.events.js';
import type { LeadEvent } from '#domain/lead/lead.events.js';
import type { ErasureEvent } from '#domain/personal/erasure.events.js';
import type { PipelineEvent } from '#domain/pipeline/pipeline.events.js';
import type { ProductEvent } from '#domain/product/product.events.js';
import type { StandaloneActivityEvent } from '#domain/standalone-activity/standalone.events.js';
import type { DomainEvent, Recorded } from '#domain/shared/decision.js';

const ACTIVITY: Readonly<Record<ActivityEvent['type'], true>> = {
  ActivityPlanned: true,
  ActivityRescheduled: true,
  ActivityCompleted: true,
  ActivityCancelled: true,
};

const ERASURE: Readonly<Record<ErasureEvent['type'], true>> = { TextRedacted: true, TextsErased: true };

/** Records, so that the compiler misses an event that the domain has and this list has not. */
const DEAL: Readonly<Record<DealEvent['type'], true>> = {
  DealOpened: true,
  DealStageMoved: true,
  GateOverridden: true,
  DealValueChanged: true,
  DealAssigned: true,
  DealWon: true,
  DealLost: true,
  DealReopened: true,
  DealRelocated: true,
  DealPipelineSwitched: true,
  DealVoided: true,
  MergeStarted: true,
  DealMergedInto: true,
  MergeRefused: true,
  MergeCompleted: true,
  MergeAbandoned: true,
  UnmergeStarted: true,
  DealUnmerged: true,
  UnmergeCompleted: true,
  DealCorrected: true,
  NoteAdded: true,
  FileLinked: true,
  ...ACTIVITY,
  LineItemsSet: true,
  ProposalRecorded: true,
  ProposalAccepted: true,
  CustomerChurned: true,
  CustomerWonBack: true,
  WinBackAbandoned: true,
  DealLabelled: true,
  DealContactLinked: true,
  DealVisibilitySet: true,
  ExpectedCloseSet: true,
  DealProbabilitySet: true,
  ForecastCategorySet: true,
  CriterionConfirmed: true,
  DealSnoozed: true,
  DealWoken: true,
  DealKeptAlive: true,
  InteractionLogged: true,
  ...ERASURE,
};

const LEAD: Readonly<Record<LeadEvent['type'], true>> = {
  LeadCaptured: true,
  LeadEdited: true,
  LeadQualified: true,
  LeadDisqualified: true,
  LeadNurtured: true,
  LeadReopened: true,
  LeadNoteAdded: true,
  LeadAssigned: true,
  LeadLabelled: true,
  LeadContactLinked: true,
  LeadArchived: true,
  LeadEngagementRecorded: true,
  ...ACTIVITY,
  LeadConverted: true,
  LeadConversionReverted: true,
  ...ERASURE,
};

const PIPELINE: Readonly<Record<PipelineEvent['type'], true>> = {
  PipelineCreated: true,
  StagePolicySet: true,
  StageAdded: true,
  StageRenamed: true,
  StagesReordered: true,
  MoveRulesSet: true,
  PipelineRenamed: true,
  StageRetired: true,
  PipelineRetired: true,
};

const PRODUCT: Readonly<Record<ProductEvent['type'], true>> = {
  ProductAdded: true,
  ProductRepriced: true,
  ProductRetired: true,
};

const STANDALONE: Readonly<Record<StandaloneActivityEvent['type'], true>> = {
  StandaloneActivityPlanned: true,
  OccurrenceRescheduled: true,
  OccurrenceCompleted: true,
  OccurrenceCancelled: true,
  StandaloneActivityCancelled: true,
};

const ALERT: Readonly<Record<AlertEvent['type'], true>> = { ActivityDue: true };

const CONTACT: Readonly<Record<ContactEvent['type'], true>> = {
  PersonRegistered: true,
  OrganizationRegistered: true,
  ContactEdited: true,
  ContactMergeStarted: true,
  ContactMergedInto: true,
  ContactMergeRefused: true,
  ContactMergeCompleted: true,
  ContactMergeAbandoned: true,
  ContactUnmergeStarted: true,
  ContactUnmerged: true,
  ContactUnmergeCompleted: true,
  PersonErased: true,
  OrganizationErased: true,
};

/** Whether this version of the software knows the event. */
export const isDealEvent = knower<DealEvent>(DEAL);
export const isLeadEvent = knower<LeadEvent>(LEAD);
export const isContactEvent = knower<ContactEvent>(CONTACT);
export const isPipelineEvent = knower<PipelineEvent>(PIPELINE);
export const isStandaloneEvent = knower<StandaloneActivityEvent>(STANDALONE);
export const isAlertEvent = knower<AlertEvent>(ALERT);
export const isProductEvent = knower<ProductEvent>(PRODUCT);

function knower<E extends DomainEvent>(known: Readonly<Record<E['type'], true>>) {
  const types: ReadonlySet<string> = new Set(Object.keys(known));
  return (event: DecodedEvent): event is Recorded<E> => types.has(event.type);
}

/**
 * What a fold says of an event type that it does not know: a stream that begins with one cannot be folded, and it is
 * better parked than shown as if it were not there.
 */
export function unreadableOpening(event: RecordedEvent): Error {
  return new Error(`${event.stream}: begins with ${event.type}, which this version does not know`);
}
