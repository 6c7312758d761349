/** Revision of the event that a tombstone is: the server's `EventNumber.DeletedStream`. */
export const TOMBSTONE_REVISION = 2n ** 63n - 1n;

export interface ProposedEvent {
  readonly id: string;
  readonly type: string;
  readonly isJson: boolean;
  readonly data: Uint8Array;
  readonly metadata: Uint8Array;
}

export interface StoredEvent extends ProposedEvent {
  readonly stream: string;
  readonly revision: bigint;
  /** Commit and prepare position: where its record begins in the log. */
  readonly position: bigint;
  /** Where the next record begins. */
  readonly end: bigint;
  /** Epoch milliseconds. */
  readonly created: number;
}

/** A logical position in $all. */
export interface Position {
  readonly commit: bigint;
  readonly prepare: bigint;
}

export function isAtOrAfter(event: StoredEvent, { commit, prepare }: Position): boolean {
  return event.position > commit || (event.position === commit && event.position >= prepare);
}

/** Fixed bytes of a prepare record of log format 2 with its framing (EventStore.LogCommon, PrepareLogRecord). */
const RECORD_OVERHEAD = 8 + 2 + 8 + 2 + 8 + 4 + 8 + 16 + 16 + 8 + 4 + 4 + 2;

export function sizeInLog(stream: string, { type, data, metadata }: ProposedEvent): bigint {
  return BigInt(RECORD_OVERHEAD + Buffer.byteLength(stream) + Buffer.byteLength(type) + data.length + metadata.length);
}

/** What counts against the append limit (Event.SizeOnDisk of 24.10; 23.10 counts the data alone). */
export function sizeOfAppend(events: readonly ProposedEvent[]): number {
  return events.reduce((sum, { type, data, metadata }) => sum + data.length + metadata.length + type.length * 2, 0);
}
