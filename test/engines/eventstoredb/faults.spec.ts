import { setTimeout as sleep } from 'node:timers/promises';
import { EventStoreDBClient, UnavailableError } from '@eventstore/db-client';
import { EventStoreDbStandIn } from './stand-in.js';
import { collect, errorOf, events, startSubject, type Subject } from './testing.js';

let subject: Subject;
beforeEach(async () => {
  subject = await startSubject();
});
afterEach(() => subject.stop());

describe('a server that is killed', () => {
  it('ends a subscription with an error and nothing else; the client does not subscribe again', async () => {
    const { client, standIn } = subject;
    const said: unknown[] = [];
    const subscription = client.subscribeToAll();
    const live = new Promise((resolve) => subscription.once('caughtUp', resolve));
    subscription.on('data', () => undefined).on('error', (error) => said.push(error));
    for (const event of ['end', 'close', 'confirmation']) subscription.on(event, () => said.push(event));
    await live;
    said.length = 0;
    await standIn.restart();
    await client.appendToStream('a', events(1)).catch(() => undefined);
    await sleep(200);
    expect(said).toHaveLength(1);
    expect(said[0]).toBeInstanceOf(UnavailableError);
    expect(said[0]).toMatchObject({ code: 14 });
  });

  it('leaves an append in flight with code 14, and after it a plain error with code 14 and no type', async () => {
    const { client, standIn } = subject;
    await client.appendToStream('a', events(1));
    standIn.faults.hang = true;
    const inFlight = errorOf(client.appendToStream('a', events(1)));
    await sleep(50);
    await standIn.refuse();
    expect(await inFlight).toBeInstanceOf(UnavailableError);
    await sleep(50);
    const refused = await errorOf(client.appendToStream('a', events(1)));
    expect(refused).toMatchObject({ code: 14 });
    expect(refused).not.toHaveProperty('type');
  });

  it('gently is silent for a while, then gives the subscription up with code 13', async () => {
    const { client, standIn } = subject;
    const subscription = client.subscribeToAll();
    const errors: unknown[] = [];
    const live = new Promise((resolve) => subscription.once('caughtUp', resolve));
    subscription.on('data', () => undefined).on('error', (error) => errors.push(error));
    await live;
    const stopping = standIn.shutDown(100);
    await sleep(50);
    expect(errors).toEqual([]);
    await stopping;
    await sleep(50);
    expect(errors[0]).toMatchObject({ code: 13, message: expect.stringContaining('Received RST_STREAM') });
  });

  it('has kept everything, and the same client goes on', async () => {
    const { client, standIn } = subject;
    const { position } = await client.appendToStream('a', events(3));
    const url = standIn.url;
    await standIn.restart();
    expect(standIn.url).toBe(url);
    await errorOf(client.appendToStream('b', events(1)));
    const read = await collect(client.readStream('a'));
    expect(read.at(-1)?.event?.position).toEqual(position);
    expect((await client.appendToStream('a', events(1), { expectedRevision: 2n })).nextExpectedRevision).toBe(3n);
  });
});

describe("the client's promise bank", () => {
  it('is global to the module: the end of one client rejects the appends of another', async () => {
    const { client, standIn } = subject;
    const other = await EventStoreDbStandIn.start();
    const bystander = EventStoreDBClient.connectionString(other.url);
    await bystander.appendToStream('a', events(1));
    await client.appendToStream('a', events(1));
    other.faults.hang = true;
    const pending = errorOf(bystander.appendToStream('a', events(1)));
    await sleep(20);
    await client.dispose();
    expect(await pending).toMatchObject({ type: 'unknown' });
    await other.refuse();
    await other.stop();
    expect(standIn.port).not.toBe(other.port);
  });
});

describe('faults', () => {
  it.each([
    ['dropBeforeWrite', 1],
    ['dropAfterWrite', 2],
  ] as const)('%s cuts the connection around one append', async (fault, stored) => {
    const { client, standIn } = subject;
    await client.appendToStream('a', events(1));
    standIn.faults[fault] = 1;
    expect(await errorOf(client.appendToStream('a', events(1)))).toMatchObject({ code: 14 });
    expect(await collect(client.readStream('a'))).toHaveLength(stored);
  });

  it('swallowAnswers writes and does not answer, and the client waits beyond its deadline', async () => {
    const { client, standIn } = subject;
    await client.appendToStream('a', events(1));
    standIn.faults.swallowAnswers = 1;
    const append = client.appendToStream('a', events(1), { deadline: 100 }).then(
      () => 'answered',
      () => 'rejected',
    );
    expect(await Promise.race([append, sleep(400).then(() => 'waiting')])).toBe('waiting');
    expect(await collect(client.readStream('a'))).toHaveLength(2);
  });

  it('delayMs answers slowly, hang not at all until it is over', async () => {
    const { client, standIn } = subject;
    standIn.faults.delayMs = 50;
    expect((await client.appendToStream('a', events(1))).success).toBe(true);
    standIn.faults.delayMs = 0;
    standIn.faults.hang = true;
    const read = collect(client.readStream('a'));
    expect(await Promise.race([read, sleep(100).then(() => 'hanging')])).toBe('hanging');
    standIn.faults.hang = false;
    expect(await read).toHaveLength(1);
  });
});

describe('what the stand-in does not have', () => {
  it('is refused with a sentence', async () => {
    const { client } = subject;
    const error = await errorOf(client.createProjection('p', 'fromAll()'));
    expect(error).toMatchObject({
      code: 12,
      message: expect.stringContaining('The stand-in for EventStoreDB does not support projections.'),
    });
    expect(await errorOf(client.restartSubsystem())).toMatchObject({ code: 12 });
  });
});
