import type { Candidate } from '../contact/contact.match.js';
import type { Money } from '../shared/money.js';
import type { DealVisibility } from '../deal/deal.events.js';
import type { PipelineState } from '../pipeline/pipeline.state.js';
import type { ActivityCommand } from '../activity/activity.commands.js';
import type { ErasureCommand } from '../personal/erasure.commands.js';
import type { EngagementKind } from '../settings/settings.events.js';
import type { Settings } from '../settings/settings.js';
import type { Answer, ContactDetails, Criterion, CriterionAnswer, IcpFit } from './lead.events.js';

export interface CaptureLead {
  readonly type: 'CaptureLead';
  readonly id: string;
  readonly title: string;
  readonly source: string | null;
  /** The id is the contact's own or, for an inline contact, the one that it will have. */
  readonly person: ContactDetails | null;
  readonly organization: ContactDetails | null;
  readonly value: Money | null;
  readonly labels: readonly string[];
  /** Default: the actor. */
  readonly ownerId: string | null;
  /** What is known of who asks, for the score: age band, place, industry, size ... */
  readonly attributes: Readonly<Record<string, string>>;
  /** Ids of what they ask about. */
  readonly products: readonly string[];
  /** Of these, the products that can be sold. */
  readonly knownProducts: { has(productId: string): boolean };
  /** Id of the person who sent them. */
  readonly referredBy: string | null;
}

export interface AssignLead {
  readonly type: 'AssignLead';
  readonly ownerId: string;
  readonly teamId: string | null;
}

export interface LabelLead {
  readonly type: 'LabelLead';
  readonly add: readonly string[];
  readonly remove: readonly string[];
}

/** A contact that is left out stays. */
export interface LinkLeadContact {
  readonly type: 'LinkLeadContact';
  readonly person?: ContactDetails;
  readonly organization?: ContactDetails;
}

export interface ArchiveLead {
  readonly type: 'ArchiveLead';
}

export interface RecordLeadEngagement {
  readonly type: 'RecordLeadEngagement';
  readonly kind: EngagementKind;
  readonly detail: string | null;
}

/** A field that is left out stays; null clears. */
export interface EditLead {
  readonly type: 'EditLead';
  readonly title?: string;
  readonly source?: string | null;
  readonly value?: Money | null;
}

export interface QualifyLead {
  readonly type: 'QualifyLead';
  readonly criteria: Readonly<Partial<Record<Criterion, CriterionAnswer>>>;
  readonly icpFit: IcpFit | null;
  readonly answers: readonly Answer[];
  readonly settings: Settings;
}

export interface DisqualifyLead {
  readonly type: 'DisqualifyLead';
  readonly reason: string;
  readonly note: string | null;
  readonly settings: Settings;
}

export interface NurtureLead {
  readonly type: 'NurtureLead';
  /** Civil date, in the organisation's zone. */
  readonly followUpOn: string;
  /** Today's civil date in the organisation's zone. */
  readonly today: string;
}

export interface ReopenLead {
  readonly type: 'ReopenLead';
}

export interface AddLeadNote {
  readonly type: 'AddLeadNote';
  readonly text: string;
}

/**
 * `use`: an existing contact; `create`: register the lead's inline one; `merge`: an existing contact, which takes in the
 * addresses and numbers of the inline one.
 */
export type ContactResolution = { readonly use: string } | { readonly create: true } | { readonly merge: string };

export interface ConvertToDeal {
  readonly type: 'ConvertToDeal';
  readonly dealId: string;
  /** Null: there is no such pipeline. */
  readonly pipeline: PipelineState | null;
  /** Default: the first open stage. */
  readonly stageId: string | null;
  /** Left out: as the lead has it. */
  readonly title?: string;
  readonly value?: Money | null;
  readonly ownerId?: string;
  readonly visibility: DealVisibility;
  readonly expectedClose: string | null;
  /** Left out: as the lead has it, which is refused where there are likely duplicates. */
  readonly contacts: { readonly person?: ContactResolution; readonly organization?: ContactResolution };
  /** Registered contacts that are likely the lead's inline ones. */
  readonly duplicates: { readonly person: readonly Candidate[]; readonly organization: readonly Candidate[] };
}

/** Follows from what happened to the deal. */
export interface RevertLeadConversion {
  readonly type: 'RevertLeadConversion';
  readonly dealId: string;
  readonly reason: string;
}

export type LeadCommand =
  | CaptureLead
  | EditLead
  | QualifyLead
  | DisqualifyLead
  | NurtureLead
  | ReopenLead
  | AddLeadNote
  | AssignLead
  | LabelLead
  | LinkLeadContact
  | ArchiveLead
  | RecordLeadEngagement
  | ActivityCommand
  | ConvertToDeal
  | RevertLeadConversion
  | ErasureCommand;
