/** Takes the free texts of one event away. */
export interface RedactText {
  readonly type: 'RedactText';
  readonly revision: number;
  /** Keys that its texts are sealed under; null: the stream has no such event. */
  readonly keys: readonly string[] | null;
}

/** Takes all free texts away, as a contact was erased. It is a consequence, and never refused. */
export interface EraseTexts {
  readonly type: 'EraseTexts';
  /** Stream of the contact. */
  readonly contact: string;
}

export type ErasureCommand = RedactText | EraseTexts;
