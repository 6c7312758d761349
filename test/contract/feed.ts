import { KEY } from '../support/server-process.js';
import { chainFaults } from '../support/hash-chain.js';
import { done, expectInvalid, expectProblem } from './shapes.js';
import { type Subject } from './session.js';
import { captureLead, createPipeline, eventsOf, onDeal, openDeal, type Pipeline } from './sales-floor.js';

export function feed(subject: Subject): void {
  let pipeline: Pipeline;
  beforeAll(async () => {
    pipeline = await createPipeline(subject());
  });
  const lines = async (query: string): Promise<any[]> => {
    const answer = await subject().get(`/v1/events${query}`);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toMatch(/ndjson/u);
    return String(answer.body)
      .split('\n')
      .filter((line) => line !== '')
      .map((line): unknown => JSON.parse(line));
  };

  it('holds every event from the first, in the order of the log, each as the stream has it', async () => {
    const { id } = await openDeal(subject(), pipeline);
    const all = await lines('');
    const positions = all.map((event) => BigInt(event.position));
    expect(positions).toEqual([...new Set(positions)].sort((a, b) => (a < b ? -1 : 1)));
    expect(chainFaults(all)).toEqual([]);
    expect(all.filter((event) => event.stream === `deal-${id}`)).toEqual(await eventsOf(subject(), 'deals', id));
    expect(await lines('?after=0')).toHaveLength(all.length - (positions[0] === 0n ? 1 : 0));
  });

  it('goes on after a position, by category and by type', async () => {
    const { id, position } = await openDeal(subject(), pipeline);
    await onDeal(subject(), id, 'assign', { ownerId: 'u-1' });
    await captureLead(subject());
    const moved = await onDeal(subject(), id, 'move-stage', { toStageId: pipeline.stages[1] });
    const types = async (query: string) => (await lines(`?after=${position}${query}`)).map((event) => event.type);
    expect(await types('')).toEqual(['DealAssigned', 'LeadCaptured', 'DealStageMoved']);
    expect(await types('&category=deal')).toEqual(['DealAssigned', 'DealStageMoved']);
    expect(await types('&category=lead')).toEqual(['LeadCaptured']);
    expect(await types('&category=deal&type=DealStageMoved')).toEqual(['DealStageMoved']);
    expect(await lines(`?after=${moved.position}`)).toEqual([]);
    expectInvalid(await subject().get('/v1/events?after=soon'), '?after');
    expectProblem(await subject().get('/v1/events?since=1'), 400, 'unknown-parameter');
  });

  it('is live over SSE, from the position and after the last id that was heard', async () => {
    const { id, position } = await openDeal(subject(), pipeline);
    const live = await listen(subject().url, `/v1/events?after=${position}&category=deal`);
    const assigned = await onDeal(subject(), id, 'assign', { ownerId: 'u-1' });
    const noted = await onDeal(subject(), id, 'add-note', { text: 'x' });
    const heard = [await live.next(), await live.next()];
    expect(heard.map((message) => message.id)).toEqual([assigned.position, noted.position]);
    expect(heard.map((message) => message.event)).toEqual((await eventsOf(subject(), 'deals', id)).slice(1));
    await live.close();
    // As a browser comes back: to the same address, with what it has heard last.
    const again = await listen(subject().url, `/v1/events?after=${position}&category=deal`, {
      'Last-Event-ID': assigned.position,
    });
    expect((await again.next()).id).toBe(noted.position);
    await again.close();
  });

  it('is one for keys alone', async () => {
    expectProblem(await subject().get('/v1/events', { key: null }), 401, 'unauthenticated');
    expect(await done(subject().get('/health/ready', { key: null }))).toEqual({ status: 'ready' });
  });
}

interface Message {
  readonly id: string;
  readonly event: any;
}

/** A listener to server-sent events, as plain as the specification of them. */
async function listen(
  url: string,
  path: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<{ next(): Promise<Message>; close(): Promise<void> }> {
  const response = await fetch(url + path, {
    headers: { Authorization: `Bearer ${KEY}`, Accept: 'text/event-stream', ...headers },
  });
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toMatch(/^text\/event-stream/u);
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  const next = async (): Promise<Message> => {
    for (;;) {
      const end = text.indexOf('\n\n');
      if (end >= 0) {
        const block = text.slice(0, end).split('\n');
        text = text.slice(end + 2);
        const field = (name: string) =>
          block.filter((line) => line.startsWith(`${name}:`)).map((line) => line.slice(name.length + 1).trim());
        if (field('data').length > 0) return { id: field('id')[0]!, event: JSON.parse(field('data').join('\n')) };
        continue;
      }
      const { value, done: ended } = await reader.read();
      if (ended) throw new Error('the feed ended');
      text += value.replaceAll('\r\n', '\n');
    }
  };
  return { next, close: () => reader.cancel() };
}
