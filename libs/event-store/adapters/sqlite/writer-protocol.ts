/** What the writer thread is started with. */
export interface WriterData {
  readonly path: string;
}

/** The outcome of one append. */
export type AppendAnswer =
  | { readonly outcome: 'stored'; readonly revision: number; readonly position: number }
  | { readonly outcome: 'wrong-revision'; readonly actual: number }
  | { readonly outcome: 'unavailable'; readonly message: string; readonly nothingWritten: boolean };
