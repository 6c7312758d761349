import { randomUUID } from 'node:crypto';
import type { Subject } from './session.js';
import { done, eur, expectInvalid, expectProblem, INSTANT } from './shapes.js';

export function products(subject: Subject): void {
  const category = `c-${randomUUID()}`;
  const add = (body: object) => subject().post('/v1/products', { name: 'Boiler', category, ...body });

  it('are added, repriced and retired', async () => {
    const id = randomUUID();
    const added = await add({ id, prices: [eur('99.5'), { amount: '15000', currency: 'JPY' }] });
    expect([added.status, added.headers.get('location')]).toEqual([201, `/v1/products/${id}`]);
    const path = `/v1/products/${id}`;
    const first = await subject().get(path);
    expect(first.headers.get('etag')).toBe('"0"');
    expect(first.body).toEqual({
      id,
      revision: 0,
      name: 'Boiler',
      category,
      focus: 'primary',
      prices: [eur('99.50'), { amount: '15000', currency: 'JPY' }],
      retired: false,
      addedAt: INSTANT,
    });
    await done(subject().post(`${path}/reprice`, { prices: [] }));
    await done(subject().post(`${path}/retire`));
    expect((await subject().get(path)).body).toMatchObject({ revision: 2, prices: [], retired: true });
    const late = await subject().post(`${path}/reprice`, { prices: [eur('1')] });
    expectProblem(late, 409, 'wrong-status', { status: 'retired', allowed: ['active'] });
    expectProblem(await add({ id }), 409, 'id-already-used');
  });

  it('are listed by name, and filtered', async () => {
    await done(add({ name: 'Aa', focus: 'secondary' }), 201);
    await done(add({ name: 'Zz' }), 201);
    const names = async (query: string) =>
      (await subject().get(`/v1/products?category=${category}&${query}`)).body.items.map(
        (item: { name: string }) => item.name,
      );
    expect(await names('')).toEqual(['Aa', 'Boiler', 'Zz']);
    expect(await names('retired=false')).toEqual(['Aa', 'Zz']);
    expect(await names('focus=secondary')).toEqual(['Aa']);
    const page = (await subject().get(`/v1/products?category=${category}&limit=2`)).body;
    expect(await names(`limit=2&cursor=${page.next}`)).toEqual(['Zz']);
  });

  it('are refused with what is wrong', async () => {
    expectInvalid(await add({ name: '' }), '/name');
    expectInvalid(await add({ focus: 'tertiary' }), '/focus');
    expectInvalid(await add({ prices: [eur('1.234')] }), '/prices/0/amount');
    expectInvalid(await add({ prices: [eur('1'), eur('2')] }), '/prices/1/currency');
    expectProblem(await add({ prices: [eur('-1')] }), 409, 'negative-value');
    expectProblem(await subject().get(`/v1/products/${randomUUID()}`), 404, 'not-found');
    expectProblem(await subject().post(`/v1/products/${randomUUID()}/retire`), 404, 'not-found');
  });
}
