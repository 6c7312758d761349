import { encodeAppend } from '../../append-encoding.js';
import type { Append, OrderedAppends } from '../../copy/ordered-appends.js';
import { patiently } from '../../copy/patience.js';
import { StoreUnavailable, WrongExpectedRevision } from '../../port.js';
import { openEventsFile } from './events-file.js';
import { GroupCommit } from './group-commit.js';
import { describeFailure } from './sqlite-errors.js';
import type { AppendAnswer } from './writer-protocol.js';

/** Appends on the calling thread, for programs that have nothing else to do meanwhile. */
export interface BulkAppends {
  readonly append: OrderedAppends;
  close(): void;
}

/**
 * All appends of a call go into one transaction: one sync of the disk serves a thousand events.
 * @param path of an event log that exists
 * @throws UnusableEventsFile, StoreUnavailable
 */
export function openBulkAppends(path: string): BulkAppends {
  const db = openEventsFile(path, 'writer');
  let log: GroupCommit | null = new GroupCommit(db);
  const commit = (appends: readonly Append[]): readonly AppendAnswer[] => {
    if (log === null) throw new StoreUnavailable('the event log is closed', true);
    const { answers, failure } = log.commit(
      appends.map(({ stream, expectedRevision, events }) => encodeAppend(stream, expectedRevision, events)),
    );
    // What a failed commit has left shows when the same is sent again.
    if (failure !== undefined) throw new StoreUnavailable(describeFailure(failure), false, { cause: failure });
    return answers;
  };
  return {
    append: async (appends) => {
      const answers = await patiently(async () => commit(appends));
      for (const [index, { stream, expectedRevision }] of appends.entries()) {
        const answer = answers[index];
        if (answer?.outcome === 'wrong-revision') {
          throw new WrongExpectedRevision(stream, expectedRevision, answer.actual);
        }
      }
    },
    close: () => {
      // The binding lets go of the file when the last statement is collected as garbage.
      log = null;
      db.close();
    },
  };
}
