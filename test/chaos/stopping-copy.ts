import { EventStoreDbEventStore } from '#event-store/adapters/eventstoredb/eventstoredb-event-store.js';
import { GroupCommit } from '#event-store/adapters/sqlite/group-commit.js';
import { MongoKeyVault } from '#platform/key-vault/adapters/mongodb/mongo-key-vault.js';
import { SqliteKeyVault } from '#platform/key-vault/adapters/sqlite/sqlite-key-vault.js';

/**
 * The command line, but its process dies as by a power cut before or after it has stored something in the target for
 * the nth time: `STOP_AT=3:before`.
 */
const [count = '', moment] = (process.env['STOP_AT'] ?? '').split(':');
const die = (): void => void process.kill(process.pid, 'SIGKILL');
let left = Number(count);

/** Counts the calls of a method that stores something. */
function stopAt(prototype: object, method: string): void {
  const original = Object.getOwnPropertyDescriptor(prototype, method)?.value;
  Object.defineProperty(prototype, method, {
    value: function (this: unknown, ...args: readonly unknown[]): unknown {
      left -= 1;
      if (left === 0 && moment === 'before') die();
      const result = original.apply(this, args);
      if (!(result instanceof Promise)) return stored(result);
      return result.then(stored);
    },
  });
}

function stored(result: unknown): unknown {
  if (left === 0 && moment === 'after') die();
  return result;
}

stopAt(EventStoreDbEventStore.prototype, 'append');
stopAt(GroupCommit.prototype, 'commit');
for (const vault of [SqliteKeyVault, MongoKeyVault]) {
  stopAt(vault.prototype, 'add');
  stopAt(vault.prototype, 'destroy');
}

await import('../../apps/cli/main.js');
