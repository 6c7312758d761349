import { setImmediate as nextTurn } from 'node:timers/promises';
import fc from 'fast-check';
import { Lanes } from './lanes.js';

describe('lanes', () => {
  it('keep the order within a lane, run lanes side by side, and never more tasks than the limit', async () => {
    const tasks = fc.array(fc.record({ lane: fc.integer({ min: 0, max: 4 }), turns: fc.nat({ max: 3 }) }), {
      maxLength: 40,
    });
    await fc.assert(
      fc.asyncProperty(tasks, fc.integer({ min: 1, max: 6 }), async (all, limit) => {
        const lanes = new Lanes(limit);
        const done: number[] = [];
        const running = new Set<number>();
        let added = 0;
        for (const [index, { lane, turns }] of all.entries()) {
          await lanes.add(String(lane), async () => {
            expect(running.has(lane)).toBe(false);
            running.add(lane);
            for (let turn = 0; turn < turns; turn++) await nextTurn();
            running.delete(lane);
            done.push(index);
          });
          added += 1;
          expect(added - done.length).toBeLessThanOrEqual(limit);
        }
        await lanes.done();
        for (let lane = 0; lane <= 4; lane++) {
          const own = done.filter((index) => all[index]?.lane === lane);
          expect(own).toEqual([...own].sort((a, b) => a - b));
        }
        expect(done).toHaveLength(all.length);
      }),
    );
  });

  it('run side by side', async () => {
    const lanes = new Lanes(2);
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    const order: string[] = [];
    await lanes.add('a', () => held.then(() => void order.push('a')));
    await lanes.add('b', async () => {
      order.push('b');
      release();
    });
    await lanes.done();
    expect(order).toEqual(['b', 'a']);
  });

  it('stop at the first failure and tell it', async () => {
    const lanes = new Lanes(10);
    const ran: string[] = [];
    await lanes.add('a', () => Promise.reject(new Error('disk full')));
    await lanes.add('a', async () => void ran.push('after'));
    await expect(lanes.done()).rejects.toThrow('disk full');
    await expect(lanes.add('b', async () => void ran.push('later'))).rejects.toThrow('disk full');
    expect(ran).toEqual([]);
  });

  it('wake up who waits for a place when a task fails', async () => {
    const lanes = new Lanes(1);
    await lanes.add('a', () => nextTurn().then(() => Promise.reject(new Error('disk full'))));
    await expect(lanes.add('b', () => Promise.resolve())).rejects.toThrow('disk full');
  });
});
