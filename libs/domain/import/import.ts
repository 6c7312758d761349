import { accept, type CommandContext, type Decision, type Recorded } from '../shared/decision.js';
import { sameJson } from '../shared/equality.js';
import { notFound } from '../shared/refusals.js';

/** These names and shapes are the stored format of `import-<id>`: version them with care. */

/** A file is taken in under a mapping. Its id is made of both, so that a second run is the same import. */
export interface ImportStarted {
  readonly type: 'ImportStarted';
  readonly data: {
    readonly fileName: string;
    readonly bytes: number;
    /** SHA-256 of the file, lower-case hex. */
    readonly sha256: string;
    readonly mapping: {
      readonly name: string;
      /** SHA-256 of the mapping's canonical JSON, lower-case hex. */
      readonly sha256: string;
    };
  };
}

/** The whole file was read. Again only when a later run took in what an earlier one had refused. */
export interface ImportFinished {
  readonly type: 'ImportFinished';
  readonly data: ImportCounts;
}

/** Where the rows of the file have gone; `rows` is the sum of all others. */
export interface ImportCounts {
  readonly rows: number;
  /** Rows that are in as deals. */
  readonly deals: number;
  /** Rows that are in as leads. */
  readonly leads: number;
  /** Rows of an event log that are in. */
  readonly events: number;
  /** Rows of an event log that repeat the stage that the case is in. */
  readonly repeats: number;
  /** Rows of an event log whose activity is no stage. */
  readonly leftOut: number;
  readonly refused: number;
}

export type ImportEvent = ImportStarted | ImportFinished;

export interface ImportState {
  readonly started: ImportStarted['data'];
  /** Null: it is under way, or was broken off. */
  readonly finished: ImportCounts | null;
}

export type ImportCommand =
  | { readonly type: 'StartImport'; readonly import: ImportStarted['data'] }
  | { readonly type: 'FinishImport'; readonly counts: ImportCounts };

/** Starting what was started, or finishing with the same counts, changes nothing. */
export function decideImport(
  state: ImportState | null,
  command: ImportCommand,
  { now }: CommandContext,
): Decision<ImportEvent> {
  switch (command.type) {
    case 'StartImport':
      return state === null ? accept({ type: 'ImportStarted', data: command.import, occurredAt: now }) : accept();
    case 'FinishImport':
      if (state === null) return notFound('import');
      if (sameJson(state.finished, command.counts)) return accept();
      return accept({ type: 'ImportFinished', data: command.counts, occurredAt: now });
    default: {
      const unknown: never = command;
      throw new Error(`unknown command ${JSON.stringify(unknown)}`);
    }
  }
}

/** The import after one more event. Throws on a second start and on an unknown event type. */
export function evolveImport(state: ImportState | null, event: Recorded<ImportEvent>): ImportState {
  switch (event.type) {
    case 'ImportStarted':
      if (state !== null) throw new Error(`an import started again at revision ${event.revision}`);
      return { started: event.data, finished: null };
    case 'ImportFinished':
      if (state === null) throw new Error('an import finished that was not started');
      return { ...state, finished: event.data };
    default: {
      const unknown: never = event;
      throw new Error(`unknown event ${JSON.stringify(unknown)}`);
    }
  }
}
