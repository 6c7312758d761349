import { type Answer } from '../support/client.js';
import { eur, expectProblem } from './shapes.js';
import { type Subject } from './session.js';
import { createPipeline, dealNow, onDeal, openDeal, type Pipeline, qualifiedLead } from './sales-floor.js';

let keys = 0;
const newKey = (): string => `order-${process.pid}-${keys++}`;

export function replays(subject: Subject): void {
  let pipeline: Pipeline;
  beforeAll(async () => {
    pipeline = await createPipeline(subject());
  });
  const keyed = (path: string, body: object, key: string, more: Record<string, string> = {}): Promise<Answer> =>
    subject().post(path, body, { headers: { 'Idempotency-Key': key, ...more } });
  const same = (again: Answer, first: Answer): void => {
    expect({ status: again.status, body: again.body }).toEqual({ status: first.status, body: first.body });
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    for (const name of ['etag', 'location']) expect(again.headers.get(name)).toBe(first.headers.get(name));
    expect(first.headers.get('idempotency-replayed')).toBeNull();
  };

  it('a creation sent again is answered as the first, whatever happened since', async () => {
    const key = newKey();
    const body = { title: 'x', pipelineId: pipeline.id, value: eur('5') };
    const first = await keyed('/v1/deals', body, key);
    expect(first.status).toBe(201);
    await onDeal(subject(), first.body.id, 'assign', { ownerId: 'u-9' });
    same(await keyed('/v1/deals', body, key), first);
    const spaced = `{ "value": {"currency":"EUR", "amount":"5"}, "pipelineId":"${pipeline.id}",\n "title":"\\u0078"}`;
    same(await subject().send('POST', '/v1/deals', spaced, { headers: { 'Idempotency-Key': key } }), first);
    expect((await dealNow(subject(), first.body.id)).revision).toBe(1);
  });

  it('pipelines and leads are replayed too', async () => {
    for (const [path, body] of [
      ['/v1/pipelines', { name: 'P', stages: [{ name: 'Only', probability: 0.5 }] }],
      ['/v1/leads', { title: 'L', source: 'fair', person: { name: 'Ada' } }],
    ] as const) {
      const key = newKey();
      const first = await keyed(path, body, key);
      expect(first.status).toBe(201);
      same(await keyed(path, body, key), first);
    }
  });

  it('a conversion sent again names the same deal; with another key there is one already', async () => {
    const lead = await qualifiedLead(subject());
    const key = newKey();
    const body = { pipelineId: pipeline.id };
    const first = await keyed(`/v1/leads/${lead}/convert`, body, key);
    expect(first.status).toBe(201);
    same(await keyed(`/v1/leads/${lead}/convert`, body, key), first);
    const { id: dealId } = first.body.deal;
    expectProblem(await keyed(`/v1/leads/${lead}/convert`, body, newKey()), 409, 'already-converted', { dealId });
  });

  it('another body or another query under the same key is refused', async () => {
    const key = newKey();
    const { id } = await openDeal(subject(), pipeline);
    const path = `/v1/deals/${id}/move-stage`;
    const first = await keyed(path, { toStageId: pipeline.stages[1] }, key);
    expectProblem(await keyed(path, { toStageId: pipeline.stages[2] }, key), 422, 'idempotency-key-reused');
    const query = await keyed(`${path}?totals=true`, { toStageId: pipeline.stages[1] }, key);
    expectProblem(query, 422, 'idempotency-key-reused');
    same(await keyed(path, { toStageId: pipeline.stages[1] }, key), first);
  });

  it('a replay with totals equals the first answer, but for the totals, which are those of now', async () => {
    const key = newKey();
    const { id } = await openDeal(subject(), pipeline, { value: eur('7') });
    const path = `/v1/deals/${id}/move-stage?totals=true`;
    const send = async () => {
      const { columns: _, ...body } = (await keyed(path, { toStageId: pipeline.stages[1] }, key)).body;
      return body;
    };
    const first = await send();
    await openDeal(subject(), pipeline, { stageId: pipeline.stages[1], value: eur('9') });
    expect(await send()).toEqual(first);
  });

  it('the same key on another path is another command', async () => {
    const key = newKey();
    const [one, two] = [await openDeal(subject(), pipeline), await openDeal(subject(), pipeline)];
    for (const { id } of [one, two]) {
      const answer = await keyed(`/v1/deals/${id}/assign`, { ownerId: 'u-5' }, key);
      expect([answer.status, answer.headers.get('idempotency-replayed')]).toEqual([200, null]);
      expect((await dealNow(subject(), id)).ownerId).toBe('u-5');
    }
  });

  it('what was refused, and what changed nothing, is decided anew', async () => {
    const { id } = await openDeal(subject(), pipeline, { value: eur('5') });
    const refusedKey = newKey();
    const move = () => keyed(`/v1/deals/${id}/move-stage`, { toStageId: pipeline.stages[0] }, refusedKey);
    expectProblem(await move(), 409, 'same-stage');
    await onDeal(subject(), id, 'move-stage', { toStageId: pipeline.stages[1] });
    const moved = await move();
    expect([moved.status, moved.headers.get('idempotency-replayed')]).toEqual([200, null]);
    same(await move(), moved);

    const idleKey = newKey();
    const change = () => keyed(`/v1/deals/${id}/change-value`, { value: eur('5.00') }, idleKey);
    const { revision } = await dealNow(subject(), id);
    const idle = await change();
    expect([idle.status, idle.body.revision, idle.headers.get('etag')]).toEqual([200, revision, `"${revision}"`]);
    expect(idle.body.position).toBe(moved.body.position);
    await onDeal(subject(), id, 'change-value', { value: eur('6') });
    const changed = await change();
    expect([changed.body.revision, changed.headers.get('idempotency-replayed')]).toEqual([revision + 2, null]);
    same(await change(), changed);
  });

  it('a replay is answered before If-Match is looked at', async () => {
    const { id } = await openDeal(subject(), pipeline);
    const key = newKey();
    const assign = () => keyed(`/v1/deals/${id}/assign`, { ownerId: 'u-7' }, key, { 'If-Match': '"0"' });
    const first = await assign();
    expect(first.body.revision).toBe(1);
    same(await assign(), first);
  });

  it('many sendings at once of one key write once', async () => {
    const key = newKey();
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => keyed('/v1/deals', { title: 'race', pipelineId: pipeline.id }, key)),
    );
    expect(new Set(answers.map((answer) => `${answer.status} ${JSON.stringify(answer.body)}`)).size).toBe(1);
    const first = answers.filter((answer) => answer.headers.get('idempotency-replayed') === null);
    expect(first).toHaveLength(1);
  });

  it('a key has 1 to 255 visible ASCII characters', async () => {
    const { id } = await openDeal(subject(), pipeline);
    expect((await keyed(`/v1/deals/${id}/add-note`, { text: 'x' }, `~!${'k'.repeat(253)}`)).status).toBe(200);
    for (const key of ['k'.repeat(256), 'two words', 'ké', '']) {
      const answer = await keyed(`/v1/deals/${id}/add-note`, { text: 'y' }, key);
      expectProblem(answer, 422, 'invalid-idempotency-key');
    }
    expect((await dealNow(subject(), id)).revision).toBe(1);
  });
}
