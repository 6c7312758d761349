import {
  BACKWARDS,
  binaryEvent,
  END,
  jsonEvent,
  StreamDeletedError,
  StreamNotFoundError,
  UnknownError,
  WrongExpectedVersionError,
  type Direction,
  type ReadRevision,
} from '@eventstore/db-client';
import { collect, errorOf, events, startSubject, type Subject } from './testing.js';

let subject: Subject;
beforeEach(async () => {
  subject = await startSubject();
});
afterEach(() => subject.stop());

describe('a read of a stream', () => {
  it.each<[string, { fromRevision?: ReadRevision; direction?: Direction; maxCount?: number }, readonly number[]]>([
    ['whole', {}, [0, 1, 2, 3, 4, 5]],
    ['from a revision', { fromRevision: 4n }, [4, 5]],
    ['from the end', { fromRevision: END }, []],
    ['backwards from the end', { direction: BACKWARDS, fromRevision: END }, [5, 4, 3, 2, 1, 0]],
    ['backwards from a revision', { direction: BACKWARDS, fromRevision: 1n }, [1, 0]],
    ['backwards from beyond', { direction: BACKWARDS, fromRevision: 90n, maxCount: 2 }, [5, 4]],
    ['of some', { fromRevision: 1n, maxCount: 2 }, [1, 2]],
    ['from beyond', { fromRevision: 90n }, []],
  ])('%s', async (_, options, revisions) => {
    await subject.client.appendToStream('a', events(6));
    const read = await collect(subject.client.readStream('a', options));
    expect(read.map(({ event }) => Number(event?.revision))).toEqual(revisions);
  });

  it('gives back what was written, with its time', async () => {
    const { client } = subject;
    const json = jsonEvent({ type: 'j', data: { text: 'Grüße' }, metadata: { by: 'me' } });
    const binary = binaryEvent({ type: 'b', data: Buffer.from([1, 2, 255]), metadata: Uint8Array.from([9]) });
    await client.appendToStream('ä', [json, binary]);
    const [first, second] = await collect(client.readStream('ä'));
    expect(first?.event).toMatchObject({
      id: json.id,
      type: 'j',
      data: json.data,
      metadata: json.metadata,
      streamId: 'ä',
      isJson: true,
    });
    expect(Math.abs(Number(first?.event?.created) - Date.now())).toBeLessThan(60_000);
    expect(second?.event?.isJson).toBe(false);
    expect([...((second?.event?.data ?? []) as Uint8Array)]).toEqual([1, 2, 255]);
  });

  it('that is missing or soft-deleted is not found', async () => {
    const { client } = subject;
    await client.appendToStream('deleted', events(1));
    await client.deleteStream('deleted');
    for (const streamName of ['missing', 'deleted']) {
      const error = await errorOf(collect(client.readStream(streamName)));
      expect(error).toBeInstanceOf(StreamNotFoundError);
      expect(error).toHaveProperty('streamName', streamName);
    }
  });

  it('with a tombstone is deleted, code 9', async () => {
    const { client } = subject;
    await client.tombstoneStream('a');
    const error = await errorOf(collect(client.readStream('a')));
    expect(error).toBeInstanceOf(StreamDeletedError);
    expect(error).toMatchObject({ streamName: 'a', code: 9 });
  });

  it('is cut by the metadata of the stream', async () => {
    const { client } = subject;
    await client.appendToStream('a', events(20));
    await client.setStreamMetadata('a', { maxCount: 2 });
    expect(await collect(client.readStream('a'))).toHaveLength(2);
    await client.setStreamMetadata('a', { truncateBefore: 15, custom: 'x' });
    expect(await collect(client.readStream('a'))).toHaveLength(5);
    expect((await client.getStreamMetadata('a')).metadata).toEqual({ truncateBefore: 15, custom: 'x' });
    await client.setStreamMetadata('a', { maxAge: 3_600 });
    expect(await collect(client.readStream('a'))).toHaveLength(20);
  });

  it('resolves links when it is asked to', async () => {
    const { client } = subject;
    await client.appendToStream('target', events(3));
    await client.appendToStream('links', binaryEvent({ type: '$>', data: Buffer.from('2@target') }));
    const [target] = await collect(client.readStream('target', { fromRevision: 2n }));
    const [resolved] = await collect(client.readStream('links', { resolveLinkTos: true }));
    const [plain] = await collect(client.readStream('links'));
    expect(resolved?.event).toEqual(target?.event);
    expect(resolved?.link?.type).toBe('$>');
    expect(plain).toMatchObject({ event: { type: '$>' } });
    expect(plain?.link).toBeUndefined();
  });
});

describe('a read of $all', () => {
  it('from a position begins with it, backwards before it', async () => {
    const { client } = subject;
    await client.appendToStream('a', events(4));
    const all = await collect(client.readAll());
    const [, , third] = all.slice(-4);
    const fromPosition = third?.event?.position ?? END;
    expect(await collect(client.readAll({ fromPosition }))).toEqual(all.slice(-2));
    expect(await collect(client.readAll({ fromPosition, direction: BACKWARDS, maxCount: 2 }))).toEqual(
      all.slice(-4, -2).reverse(),
    );
    expect(await collect(client.readAll({ fromPosition: END, direction: BACKWARDS }))).toEqual([...all].reverse());
    expect(await collect(client.readAll({ fromPosition: END }))).toEqual([]);
  });

  it('holds the events of the server, of metadata and of tombstones', async () => {
    const { client } = subject;
    await client.appendToStream('a', events(1));
    await client.setStreamMetadata('a', { maxCount: 5 });
    await client.tombstoneStream('a');
    const all = await collect(client.readAll());
    expect(all.slice(-3).map(({ event }) => [event?.streamId, event?.type])).toEqual([
      ['a', 'test'],
      ['$$a', '$metadata'],
      ['a', '$streamDeleted'],
    ]);
    expect(all.some(({ event }) => event?.streamId === '$users')).toBe(true);
  });

  it('ignores a filter, as this version of the client does not send it', async () => {
    const { client } = subject;
    await client.appendToStream('a', events(2));
    const options = { maxCount: 1_000, filter: { filterOn: 'streamName', prefixes: ['b'], checkpointInterval: 1 } };
    expect(await collect(client.readAll(options))).toHaveLength((await collect(client.readAll())).length);
  });

  it('from a position where no event begins fails', async () => {
    const { client } = subject;
    const { position } = await client.appendToStream('a', events(2));
    const between = (position?.commit ?? 0n) - 1n;
    const error = await errorOf(collect(client.readAll({ fromPosition: { commit: between, prepare: between } })));
    expect(error).toBeInstanceOf(UnknownError);
  });
});

describe('a deletion', () => {
  it('is refused when it expects something else, with the versions in the trailers', async () => {
    const { client } = subject;
    await client.appendToStream('a', events(4));
    for (const refused of [
      client.deleteStream('a', { expectedRevision: 2n }),
      client.tombstoneStream('a', { expectedRevision: 2n }),
    ]) {
      const error = await errorOf(refused);
      expect(error).toBeInstanceOf(WrongExpectedVersionError);
      expect(error).toMatchObject({ streamName: 'a', expectedVersion: 2n, actualVersion: 3n, code: 9 });
    }
    expect(await client.deleteStream('a', { expectedRevision: 3n })).toHaveProperty('position.commit');
  });

  it('of a stream that does not exist is refused, its tombstone is not', async () => {
    const { client } = subject;
    expect(await errorOf(client.deleteStream('a', { expectedRevision: 'no_stream' }))).toBeInstanceOf(
      WrongExpectedVersionError,
    );
    await client.setStreamMetadata('b', { cacheControl: 10 });
    await expect(client.deleteStream('b', { expectedRevision: 'no_stream' })).resolves.toBeDefined();
    await expect(client.tombstoneStream('c', { expectedRevision: 'no_stream' })).resolves.toBeDefined();
    expect(await errorOf(client.tombstoneStream('c'))).toBeInstanceOf(StreamDeletedError);
  });
});
