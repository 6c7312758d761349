import { eur, expectInvalid, expectProblem, SEALED } from './shapes.js';
import { type Subject } from './session.js';
import {
  CARE,
  createPipeline,
  day,
  dealNow,
  eventsOf,
  onDeal,
  OPEN_STAGES,
  openDeal,
  type Pipeline,
} from './sales-floor.js';

/** Wins, losses, reopenings, and the order of times. */
export function closes(subject: Subject): void {
  let plain: Pipeline;
  let caring: Pipeline;
  beforeAll(async () => {
    plain = await createPipeline(subject());
    caring = await createPipeline(subject(), [...OPEN_STAGES, CARE, { ...CARE, name: 'Referral' }]);
  });
  const command = (id: string, name: string, body: object = {}) => subject().post(`/v1/deals/${id}/${name}`, body);
  const on = (id: string, name: string, days: number, body: object = {}) =>
    onDeal(subject(), id, name, { ...body, occurredAt: day(days) });

  it('a win ends the deal, where nothing follows', async () => {
    const { id } = await openDeal(subject(), plain, { value: eur('5'), occurredAt: day(0) });
    await on(id, 'win', 3);
    expect(await dealNow(subject(), id)).toMatchObject({
      status: 'won',
      revision: 1,
      stageId: plain.stages[0],
      closedAt: day(3),
      loss: null,
      stall: null,
      visits: [{ exit: 'won', exitedAt: day(3), stayDays: 3 }],
    });
    expect((await eventsOf(subject(), 'deals', id))[1]).toMatchObject({
      type: 'DealWon',
      data: { stageId: plain.stages[0], value: eur('5.00') },
    });
  });

  it('a won deal goes on among the post-sale stages', async () => {
    const [talk, , , care, referral] = caring.stages;
    const { id } = await openDeal(subject(), caring, { value: eur('5'), occurredAt: day(0) });
    await on(id, 'win', 3);
    const won = await dealNow(subject(), id);
    expect(won).toMatchObject({
      status: 'won',
      stageId: care,
      rank: 4,
      closedAt: day(3),
      visits: [
        { stageId: talk, exit: 'won', exitedAt: day(3) },
        { visitNo: 2, stageId: care, rank: 4, entry: 'won', enteredAt: day(3), exitedAt: null, exit: null },
      ],
    });
    expect(won.stall).toMatchObject({ lastTouch: { type: 'DealWon', occurredAt: day(3), revision: 1 } });
    expectProblem(await command(id, 'move-stage', { toStageId: talk }), 409, 'wrong-stage-kind');
    expectProblem(await command(id, 'move-stage', { toStageId: care }), 409, 'same-stage');
    await on(id, 'move-stage', 4, { toStageId: referral });
    expect((await eventsOf(subject(), 'deals', id))[2].data).toMatchObject({
      direction: 'forward',
      from: { stageId: care, rank: 4 },
      to: { stageId: referral, rank: 5 },
    });
    await on(id, 'move-stage', 5, { toStageId: care });
    const { columns, totals } = (await subject().get(`/v1/boards/${caring.id}`)).body;
    expect(columns[3]).toMatchObject({
      kind: 'post-sale',
      rank: 4,
      count: 1,
      value: [eur('5.00')],
      weightedValue: [],
      cards: [{ id, status: 'won' }],
    });
    expect(totals).toMatchObject({ count: 0, value: [], weightedValue: [] });
    await on(id, 'reopen', 6);
    const reopened = await dealNow(subject(), id);
    expect(reopened).toMatchObject({ status: 'open', stageId: talk, closedAt: null });
    expect(reopened.visits.map((visit: any) => [visit.stageId, visit.entry, visit.exit])).toEqual([
      [talk, 'opened', 'won'],
      [care, 'won', 'forward'],
      [referral, 'forward', 'backward'],
      [care, 'backward', 'reopened'],
      [talk, 'reopened', null],
    ]);
  });

  it('a loss has a known reason, and a reopening undoes it', async () => {
    const { id } = await openDeal(subject(), caring, { value: eur('5'), occurredAt: day(0) });
    await on(id, 'move-stage', 1, { toStageId: caring.stages[1] });
    expectProblem(await command(id, 'lose', { reason: 'weather' }), 409, 'unknown-reason');
    expectInvalid(await command(id, 'lose'), '/reason');
    expectInvalid(await command(id, 'lose', { reason: 'r'.repeat(65) }), '/reason');
    await on(id, 'lose', 2, { reason: 'competitor', note: 'half the price', competitor: 'Globex' });
    const loss = { reason: 'competitor', note: 'half the price', competitor: 'Globex', stageId: caring.stages[1] };
    const lost = await dealNow(subject(), id);
    expect(lost).toMatchObject({ status: 'lost', closedAt: day(2), stall: null, loss, stageId: caring.stages[1] });
    expect(lost.loss).toEqual(loss);
    expect((await eventsOf(subject(), 'deals', id))[2]).toMatchObject({
      type: 'DealLost',
      data: { ...loss, note: SEALED, value: eur('5.00') },
    });
    await on(id, 'reopen', 4);
    const reopened = await dealNow(subject(), id);
    expect(reopened).toMatchObject({ status: 'open', loss: null, closedAt: null, stageId: caring.stages[1] });
    expect(reopened.visits.map((visit: any) => [visit.entry, visit.exit, visit.enteredAt])).toEqual([
      ['opened', 'forward', day(0)],
      ['forward', 'lost', day(1)],
      ['reopened', null, day(4)],
    ]);
    expect((await eventsOf(subject(), 'deals', id))[3]).toMatchObject({
      type: 'DealReopened',
      data: { toStageId: caring.stages[1] },
    });
  });

  it.each(['price', 'no-budget', 'no-decision', 'timing', 'no-response', 'other'])('%s is a reason', async (reason) => {
    const { id } = await openDeal(subject(), plain);
    await onDeal(subject(), id, 'lose', { reason });
    expect((await dealNow(subject(), id)).loss).toEqual({
      reason,
      note: null,
      competitor: null,
      stageId: plain.stages[0],
    });
  });

  it('each status allows what it allows', async () => {
    const refused = async (id: string, name: string, body: object, status: string, allowed: string[]) => {
      const answer = await command(id, name, body);
      expectProblem(answer, 409, 'wrong-status', { status, allowed: expect.arrayContaining(allowed) });
    };
    const { id } = await openDeal(subject(), plain);
    await refused(id, 'reopen', {}, 'open', ['won', 'lost']);
    await onDeal(subject(), id, 'lose', { reason: 'price' });
    await refused(id, 'move-stage', { toStageId: plain.stages[1] }, 'lost', ['open']);
    await refused(id, 'win', {}, 'lost', ['open']);
    await refused(id, 'lose', { reason: 'price' }, 'lost', ['open']);
    await refused(id, 'change-value', { value: eur('1') }, 'lost', ['open']);
    await onDeal(subject(), id, 'assign', { ownerId: 'u-8' });
    await onDeal(subject(), id, 'add-note', { text: 'they may come back' });
    await onDeal(subject(), id, 'reopen');
    await onDeal(subject(), id, 'win');
    await refused(id, 'win', {}, 'won', ['open']);
    await refused(id, 'lose', { reason: 'price' }, 'won', ['open']);
    await refused(id, 'change-value', { value: eur('1') }, 'won', ['open']);
    await onDeal(subject(), id, 'assign', { ownerId: 'u-9' });
    expect(await dealNow(subject(), id)).toMatchObject({ status: 'won', ownerId: 'u-9' });
  });

  describe('times', () => {
    it('never go back within stage and status, owner, and value', async () => {
      const { id } = await openDeal(subject(), caring, { occurredAt: day(10) });
      const before = (revision: number, type: string, days: number) => ({ revision, type, occurredAt: day(days) });
      const at = (name: string, days: number, body: object = {}) =>
        command(id, name, { ...body, occurredAt: day(days) });
      const opening = before(0, 'DealOpened', 10);
      const toStageId = caring.stages[1];
      expectProblem(await at('move-stage', 9, { toStageId }), 409, 'out-of-order', opening);
      expectProblem(await at('assign', 9, { ownerId: 'u-1' }), 409, 'out-of-order', opening);
      expectProblem(await at('change-value', 9, { value: eur('1') }), 409, 'out-of-order', opening);
      await on(id, 'move-stage', 20, { toStageId });
      await on(id, 'assign', 15, { ownerId: 'u-1' });
      await on(id, 'change-value', 12, { value: eur('1') });
      const moved = before(1, 'DealStageMoved', 20);
      expectProblem(await at('win', 19), 409, 'out-of-order', moved);
      expectProblem(await at('lose', 19, { reason: 'price' }), 409, 'out-of-order', moved);
      expectProblem(await at('assign', 14, { ownerId: 'u-2' }), 409, 'out-of-order', before(2, 'DealAssigned', 15));
      expectProblem(
        await at('change-value', 11, { value: null }),
        409,
        'out-of-order',
        before(3, 'DealValueChanged', 12),
      );
      await on(id, 'win', 20);
      expectProblem(await at('reopen', 19), 409, 'out-of-order', before(4, 'DealWon', 20));
      await on(id, 'reopen', 20);
      await on(id, 'add-note', 1, { text: 'before it was a deal' });
    });

    it('left out are never out of order, and reach a minute ahead at most', async () => {
      const soon = new Date(Date.now() + 40_000).toISOString();
      const { id } = await openDeal(subject(), caring, { occurredAt: soon });
      await onDeal(subject(), id, 'move-stage', { toStageId: caring.stages[1] });
      const events = await eventsOf(subject(), 'deals', id);
      expect(events[1].metadata.occurredAt).toBe(soon);
      expect(events[1].metadata.recordedAt < soon).toBe(true);
      const late = new Date(Date.now() + 90_000).toISOString();
      expectProblem(await command(id, 'add-note', { text: 'x', occurredAt: late }), 400, 'occurred-in-future');
    });
  });
}
