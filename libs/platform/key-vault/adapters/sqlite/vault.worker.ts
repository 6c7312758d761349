import { parentPort, workerData } from 'node:worker_threads';
import { emptyWal } from '#event-store/adapters/sqlite/empty-wal.js';
import { runWriterLoop } from '#event-store/adapters/sqlite/writer-loop.js';
import { openKeysFile } from './keys-file.js';
import { vaultGroupSize, vaultUnavailable, VaultWriter, type VaultAnswer, type VaultJob } from './vault-writer.js';

/** The writer thread of the key vault. */
if (parentPort === null) throw new Error('the writer of the key vault runs in a worker thread only');

runWriterLoop<VaultJob, VaultAnswer>(parentPort, {
  open: () => {
    const db = openKeysFile(String(workerData), 'writer');
    const writer = new VaultWriter(db);
    return {
      commit: (jobs) => writer.commit(jobs),
      close: (asked) => {
        if (asked) emptyWal(db);
        db.close();
      },
    };
  },
  groupSize: vaultGroupSize,
  refuse: vaultUnavailable,
});
