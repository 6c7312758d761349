import type { EncodedAppend } from '../../append-encoding.js';
import { NO_STREAM } from '../../port.js';
import type { EventsFile } from './events-file.js';
import { describeFailure } from './sqlite-errors.js';
import type { AppendAnswer } from './writer-protocol.js';

/** A group that takes longer makes its first caller wait for its last one. */
const MAX_EVENTS = 500;
const MAX_BYTES = 4_000_000;

/** How many of the first appends of a queue go into one transaction; at least one. */
export function groupSize(queue: readonly EncodedAppend[]): number {
  let events = 0;
  let bytes = 0;
  for (const [index, append] of queue.entries()) {
    events += append.events.length;
    bytes += append.bytes;
    if (index > 0 && (events > MAX_EVENTS || bytes > MAX_BYTES)) return index;
  }
  return queue.length;
}

/** What became of a group; `failure` is the database's error, if there was one. */
export interface GroupResult {
  readonly answers: readonly AppendAnswer[];
  readonly failure?: unknown;
}

/** Stores appends of many callers in one transaction, so that one sync of the disk serves all of them. */
export class GroupCommit {
  readonly #db: EventsFile;
  readonly #lastPosition;
  readonly #lastRevision;
  readonly #stored;
  readonly #insert;

  constructor(db: EventsFile) {
    this.#db = db;
    this.#lastPosition = db.prepare('SELECT max(position) FROM events').raw();
    this.#lastRevision = db.prepare('SELECT max(revision) FROM events WHERE stream = ?').raw();
    this.#stored = db
      .prepare('SELECT id, position FROM events WHERE stream = ? AND revision BETWEEN ? AND ? ORDER BY revision')
      .raw();
    this.#insert = db.prepare(
      'INSERT INTO events (position, stream, revision, id, type, data, metadata) VALUES (?, ?, ?, ?, ?, ?, ?)',
    );
  }

  /** One answer for each append, in order. A refused append leaves the others alone; a failed database fails all. */
  commit(appends: readonly EncodedAppend[]): GroupResult {
    let committing = false;
    try {
      this.#db.exec('BEGIN IMMEDIATE');
      let position = numberIn(this.#lastPosition.get([])) ?? 0;
      const answers = appends.map((append) => {
        const answer = this.#store(append, position);
        if (answer.outcome === 'stored' && answer.position > position) position = answer.position;
        return answer;
      });
      committing = true;
      this.#db.exec('COMMIT');
      return { answers };
    } catch (failure) {
      this.#rollBack();
      const message = describeFailure(failure);
      // What a failed COMMIT has left on the disk shows only when the log is read again.
      const answer = { outcome: 'unavailable', message, nothingWritten: !committing } as const;
      return { answers: appends.map(() => answer), failure };
    }
  }

  #store(append: EncodedAppend, lastPosition: number): AppendAnswer {
    const actual = numberIn(this.#lastRevision.get([append.stream])) ?? NO_STREAM;
    if (actual !== append.expectedRevision) return this.#resent(append) ?? { outcome: 'wrong-revision', actual };
    let revision = actual;
    let position = lastPosition;
    for (const { id, type, data, metadata } of append.events) {
      revision += 1;
      position += 1;
      this.#insert.run([position, append.stream, revision, id, type, data, metadata]);
    }
    return { outcome: 'stored', revision, position };
  }

  /** The first answer, if the very same events stand where they would have to stand. */
  #resent({ stream, expectedRevision, events }: EncodedAppend): AppendAnswer | null {
    const revision = expectedRevision + events.length;
    const rows = this.#stored.all([stream, expectedRevision + 1, revision]);
    let position: unknown;
    for (const [index, event] of events.entries()) {
      const row = rows[index];
      if (!Array.isArray(row) || row[0] !== event.id) return null;
      position = row[1];
    }
    return typeof position === 'number' ? { outcome: 'stored', revision, position } : null;
  }

  #rollBack(): void {
    try {
      if (this.#db.inTransaction) this.#db.exec('ROLLBACK');
    } catch {
      // The caller gives the connection up, and that rolls back.
    }
  }
}

function numberIn(row: unknown): number | null {
  return Array.isArray(row) && typeof row[0] === 'number' ? row[0] : null;
}
