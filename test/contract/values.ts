import { expectInvalid, expectProblem, done } from './shapes.js';
import { type Subject } from './session.js';
import { createPipeline, day, dealNow, onDeal, openDeal, type Pipeline } from './sales-floor.js';

export function values(subject: Subject): void {
  let pipeline: Pipeline;
  beforeAll(async () => {
    pipeline = await createPipeline(subject());
  });
  const open = (more: object) => subject().post('/v1/deals', { title: 'x', pipelineId: pipeline.id, ...more });
  const opened = async (more: object) => dealNow(subject(), (await openDeal(subject(), pipeline, more)).id);

  describe('money', () => {
    it.each([
      ['EUR', '100', '100.00'],
      ['EUR', '0.1', '0.10'],
      ['EUR', '0', '0.00'],
      ['EUR', '9000000000000.01', '9000000000000.01'],
      ['JPY', '1000', '1000'],
      ['KWD', '1.5', '1.500'],
    ])('in %s %s is answered as %s', async (currency, given, answered) => {
      expect((await opened({ value: { amount: given, currency } })).value).toEqual({ amount: answered, currency });
    });

    it.each([
      [{ amount: 100, currency: 'EUR' }],
      [{ amount: '1e3', currency: 'EUR' }],
      [{ amount: '1,5', currency: 'EUR' }],
      [{ amount: ' 1', currency: 'EUR' }],
      [{ amount: '1.', currency: 'EUR' }],
      [{ amount: '', currency: 'EUR' }],
      [{ amount: '0x10', currency: 'EUR' }],
      [{ amount: 'NaN', currency: 'EUR' }],
      [{ amount: null, currency: 'EUR' }],
      [{ currency: 'EUR' }],
      [{ amount: '1.001', currency: 'EUR' }],
      [{ amount: '1.5', currency: 'JPY' }],
      [{ amount: '9'.repeat(40), currency: 'EUR' }],
    ])('%j is refused at its amount', async (value) => {
      expectInvalid(await open({ value }), '/value/amount');
    });

    it('needs a currency that there is, and knows no other field', async () => {
      expectInvalid(await open({ value: { amount: '1', currency: 'eur' } }), '/value/currency');
      expectInvalid(await open({ value: { amount: '1', currency: 'ZZZ' } }), '/value/currency');
      expectInvalid(await open({ value: { amount: '1' } }), '/value/currency');
      expectInvalid(await open({ value: { amount: '1', currency: 'EUR', cents: 1 } }), '/value/cents');
      expectInvalid(await open({ value: '1 EUR' }), '/value');
    });

    it('is weighted with one half-even rounding', async () => {
      const even = await createPipeline(subject(), [{ name: 'Half', probability: 0.5 }]);
      for (const [amount, weighted] of [
        ['0.01', '0.00'],
        ['0.03', '0.02'],
        ['0.05', '0.02'],
        ['0.07', '0.04'],
      ]) {
        const { id } = await openDeal(subject(), even, { value: { amount, currency: 'EUR' } });
        expect((await dealNow(subject(), id)).weightedValue).toEqual({ amount: weighted, currency: 'EUR' });
      }
      const { columns, totals } = await done(subject().get(`/v1/boards/${even.id}`));
      // 0.16 * 0.5: rounded one by one it would be the same, with a fifth cent it is not.
      expect(totals.weightedValue).toEqual([{ amount: '0.08', currency: 'EUR' }]);
      await openDeal(subject(), even, { value: { amount: '0.01', currency: 'EUR' } });
      await openDeal(subject(), even, { value: { amount: '0.01', currency: 'EUR' } });
      expect(columns[0].weightedValue).toEqual(totals.weightedValue);
      const later = await done(subject().get(`/v1/boards/${even.id}`));
      expect(later.totals.weightedValue).toEqual([{ amount: '0.09', currency: 'EUR' }]);
    });
  });

  describe('instants and dates', () => {
    it('are answered in UTC with milliseconds', async () => {
      const deal = await opened({ occurredAt: '2024-03-01T10:00:00+01:00' });
      expect(deal.openedAt).toBe('2024-03-01T09:00:00.000Z');
      expect((await opened({ occurredAt: '2024-03-01T10:00:00.5-05:30' })).openedAt).toBe('2024-03-01T15:30:00.500Z');
    });

    it.each([
      '2024-03-01T10:00:00',
      '2024-03-01',
      '2024-02-30T10:00:00Z',
      '2024-03-01T25:00:00Z',
      'yesterday',
      '',
      1_709_283_600_000,
    ])('%p is no instant', async (occurredAt) => {
      expectInvalid(await open({ occurredAt }), '/occurredAt');
    });

    it.each(['1899-12-31', '2201-01-01', '2024-02-30', '2024-3-1', '2024-03-01T00:00:00Z', 20240301])(
      '%p is no civil date',
      async (expectedClose) => {
        expectInvalid(await open({ expectedClose }), '/expectedClose');
      },
    );

    it('civil dates reach from 1900 to 2200', async () => {
      expect((await opened({ expectedClose: '1900-01-01' })).expectedClose).toBe('1900-01-01');
      expect((await opened({ expectedClose: '2200-12-31' })).expectedClose).toBe('2200-12-31');
    });

    it('measured times are days with four decimals', async () => {
      const { id } = await openDeal(subject(), pipeline, { occurredAt: day(0) });
      await onDeal(subject(), id, 'move-stage', { toStageId: pipeline.stages[1], occurredAt: day(1 + 1 / 24) });
      expect((await dealNow(subject(), id)).visits[0].stayDays).toBe(1.0417);
    });
  });

  describe('ids', () => {
    it('may be given, in lower case', async () => {
      const id = '01890f3a-7c4e-7abc-8def-0123456789ab';
      expect((await openDeal(subject(), pipeline, { id })).id).toBe(id);
      expectProblem(await open({ id }), 409, 'id-already-used');
      expectInvalid(await open({ id: id.toUpperCase() }), '/id');
      expectInvalid(await open({ id: 'deal-1' }), '/id');
      expectInvalid(await open({ id: 7 }), '/id');
    });

    it('of users are strings', async () => {
      expect((await opened({ ownerId: 'u-1' })).ownerId).toBe('u-1');
      expectInvalid(await open({ ownerId: 1 }), '/ownerId');
      expectInvalid(await open({ ownerId: '' }), '/ownerId');
    });
  });

  it('probabilities lie from 0 to 1 with at most four decimals', async () => {
    for (const probability of [0, 1, 0.1234]) {
      expect((await opened({ probability })).probability).toEqual({ value: probability, from: 'deal' });
    }
    for (const probability of [0.12345, -0.1, 1.1, '0.5', true]) {
      expectInvalid(await open({ probability }), '/probability');
    }
  });

  it('texts have their lengths', async () => {
    expect((await opened({ title: 'x'.repeat(255), source: 's'.repeat(64) })).title).toHaveLength(255);
    for (const title of ['', 'x'.repeat(256), 5, null]) expectInvalid(await open({ title }), '/title');
    for (const source of ['', 's'.repeat(65), 5]) expectInvalid(await open({ source }), '/source');
    const labels = Array.from({ length: 100 }, (_, n) => `l${n}`.padEnd(64, '-'));
    expect((await opened({ labels })).labels.toSorted()).toEqual(labels.toSorted());
    expectInvalid(await open({ labels: [...labels, 'more'] }), '/labels');
    expectInvalid(await open({ labels: ['fine', 'l'.repeat(65)] }), '/labels/1');
    expectInvalid(await open({ labels: [''] }), '/labels/0');
    expectInvalid(await open({ labels: 'hot' }), '/labels');
  });

  it('notes have at most 64 KiB of UTF-8', async () => {
    const { id } = await openDeal(subject(), pipeline);
    await onDeal(subject(), id, 'add-note', { text: 'n'.repeat(65_536) });
    await onDeal(subject(), id, 'add-note', { text: 'é'.repeat(32_768) });
    for (const text of ['n'.repeat(65_537), `${'é'.repeat(32_768)}n`, '', null, 5]) {
      expectInvalid(await subject().post(`/v1/deals/${id}/add-note`, { text }), '/text');
    }
  });

  it('enums are closed', async () => {
    expectInvalid(await open({ visibility: 'nobody' }), '/visibility');
    expectInvalid(await open({ forecastCategory: 'maybe' }), '/forecastCategory');
    for (const visibility of ['owner', 'team', 'everyone']) {
      expect((await opened({ visibility })).visibility).toBe(visibility);
    }
    for (const forecastCategory of ['pipeline', 'best-case', 'commit', 'omitted']) {
      expect((await opened({ forecastCategory })).forecastCategory).toEqual({ value: forecastCategory, from: 'deal' });
    }
  });
}
