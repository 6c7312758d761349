export type ContactKind = 'person' | 'organization';

export interface ContactState {
  readonly id: string;
  /** Nothing personal is left of it. */
  readonly erased: boolean;
  readonly revision: number;
  readonly kind: ContactKind;
  readonly name: string;
  readonly emails: readonly string[];
  readonly phones: readonly string[];
  /** For each phone its E.164 form; null: it is none. */
  readonly phonesE164: readonly (string | null)[];
  /** Null for organisations, and for a person of none. */
  readonly organizationId: string | null;
  /** The survivor that it was merged into. */
  readonly mergedInto: string | null;
  /** Those that were merged into it, in order. */
  readonly merged: readonly string[];
  /** A merge or unmerge that it has begun as the survivor and that is not at its end. */
  readonly pending: { readonly mergeId: string; readonly otherId: string; readonly unmerge: boolean } | null;
}
