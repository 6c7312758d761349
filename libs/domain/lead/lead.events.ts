import type { Money } from '../shared/money.js';
import type { ActivityEvent } from '../activity/activity.events.js';
import type { EngagementKind } from '../settings/settings.events.js';
import type { DealOpened } from '../deal/deal.events.js';
import type { ErasureEvent } from '../personal/erasure.events.js';
import type { Criterion } from './criteria.js';

export { CRITERIA } from './criteria.js';
export type { Criterion } from './criteria.js';

/** These names and shapes are the stored format of `lead-<id>`: version them with care. */

export type LeadStatus = 'new' | 'nurturing' | 'qualified' | 'converted' | 'disqualified' | 'archived';
export type IcpFit = 'strong' | 'partial' | 'none';

/** A contact under the id that it has or, when it was given inline, will have after the conversion. */
export interface ContactDetails {
  readonly id: string;
  /** Null when the contact was given by its id alone. */
  readonly name: string | null;
  readonly emails: readonly string[];
  readonly phones: readonly string[];
}

export interface CriterionAnswer {
  readonly confirmed: boolean;
  readonly facts: string | null;
}

export interface Answer {
  readonly question: string;
  readonly answer: string;
}

export interface LeadCaptured {
  readonly type: 'LeadCaptured';
  readonly data: {
    readonly title: string;
    readonly source: string | null;
    readonly person: ContactDetails | null;
    readonly organization: ContactDetails | null;
    readonly value: Money | null;
    readonly labels: readonly string[];
    readonly ownerId: string;
    /** What is known of who asks; older events do not say, as of the next two. */
    readonly attributes?: Readonly<Record<string, string>>;
    /** Ids. */
    readonly products?: readonly string[];
    /** Id of a person. */
    readonly referredBy?: string | null;
  };
}

export interface LeadAssigned {
  readonly type: 'LeadAssigned';
  readonly data: { readonly ownerId: string; readonly teamId: string | null };
}

/** Only what changed. */
export interface LeadLabelled {
  readonly type: 'LeadLabelled';
  readonly data: { readonly added: readonly string[]; readonly removed: readonly string[] };
}

/** Only the contacts that changed. */
export interface LeadContactLinked {
  readonly type: 'LeadContactLinked';
  readonly data: { readonly person?: ContactDetails; readonly organization?: ContactDetails };
}

export interface LeadArchived {
  readonly type: 'LeadArchived';
  readonly data: Record<never, never>;
}

export interface LeadEngagementRecorded {
  readonly type: 'LeadEngagementRecorded';
  readonly data: { readonly kind: EngagementKind; readonly detail: string | null };
}

/** Only the fields that changed. */
export interface LeadEdited {
  readonly type: 'LeadEdited';
  readonly data: { readonly title?: string; readonly source?: string | null; readonly value?: Money | null };
}

export interface LeadQualified {
  readonly type: 'LeadQualified';
  readonly data: {
    readonly criteria: Readonly<Partial<Record<Criterion, CriterionAnswer>>>;
    readonly icpFit: IcpFit | null;
    readonly answers: readonly Answer[];
    /** Version of the qualification policy that it was decided on. */
    readonly policyVersion: number;
  };
}

export interface LeadDisqualified {
  readonly type: 'LeadDisqualified';
  readonly data: { readonly reason: string; readonly note: string | null };
}

export interface LeadNurtured {
  readonly type: 'LeadNurtured';
  /** A civil date, `2026-09-01`. */
  readonly data: { readonly followUpOn: string };
}

export interface LeadReopened {
  readonly type: 'LeadReopened';
  readonly data: Record<never, never>;
}

export interface LeadNoteAdded {
  readonly type: 'LeadNoteAdded';
  readonly data: { readonly text: string };
}

/** Decides that there is exactly one conversion; carries all that the deal and its contacts need. */
export interface LeadConverted {
  readonly type: 'LeadConverted';
  readonly data: {
    readonly dealId: string;
    /** Payload of the DealOpened that follows on `deal-<dealId>`. */
    readonly deal: DealOpened['data'];
    /** Contacts of the deal; those with `create` are registered under their id before the deal is opened. */
    readonly contacts: readonly (ContactDetails & {
      readonly kind: 'person' | 'organization';
      readonly create: boolean;
      /** An existing contact takes in these addresses and numbers. Left out: no. */
      readonly merge?: true;
    })[];
  };
}

/** The deal of the conversion is voided, or was never this lead's: qualified again, and may be converted again. */
export interface LeadConversionReverted {
  readonly type: 'LeadConversionReverted';
  readonly data: { readonly dealId: string; readonly reason: string };
}

export type LeadEvent =
  | LeadCaptured
  | LeadEdited
  | LeadQualified
  | LeadDisqualified
  | LeadNurtured
  | LeadReopened
  | LeadNoteAdded
  | LeadAssigned
  | LeadLabelled
  | LeadContactLinked
  | LeadArchived
  | LeadEngagementRecorded
  | ActivityEvent
  | LeadConverted
  | LeadConversionReverted
  | ErasureEvent;
