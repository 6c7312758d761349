import { EventStoreDbEventStore } from '#event-store/adapters/eventstoredb/eventstoredb-event-store.js';
import { GroupCommit } from '#event-store/adapters/sqlite/group-commit.js';

/**
 * The command line, but its process dies as by a power cut before or after it has stored something in the target for
 * the nth time: `STOP_AT=3:before`.
 */
const [count = '', moment] = (process.env['STOP_AT'] ?? '').split(':');
const die = (): void => void process.kill(process.pid, 'SIGKILL');
let left = Number(count);

const append = Object.getOwnPropertyDescriptor(EventStoreDbEventStore.prototype, 'append')?.value;
EventStoreDbEventStore.prototype.append = async function (this: EventStoreDbEventStore, stream, expected, events) {
  left -= 1;
  if (left === 0 && moment === 'before') die();
  const result = await append.call(this, stream, expected, events);
  if (left === 0 && moment === 'after') die();
  return result;
};

const commit = Object.getOwnPropertyDescriptor(GroupCommit.prototype, 'commit')?.value;
GroupCommit.prototype.commit = function (this: GroupCommit, appends) {
  left -= 1;
  if (left === 0 && moment === 'before') die();
  const result = commit.call(this, appends);
  if (left === 0 && moment === 'after') die();
  return result;
};

await import('../../apps/cli/main.js');
