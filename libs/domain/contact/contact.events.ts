/** These names and shapes are the stored format of `person-<id>` and `organization-<id>`: version them with care. */

export interface PersonRegistered {
  readonly type: 'PersonRegistered';
  readonly data: { readonly name: string; readonly emails: readonly string[]; readonly phones: readonly string[] };
}

export interface OrganizationRegistered {
  readonly type: 'OrganizationRegistered';
  readonly data: { readonly name: string; readonly emails: readonly string[]; readonly phones: readonly string[] };
}

export type ContactEvent = PersonRegistered | OrganizationRegistered;

export interface ContactState {
  readonly id: string;
  readonly revision: number;
  readonly kind: 'person' | 'organization';
  readonly name: string;
  readonly emails: readonly string[];
  readonly phones: readonly string[];
}
