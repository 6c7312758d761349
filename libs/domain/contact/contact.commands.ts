import type { ContactKind, ContactState } from './contact.state.js';

/** `phonesE164` is for each phone its E.164 form, or null: the domain compares numbers, it cannot read them. */
export interface RegisterContact {
  readonly type: 'RegisterContact';
  readonly kind: ContactKind;
  readonly name: string;
  readonly emails: readonly string[];
  readonly phones: readonly string[];
  readonly phonesE164: readonly (string | null)[];
  /** Null for organisations. */
  readonly organizationId: string | null;
}

/** An organisation that is there stays as it is. */
export interface EnsureOrganization {
  readonly type: 'EnsureOrganization';
  readonly name: string;
}

/** A field that is left out stays; null clears. `phones` come with `phonesE164`. */
export interface EditContact {
  readonly type: 'EditContact';
  readonly name?: string;
  readonly emails?: readonly string[];
  readonly phones?: readonly string[];
  readonly phonesE164?: readonly (string | null)[];
  readonly organizationId?: string | null;
}

/** Adds the addresses and numbers that the contact has not. It is a consequence, and never refused. */
export interface TakeDetails {
  readonly type: 'TakeDetails';
  readonly emails: readonly string[];
  readonly phones: readonly string[];
  readonly phonesE164: readonly (string | null)[];
}

/** On the survivor: begins to take in another contact of the same kind. */
export interface MergeContacts {
  readonly type: 'MergeContacts';
  readonly mergeId: string;
  readonly otherId: string;
  /** The other as it is now; null: there is none. It decides for itself afterwards. */
  readonly other: ContactState | null;
}

/** On the survivor: begins to let go one that was merged into it. */
export interface UnmergeContacts {
  readonly type: 'UnmergeContacts';
  readonly mergeId: string;
  readonly otherId: string;
}

/** On the other, the second step of a merge: it decides, one way or the other, and is never refused. */
export interface JoinSurvivor {
  readonly type: 'JoinSurvivor';
  readonly mergeId: string;
  readonly survivorId: string;
}

/** On the other, the second step of an unmerge. */
export interface LeaveSurvivor {
  readonly type: 'LeaveSurvivor';
  readonly mergeId: string;
  readonly survivorId: string;
}

/** On the survivor, the last step of either. */
export interface EndMerge {
  readonly type: 'EndMerge';
  readonly mergeId: string;
  /** What the other decided. */
  readonly joined: boolean;
}

export interface EraseContact {
  readonly type: 'EraseContact';
  readonly kind: ContactKind;
  /** A lead or a deal names it, registered or not. */
  readonly isKnown: boolean;
}

/** On one that was merged into a contact that was erased: a consequence, and never refused. */
export interface EraseWithSurvivor {
  readonly type: 'EraseWithSurvivor';
  readonly kind: ContactKind;
}

export type ContactCommand =
  | RegisterContact
  | EnsureOrganization
  | EditContact
  | TakeDetails
  | MergeContacts
  | UnmergeContacts
  | JoinSurvivor
  | LeaveSurvivor
  | EndMerge
  | EraseContact
  | EraseWithSurvivor;
