import {
  ANY,
  jsonEvent,
  MaxAppendSizeExceededError,
  NO_STREAM,
  STREAM_EXISTS,
  StreamDeletedError,
  UnknownError,
  WrongExpectedVersionError,
  type AppendToStreamOptions,
} from '@eventstore/db-client';
import { collect, errorOf, events, startSubject, type Subject } from './testing.js';

let subject: Subject;
beforeEach(async () => {
  subject = await startSubject();
});
afterEach(() => subject.stop());

/** Given credentials, the client uses the single call; without, the batch call. */
const CALLS: readonly (readonly [string, AppendToStreamOptions])[] = [
  ['batch', {}],
  ['single', { credentials: { username: 'admin', password: 'changeit' } }],
];

describe.each(CALLS)('an append by the %s call', (call, options) => {
  it('answers with the last revision and its position; commit equals prepare', async () => {
    const { client } = subject;
    const first = await client.appendToStream('a', events(3), { ...options, expectedRevision: NO_STREAM });
    const second = await client.appendToStream('a', events(2), { ...options, expectedRevision: 2n });
    expect(first).toMatchObject({ success: true, nextExpectedRevision: 2n });
    expect(second.nextExpectedRevision).toBe(4n);
    const read = await collect(client.readStream('a'));
    const positions = read.map(({ event }) => event?.position);
    expect(positions[2]).toEqual(first.position);
    expect(positions[4]).toEqual(second.position);
    expect(new Set(positions.map((position) => position?.commit)).size).toBe(5);
    for (const position of positions) expect(position?.prepare).toBe(position?.commit);
  });

  it.each([
    ['no_stream', NO_STREAM, 3, 2n],
    ['a revision before', 0n, 3, 2n],
    ['a revision after', 7n, 3, 2n],
    ['a revision of no stream', 7n, 0, NO_STREAM],
    ['stream_exists of no stream', STREAM_EXISTS, 0, NO_STREAM],
  ] as const)('is refused with its versions: %s', async (_, expectedRevision, stored, actualVersion) => {
    const { client } = subject;
    if (stored > 0) await client.appendToStream('a', events(stored));
    const error = await errorOf(client.appendToStream('a', events(1), { ...options, expectedRevision }));
    expect(error).toBeInstanceOf(WrongExpectedVersionError);
    expect(error).toMatchObject({ streamName: 'a', expectedVersion: expectedRevision, actualVersion, code: undefined });
  });

  it('of the same ids succeeds with the first answer, expecting the same, or anything', async () => {
    const { client } = subject;
    const same = events(3);
    const first = await client.appendToStream('a', same, { ...options, expectedRevision: NO_STREAM });
    await client.appendToStream('a', events(2));
    for (const expectedRevision of [NO_STREAM, ANY] as const) {
      expect(await client.appendToStream('a', same, { ...options, expectedRevision })).toEqual(first);
    }
    expect(await collect(client.readStream('a'))).toHaveLength(5);
  });

  it('of the same ids that expects the last revision is stored a second time', async () => {
    const { client } = subject;
    const same = events(2);
    await client.appendToStream('a', same, options);
    const again = await client.appendToStream('a', same, { ...options, expectedRevision: 1n });
    expect(again.nextExpectedRevision).toBe(3n);
  });

  it('that is partly repeated is refused', async () => {
    const { client } = subject;
    const same = events(3);
    await client.appendToStream('a', same, options);
    const partly = [...same.slice(0, 2), ...events(1)];
    for (const expectedRevision of [NO_STREAM, ANY] as const) {
      const error = await errorOf(client.appendToStream('a', partly, { ...options, expectedRevision }));
      expect(error).toBeInstanceOf(WrongExpectedVersionError);
    }
    expect(await collect(client.readStream('a'))).toHaveLength(3);
  });

  it('of no events succeeds, takes a position and makes no stream', async () => {
    const { client } = subject;
    const none = await client.appendToStream('a', [], options);
    const next = await client.appendToStream('b', events(1), options);
    expect((none.position?.commit ?? 0n) < (next.position?.commit ?? 0n)).toBe(true);
    await expect(collect(client.readStream('a'))).rejects.toMatchObject({ type: 'stream-not-found' });
  });

  it('of more than 1,048,576 bytes is refused whole, with the limit', async () => {
    const { client } = subject;
    const half = () => jsonEvent({ type: 't', data: { text: 'x'.repeat(600_000) } });
    const error = await errorOf(client.appendToStream('a', [half(), half()], options));
    expect(error).toBeInstanceOf(MaxAppendSizeExceededError);
    expect(error).toMatchObject({ maxAppendSize: 1_048_576 });
    await expect(collect(client.readStream('a'))).rejects.toMatchObject({ type: 'stream-not-found' });
    expect((await client.appendToStream('a', half(), options)).nextExpectedRevision).toBe(0n);
  });

  it('of a message of 17 MB fails with code 8', async () => {
    const large = jsonEvent({ type: 't', data: { text: 'x'.repeat(17 * 1_024 * 1_024) } });
    const error = await errorOf(subject.client.appendToStream('a', large, options));
    expect(error).toBeInstanceOf(UnknownError);
    expect(error).toMatchObject({ code: 8 });
  });

  it('to a stream with a tombstone says that it is deleted', async () => {
    const { client } = subject;
    await client.appendToStream('a', events(1), options);
    await client.tombstoneStream('a');
    const error = await errorOf(client.appendToStream('a', events(1), options));
    expect(error).toBeInstanceOf(StreamDeletedError);
    expect(error).toMatchObject({ streamName: 'a', code: call === 'batch' ? undefined : 9 });
  });

  it('to a soft-deleted stream goes on at its old revisions', async () => {
    const { client } = subject;
    await client.appendToStream('a', events(3), options);
    await client.deleteStream('a');
    const again = await client.appendToStream('a', events(2), { ...options, expectedRevision: NO_STREAM });
    expect(again.nextExpectedRevision).toBe(4n);
    expect((await collect(client.readStream('a'))).map(({ event }) => event?.revision)).toEqual([3n, 4n]);
  });
});

describe('in-band errors of the batch call', () => {
  it('have neither code nor message', async () => {
    const { client } = subject;
    await client.appendToStream('a', events(1));
    const error = await errorOf(client.appendToStream('a', events(1), { expectedRevision: NO_STREAM }));
    expect(error).toMatchObject({ code: undefined, _raw: undefined, message: '' });
  });

  it('of a node that is not ready show as an unknown error', async () => {
    subject.standIn.faults.notReady = true;
    const error = await errorOf(subject.client.appendToStream('a', events(1)));
    expect(error).toBeInstanceOf(UnknownError);
    expect(error).toHaveProperty('message', expect.stringContaining('Server Is Not Ready'));
  });
});
