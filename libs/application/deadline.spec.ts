import { setTimeout as sleep } from 'node:timers/promises';
import { Deadline } from './deadline.js';

describe('a deadline', () => {
  it('lets through what ends in time, answer or error', async () => {
    const deadline = new Deadline(60_000);
    expect(await deadline.within(Promise.resolve('done'))).toBe('done');
    await expect(deadline.within(Promise.reject(new RangeError('no')))).rejects.toThrow(RangeError);
    expect(deadline.left).toBeGreaterThan(0);
  });

  it('ends the wait for what does not, and stays over', async () => {
    const deadline = new Deadline(1);
    const never = new Promise<never>(() => undefined);
    await expect(deadline.within(never)).rejects.toMatchObject({ name: 'StoreUnavailable', nothingWritten: true });
    expect(deadline.left).toBe(0);
    await sleep(2);
    expect(deadline.left).toBe(0);
  });
});
