/** What takes texts away, on a deal or a lead: the same events in either stream. The stored format: version it with care. */

/** The free texts of one event are gone: their keys were destroyed, or are destroyed because of this event. */
export interface TextRedacted {
  readonly type: 'TextRedacted';
  readonly data: {
    /** Of the event that they were in. */
    readonly revision: number;
    /** Names of the keys that they were sealed under. */
    readonly keys: readonly string[];
  };
}

/** All free texts of the stream up to here are gone, with a contact that it is linked to. */
export interface TextsErased {
  readonly type: 'TextsErased';
  /** Stream of the contact: `person-<id>`. */
  readonly data: { readonly contact: string };
}

export type ErasureEvent = TextRedacted | TextsErased;
