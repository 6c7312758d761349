/**
 * These names and shapes are the stored format of `person-<id>` and `organization-<id>`: version them with care. All that
 * is personal (names, addresses, numbers) is in `data` of the first three, in the fields of ContactDetailsData.
 */
export interface ContactDetailsData {
  readonly name: string;
  readonly emails: readonly string[];
  readonly phones: readonly string[];
  /** For each phone its E.164 form, by which numbers are compared; null: it is none. Older events have no such list. */
  readonly phonesE164?: readonly (string | null)[];
}

export interface PersonRegistered {
  readonly type: 'PersonRegistered';
  readonly data: ContactDetailsData & {
    /** Where the person works; older events do not say. */
    readonly organizationId?: string | null;
  };
}

export interface OrganizationRegistered {
  readonly type: 'OrganizationRegistered';
  readonly data: ContactDetailsData;
}

/** Only the fields that changed; `phones` and `phonesE164` together. */
export interface ContactEdited {
  readonly type: 'ContactEdited';
  readonly data: Partial<ContactDetailsData> & { readonly organizationId?: string | null };
}

/** On the survivor, which can meanwhile not be merged away. */
export interface ContactMergeStarted {
  readonly type: 'ContactMergeStarted';
  readonly data: { readonly mergeId: string; readonly otherId: string };
}

/** On the other, which decides. */
export interface ContactMergedInto {
  readonly type: 'ContactMergedInto';
  readonly data: { readonly mergeId: string; readonly survivorId: string };
}

/** On the other, which decides: it was merged already, or takes in another one itself. */
export interface ContactMergeRefused {
  readonly type: 'ContactMergeRefused';
  readonly data: { readonly mergeId: string; readonly survivorId: string };
}

/** On the survivor: the other has decided. */
export interface ContactMergeEnded {
  readonly type: 'ContactMergeCompleted' | 'ContactMergeAbandoned';
  readonly data: { readonly mergeId: string; readonly otherId: string };
}

/** On the survivor. */
export interface ContactUnmergeStarted {
  readonly type: 'ContactUnmergeStarted';
  readonly data: { readonly mergeId: string; readonly otherId: string };
}

/** On the other: it stands by itself again. */
export interface ContactUnmerged {
  readonly type: 'ContactUnmerged';
  readonly data: { readonly mergeId: string; readonly survivorId: string };
}

/** On the survivor: the other stands by itself. */
export interface ContactUnmergeCompleted {
  readonly type: 'ContactUnmergeCompleted';
  readonly data: { readonly mergeId: string; readonly otherId: string };
}

/**
 * The contact's key is destroyed because of this event: what names it in any stream, and the free texts of the leads and
 * deals that it is linked to, can be read no more. `merged`: ids of those that were merged into it, erased with it.
 */
export interface ContactErased {
  readonly type: 'PersonErased' | 'OrganizationErased';
  readonly data: { readonly merged: readonly string[] };
}

export type ContactEvent =
  | PersonRegistered
  | OrganizationRegistered
  | ContactEdited
  | ContactMergeStarted
  | ContactMergedInto
  | ContactMergeRefused
  | ContactMergeEnded
  | ContactUnmergeStarted
  | ContactUnmerged
  | ContactUnmergeCompleted
  | ContactErased;
