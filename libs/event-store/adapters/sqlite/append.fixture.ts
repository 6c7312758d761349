import { randomUUID } from 'node:crypto';
import { writeSync } from 'node:fs';
import { end, notes, sealed } from '../../contract/sealed-events.js';
import { NO_STREAM, WrongExpectedRevision } from '../../port.js';
import { SqliteEventStore } from './sqlite-event-store.js';

/**
 * A process on a log, for tests that start, watch and kill it: `node append.fixture.js <path> <mode> <argument>`.
 * - `swarm <appenders>`: so many appenders, each on a stream of its own, one to three events at a time, for ever;
 * - `contend <stream>`: 40 appends to one stream that others write as well;
 * - `follow`: subscribes, and closes the store under the subscription.
 * Writes a line `stream revision id` for each acknowledged event, `ready` before the first.
 */
const [path = '', mode, argument = ''] = process.argv.slice(2);
const store = await SqliteEventStore.open(path);
writeSync(1, 'ready\n');

if (mode === 'swarm') await Promise.all(Array.from({ length: Number(argument) }, () => appendForEver()));
else if (mode === 'contend') {
  for (let count = 0; count < 40; count += 1) await appendAgainstOthers(argument);
  await store.close();
} else if (mode === 'follow') {
  const following = (async () => {
    for await (const { live } of store.subscribe(null, new AbortController().signal)) {
      if (live) setTimeout(() => void store.close(), 50);
    }
  })();
  await following.catch(() => writeSync(1, 'ended\n'));
}

async function appendForEver(): Promise<never> {
  const stream = `deal-${randomUUID()}`;
  let expected = NO_STREAM;
  let last: { revision: number; hash: string } | undefined;
  for (;;) {
    const events = sealed(stream, notes(1 + ((expected + 2) % 3)), last);
    const { revision } = await store.append(stream, expected, events);
    acknowledge(stream, expected + 1, events);
    last = end(events, expected + 1);
    expected = revision;
  }
}

async function appendAgainstOthers(stream: string): Promise<void> {
  for (;;) {
    const [last] = await store.readStream(stream, { direction: 'backward', limit: 1 });
    const after = last === undefined ? undefined : { revision: last.revision, hash: last.metadata.hash };
    const events = sealed(stream, notes(1), after);
    try {
      const { revision } = await store.append(stream, last?.revision ?? NO_STREAM, events);
      return acknowledge(stream, revision, events);
    } catch (error) {
      if (!(error instanceof WrongExpectedRevision)) throw error;
    }
  }
}

function acknowledge(stream: string, firstRevision: number, events: readonly { readonly id: string }[]): void {
  writeSync(1, events.map(({ id }, index) => `${stream} ${firstRevision + index} ${id}\n`).join(''));
}
