import { EventStoreDbEventStore } from '#event-store/adapters/eventstoredb/eventstoredb-event-store.js';
import { SqliteEventStore } from '#event-store/adapters/sqlite/sqlite-event-store.js';
import type { EventStore } from '#event-store/port.js';

/**
 * The server, but its process dies as by a power cut before or after it appends an event of one type:
 * `STOP_AT=DealOpened:before`.
 */
const [type, moment] = (process.env['STOP_AT'] ?? '').split(':');
const die = (): void => void process.kill(process.pid, 'SIGKILL');

for (const prototype of [SqliteEventStore.prototype, EventStoreDbEventStore.prototype]) {
  const original = Object.getOwnPropertyDescriptor(prototype, 'append')?.value;
  const append: EventStore['append'] = async function (this: EventStore, stream, expected, events) {
    const isIt = events.some((event) => event.type === type);
    if (isIt && moment === 'before') die();
    const result = await original.call(this, stream, expected, events);
    if (isIt && moment === 'after') die();
    return result;
  };
  prototype.append = append;
}

await import('../../apps/api/main.js');
