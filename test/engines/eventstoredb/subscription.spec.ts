import { setTimeout as sleep } from 'node:timers/promises';
import {
  END,
  excludeSystemEvents,
  jsonEvent,
  StreamDeletedError,
  streamNameFilter,
  TimeoutError,
  type AllStreamSubscription,
  START,
  type Position,
  type ReadPosition,
  type ReadableSubscription,
  type ResolvedEvent,
} from '@eventstore/db-client';
import { collect, events, startSubject, type Subject } from './testing.js';

let subject: Subject;
beforeEach(async () => {
  subject = await startSubject();
});
afterEach(() => subject.stop());

/** All that a subscription says, in order. */
function heard(subscription: ReadableSubscription<ResolvedEvent>): (string | Error)[] {
  const all: (string | Error)[] = [];
  subscription
    .on('confirmation', () => all.push('confirmation'))
    .on('caughtUp', () => all.push('caughtUp'))
    .on('data', ({ event }) => all.push(`${event?.streamId}@${event?.revision}`))
    .on('error', (error) => all.push(error))
    .on('end', () => all.push('end'))
    .on('close', () => all.push('close'));
  return all;
}

async function until(condition: () => boolean): Promise<void> {
  for (let wait = 0; wait < 500 && !condition(); wait += 1) await sleep(10);
  expect(condition()).toBe(true);
}

describe('a subscription to $all', () => {
  it('confirms, gives the history, says that it has caught up, then gives what is stored', async () => {
    const { client } = subject;
    await client.appendToStream('a', events(40));
    const all = heard(client.subscribeToAll());
    await until(() => all.includes('caughtUp'));
    await client.appendToStream('a', events(2));
    await until(() => all.includes('a@41'));
    expect(all[0]).toBe('confirmation');
    expect(all.indexOf('caughtUp')).toBe(all.indexOf('a@39') + 1);
    expect(all.slice(-2)).toEqual(['a@40', 'a@41']);
  });

  it('from a position begins after it, from the end after all', async () => {
    const { client } = subject;
    const { position } = await client.appendToStream('a', events(3));
    const places: readonly ReadPosition[] = [position ?? END, END];
    const [fromPosition, fromEnd] = places.map((from) => heard(client.subscribeToAll({ fromPosition: from })));
    await until(() => fromEnd?.includes('caughtUp') === true);
    await client.appendToStream('b', events(2));
    await until(() => fromEnd?.includes('b@1') === true && fromPosition?.includes('b@1') === true);
    for (const all of [fromPosition, fromEnd]) expect(all).toEqual(['confirmation', 'caughtUp', 'b@0', 'b@1']);
  });

  it('ends with "end" when it is unsubscribed', async () => {
    const subscription = subject.client.subscribeToAll();
    const all = heard(subscription);
    await until(() => all.includes('caughtUp'));
    await subscription.unsubscribe();
    await until(() => all.includes('end'));
    expect(all.some((one) => one instanceof Error)).toBe(false);
  });
});

describe('a filtered subscription', () => {
  interface Met {
    readonly kind: 'event' | 'checkpoint';
    readonly position: Position;
  }

  function met(from: ReadPosition = START): { all: Met[]; subscription: AllStreamSubscription; live: () => boolean } {
    const all: Met[] = [];
    let live = false;
    const filter = streamNameFilter({
      prefixes: ['ours'],
      checkpointReached: (_, position) => void all.push({ kind: 'checkpoint', position }),
    });
    const subscription = subject.client.subscribeToAll({ fromPosition: from, filter });
    subscription.on('data', ({ event }) => {
      if (event !== undefined) all.push({ kind: 'event', position: event.position });
    });
    subscription.on('caughtUp', () => (live = true));
    return { all, subscription, live: () => live };
  }

  async function mixed(): Promise<void> {
    for (let round = 0; round < 6; round += 1) {
      await subject.client.appendToStream('ours', events(round));
      await subject.client.appendToStream('theirs', events(70));
    }
  }

  it('gives events and checkpoints in one order, from each of which it resumes without a loss', async () => {
    await mixed();
    const first = met();
    await until(first.live);
    await first.subscription.unsubscribe();
    const log = (await collect(subject.client.readAll())).flatMap(({ event }) =>
      event?.streamId === 'ours' ? [event.position.commit] : [],
    );
    for (const [index, { position, kind }] of first.all.entries()) {
      const before = first.all[index - 1]?.position;
      if (before !== undefined) expect(position.commit >= before.commit).toBe(true);
      if (kind === 'event') continue;
      const resumed = met(position);
      await until(resumed.live);
      await resumed.subscription.unsubscribe();
      const seen = first.all.slice(0, index).flatMap((one) => (one.kind === 'event' ? [one.position.commit] : []));
      const rest = resumed.all.flatMap((one) => (one.kind === 'event' ? [one.position.commit] : []));
      expect([...seen, ...rest]).toEqual(log);
    }
    const catchUp = first.all.filter(({ kind }) => kind === 'checkpoint');
    expect(catchUp.some(({ position }) => position.prepare === 0n && position.commit > 0n)).toBe(true);
  });

  it('sends no checkpoint while a small store is idle, and one for each window of considered events live', async () => {
    await subject.client.appendToStream('theirs', events(5));
    const { all, live } = met();
    await until(live);
    await sleep(100);
    expect(all).toEqual([]);
    const { position } = await subject.client.appendToStream('theirs', events(100));
    await until(() => all.length >= 3);
    expect(all).toHaveLength(3);
    expect(all.every((one) => one.position.commit === one.position.prepare)).toBe(true);
    expect((all.at(-1)?.position.commit ?? 0n) <= (position?.commit ?? 0n)).toBe(true);
  });

  it('may leave out what the server itself writes', async () => {
    const { client } = subject;
    await client.appendToStream('a', events(2));
    const all = heard(client.subscribeToAll({ filter: excludeSystemEvents() }));
    await until(() => all.includes('caughtUp'));
    expect(all).toEqual(['confirmation', 'a@0', 'a@1', 'caughtUp']);
  });

  it.each([
    ['prefixes', streamNameFilter({ prefixes: ['or', 'x'] }), ['order@0', 'x@0']],
    ['a regular expression', streamNameFilter({ regex: '^[a-o]' }), ['order@0', 'a@0']],
  ] as const)('takes %s', async (_, filter, expected) => {
    const { client } = subject;
    for (const stream of ['order', 'x', 'a', 'zebra']) await client.appendToStream(stream, events(1));
    const all = heard(client.subscribeToAll({ filter }));
    await until(() => all.includes('caughtUp'));
    expect(all.slice(1, -1).toSorted()).toEqual(expected.toSorted());
  });
});

describe('a subscription to a stream', () => {
  it('gives its history and what is stored, from a revision after it', async () => {
    const { client } = subject;
    await client.appendToStream('a', events(40));
    const all = heard(client.subscribeToStream('a', { fromRevision: 36n }));
    await until(() => all.includes('caughtUp'));
    await client.appendToStream('a', events(1));
    await client.appendToStream('b', events(1));
    await until(() => all.includes('a@40'));
    expect(all).toEqual(['confirmation', 'a@37', 'a@38', 'a@39', 'caughtUp', 'a@40']);
  });

  it('that does not exist yet has caught up only after its first events', async () => {
    const { client } = subject;
    const all = heard(client.subscribeToStream('a'));
    await until(() => all.includes('confirmation'));
    await sleep(150);
    expect(all).toEqual(['confirmation']);
    await client.appendToStream('a', events(2));
    await until(() => all.includes('caughtUp'));
    expect(all).toEqual(['confirmation', 'a@0', 'a@1', 'caughtUp']);
  });

  it('ends when the stream gets a tombstone', async () => {
    const { client } = subject;
    await client.appendToStream('a', events(1));
    const all = heard(client.subscribeToStream('a'));
    await until(() => all.includes('caughtUp'));
    await client.tombstoneStream('a');
    await until(() => all.some((one) => one instanceof StreamDeletedError));
  });
});

describe('a consumer that is too slow', () => {
  it('while live is sent away: code 10, and to subscribe again', async () => {
    const { client, standIn } = subject;
    standIn.faults.slowConsumerMs = 1;
    const subscription = client.subscribeToAll({ fromPosition: END });
    const error = new Promise((resolve) => subscription.once('error', resolve));
    await new Promise((resolve) => subscription.once('caughtUp', resolve));
    for (let count = 0; count < 200; count += 1) {
      await client.appendToStream('a', jsonEvent({ type: 't', data: { text: 'x'.repeat(40_000) } }));
    }
    // Nothing was read so far: the client finds the end of the subscription behind what it has buffered.
    subscription.on('data', () => undefined);
    expect(await error).toBeInstanceOf(TimeoutError);
    expect(await error).toMatchObject({
      code: 10,
      message: expect.stringContaining('Consumer too slow to handle event while live. Client resubscription required.'),
    });
  });

  it('may be sent away on its way to live', async () => {
    subject.standIn.faults.abortTransitions = 1;
    const all = heard(subject.client.subscribeToAll());
    await until(() => all.some((one) => one instanceof TimeoutError));
    expect(all).not.toContain('caughtUp');
  });
});
