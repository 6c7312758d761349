import { randomUUID } from 'node:crypto';
import { CARE, createPipeline, day, dealNow, onDeal, OPEN_STAGES, openDeal, type Pipeline } from './sales-floor.js';
import { done, eur, expectInvalid, expectProblem, POSITION } from './shapes.js';
import { type Subject } from './session.js';

const UNKNOWN = '01890f3a-7c4e-7abc-8def-0123456789af';

/** What is proposed to a buyer, and what they take of it. */
export function proposals(subject: Subject): void {
  let pipeline: Pipeline;
  let productId: string;
  beforeAll(async () => {
    const [talk, demo, offer] = OPEN_STAGES;
    const gated = { ...offer, gates: [{ type: 'proposal', status: 'accepted' }] };
    pipeline = await createPipeline(subject(), [talk!, demo!, gated, CARE]);
    ({ id: productId } = await done(subject().post('/v1/products', { name: 'Boiler' }), 201));
  });
  const item = (quantity: string, amount = '100') => ({ productId, quantity, unitPrice: eur(amount) });
  const record = (id: string, body: object, key?: string) =>
    subject().post(
      `/v1/deals/${id}/record-proposal`,
      body,
      key === undefined ? {} : { headers: { 'Idempotency-Key': key } },
    );
  const accept = (id: string, proposalId: string, optionId: unknown, more: object = {}) =>
    subject().post(`/v1/deals/${id}/accept-proposal`, { proposalId, optionId, ...more });

  it('are recorded with what each option is worth, and one is accepted', async () => {
    const { id } = await openDeal(subject(), pipeline, { value: eur('10'), occurredAt: day(0) });
    const proposalId = randomUUID();
    const options = [{ name: 'One', lineItems: [item('1')] }, { lineItems: [item('3'), item('0.5', '10')] }];
    const body = { proposalId, options, validUntil: '2024-02-01', occurredAt: day(2) };
    const recorded = await record(id, body);
    const [small, large] = recorded.body.optionIds;
    expect([recorded.status, recorded.body]).toEqual([
      200,
      { id, revision: 1, position: POSITION, proposalId, optionIds: [expect.any(String), expect.any(String)] },
    ]);
    expect((await record(id, body)).body).toEqual(recorded.body);
    expectProblem(await onStage(id), 409, 'gate-not-met', {
      stageId: pipeline.stages[2],
      missing: [{ type: 'proposal', status: 'accepted' }],
    });
    const made = { revision: 1, type: 'ProposalRecorded', occurredAt: day(2) };
    expectProblem(await accept(id, proposalId, large, { occurredAt: day(1) }), 409, 'out-of-order', made);
    expectProblem(await accept(id, proposalId, large), 409, 'proposal-expired', { validUntil: '2024-02-01' });
    const accepted = await accept(id, proposalId, large, { occurredAt: day(4) });
    expect(accepted.body).toEqual({ id, revision: 2, position: POSITION });
    expect((await accept(id, proposalId, large)).body).toEqual(accepted.body);
    expectProblem(await accept(id, proposalId, small), 409, 'already-accepted', { optionId: large });
    const full = { discount: 0 };
    const small1 = {
      optionId: small,
      name: 'One',
      lineItems: [{ ...item('1', '100.00'), ...full }],
      value: eur('100.00'),
    };
    const items = [
      { ...item('3', '100.00'), ...full },
      { ...item('0.5', '10.00'), ...full },
    ];
    const told = {
      proposalId,
      options: [small1, { optionId: large, name: null, lineItems: items, value: eur('305.00') }],
      validUntil: '2024-02-01',
      proposedAt: day(2),
    };
    expect(await dealNow(subject(), id)).toMatchObject({
      value: eur('305.00'),
      lineItems: items,
      proposals: [{ ...told, accepted: { optionId: large, acceptedAt: day(4) } }],
      stall: { lastTouch: { type: 'ProposalAccepted' } },
    });
    const before = { value: eur('10.00'), lineItems: [], proposals: [{ ...told, accepted: null }] };
    expect(await dealNow(subject(), id, `?asOf=${day(3)}`)).toMatchObject(before);
    expect(await dealNow(subject(), id, '?atRevision=1')).toMatchObject(before);
    const { changes } = (await subject().get(`/v1/deals/${id}/diff?from=1&to=2`)).body;
    expect(changes).toContainEqual({
      path: '/proposals/0/accepted',
      from: null,
      to: { optionId: large, acceptedAt: Date.parse(day(4)) },
    });
    expect((await onStage(id)).status).toBe(200);
    const board = await subject().get(`/v1/boards/${pipeline.id}?product=${productId}`);
    expect(board.body.columns[2]).toMatchObject({ count: 1, value: [eur('305.00')] });
  });
  const onStage = (id: string) => subject().post(`/v1/deals/${id}/move-stage`, { toStageId: pipeline.stages[2] });

  it('are refused for what cannot be sold, for closed deals, and in other shapes', async () => {
    const { id } = await openDeal(subject(), pipeline);
    const options = [{ lineItems: [item('1')] }];
    expectProblem(
      await record(id, { options: [{ lineItems: [{ ...item('1'), productId: UNKNOWN }] }] }),
      409,
      'unknown-product',
    );
    expectProblem(await record(id, { options, validUntil: '2024-01-01' }), 409, 'date-in-past');
    expectProblem(await accept(id, UNKNOWN, UNKNOWN), 409, 'unknown-proposal');
    const { proposalId } = (await record(id, { options })).body;
    expectProblem(await accept(id, proposalId, UNKNOWN), 409, 'unknown-option');
    expectProblem(await record(id, { proposalId, options: [{ lineItems: [item('2')] }] }), 409, 'id-already-used');
    expectInvalid(await record(id, { options: [] }), '/options');
    expectInvalid(await record(id, { options: [{ lineItems: [] }] }), '/options/0/lineItems');
    expectInvalid(await record(id, { options: [{ lineItems: [item('x')] }] }), '/options/0/lineItems/0/quantity');
    expectInvalid(await record(id, { options, validUntil: 'soon' }), '/validUntil');
    expectInvalid(await accept(id, proposalId, 'x'), '/optionId');
    expectProblem(await record(UNKNOWN, { options }), 404, 'not-found');
    await onDeal(subject(), id, 'lose', { reason: 'price' });
    const closed = { status: 'lost', allowed: ['open'] };
    expectProblem(await record(id, { options }), 409, 'wrong-status', closed);
    expectProblem(await accept(id, proposalId, UNKNOWN), 409, 'wrong-status', closed);
  });

  it('are recorded once for a key, under the same ids', async () => {
    const { id } = await openDeal(subject(), pipeline);
    const body = { options: [{ lineItems: [item('1')] }] };
    const first = await record(id, body, 'p');
    const second = await record(id, body, 'p');
    expect([second.headers.get('idempotency-replayed'), second.body]).toEqual(['true', first.body]);
    expect((await record(id, body)).body).toMatchObject({ revision: 2 });
  });
}
