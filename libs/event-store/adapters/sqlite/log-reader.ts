import type { EventMetadata, JsonObject, RecordedEvent } from '../../event.js';
import { StoreUnavailable, UnreadableEvent } from '../../port.js';
import type { EventsFile } from './events-file.js';
import { readFailure } from './sqlite-errors.js';

type EventRow = readonly [
  position: number,
  stream: string,
  revision: number,
  id: string,
  type: string,
  data: string,
  metadata: string,
];

const COLUMNS = 'position, stream, revision, id, type, data, metadata';

/** Short reads on the calling thread; each is one statement, so one snapshot. All throw StoreUnavailable. */
export class LogReader {
  readonly #db: EventsFile;
  #statements: ReturnType<typeof prepare> | null;

  constructor(db: EventsFile) {
    this.#db = db;
    this.#statements = prepare(db);
  }

  /** What SQLite itself finds wrong with the file: pages, and indexes that do not fit their table. Reads all of it. */
  faults(): string[] {
    const rows = this.#read<[string]>('faults', []);
    return rows.map(([fault]) => fault).filter((fault) => fault !== 'ok');
  }

  /** Position of the last event, null when there is none. */
  head(): bigint | null {
    const [row] = this.#read<[number | null]>('head', []);
    return row === undefined || row[0] === null ? null : BigInt(row[0]);
  }

  /** At most `limit` events after a position. */
  after(position: bigint | null, limit: number): RecordedEvent[] {
    return this.#events('after', [storedPosition(position), limit]);
  }

  /** At most `limit` events of a stream from a revision on. */
  forward(stream: string, from: number, limit: number): RecordedEvent[] {
    return this.#events('forward', [stream, from, limit]);
  }

  /** At most `limit` events of a stream from a revision back. */
  backward(stream: string, from: number, limit: number): RecordedEvent[] {
    return this.#events('backward', [stream, from, limit]);
  }

  /** The binding lets go of the file when the last statement is collected as garbage, so they are dropped here. */
  close(): void {
    this.#statements = null;
    this.#db.close();
  }

  #events(query: keyof ReturnType<typeof prepare>, parameters: unknown[]): RecordedEvent[] {
    return this.#read<EventRow>(query, parameters).map(toRecorded);
  }

  #read<Row>(query: keyof ReturnType<typeof prepare>, parameters: unknown[]): Row[] {
    if (this.#statements === null) throw new StoreUnavailable('the event store is closed', true);
    try {
      return this.#statements[query].all(parameters) as Row[];
    } catch (error) {
      throw readFailure(error);
    }
  }
}

function prepare(db: EventsFile) {
  const select = (rest: string) => db.prepare(`SELECT ${COLUMNS} FROM events WHERE ${rest} LIMIT ?`).raw();
  return {
    faults: db.prepare('PRAGMA integrity_check(20)').raw(),
    head: db.prepare('SELECT max(position) FROM events').raw(),
    after: select('position > ? ORDER BY position'),
    forward: select('stream = ? AND revision >= ? ORDER BY revision'),
    backward: select('stream = ? AND revision <= ? ORDER BY revision DESC'),
  };
}

function toRecorded([position, stream, revision, id, type, dataText, metadataText]: EventRow): RecordedEvent {
  try {
    const data = JSON.parse(dataText) as JsonObject;
    const metadata = JSON.parse(metadataText) as EventMetadata;
    return { id, type, data, metadata, stream, revision, position: BigInt(position) };
  } catch (cause) {
    throw new UnreadableEvent(stream, revision, BigInt(position), { cause });
  }
}

/** Positions of another engine may be larger than any of ours. */
function storedPosition(position: bigint | null): number {
  if (position === null || position < 0n) return 0;
  return position > BigInt(Number.MAX_SAFE_INTEGER) ? Number.MAX_SAFE_INTEGER : Number(position);
}
