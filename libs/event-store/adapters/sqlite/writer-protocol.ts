import type { EncodedAppend } from '../../append-encoding.js';

/** What the writer thread is started with. */
export interface WriterData {
  readonly path: string;
}

/** To the writer: appends in order, or the wish to finish them and stop. */
export type ToWriter = { readonly appends: readonly EncodedAppend[] } | { readonly stop: true };

/** The outcome of one append. */
export type AppendAnswer =
  | { readonly outcome: 'stored'; readonly revision: number; readonly position: number }
  | { readonly outcome: 'wrong-revision'; readonly actual: number }
  | { readonly outcome: 'unavailable'; readonly message: string; readonly nothingWritten: boolean };

/** From the writer: the answers to the oldest appends that have none yet, in their order, sent after the commit. */
export type FromWriter = readonly AppendAnswer[];
