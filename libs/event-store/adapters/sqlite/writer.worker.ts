import { parentPort, workerData } from 'node:worker_threads';
import type { EncodedAppend } from '../../append-encoding.js';
import { emptyWal } from './empty-wal.js';
import { openEventsFile } from './events-file.js';
import { GroupCommit, groupSize } from './group-commit.js';
import { describeFailure } from './sqlite-errors.js';
import { runWriterLoop, type GroupWriter } from './writer-loop.js';
import type { AppendAnswer, WriterData } from './writer-protocol.js';

/** The writer thread of the event log. */
if (parentPort === null) throw new Error('the writer of the event log runs in a worker thread only');
const { path } = workerData as WriterData;

runWriterLoop<EncodedAppend, AppendAnswer>(parentPort, {
  open,
  groupSize,
  refuse: (error) => ({ outcome: 'unavailable', message: describeFailure(error), nothingWritten: true }),
});

function open(): GroupWriter<EncodedAppend, AppendAnswer> {
  const db = openEventsFile(path, 'writer');
  const log = new GroupCommit(db);
  return {
    commit: (appends) => log.commit(appends),
    close: (asked) => {
      if (asked) emptyWal(db);
      db.close();
    },
  };
}
