import { describe, expect, it } from '@jest/globals';
import { CheckpointConflict, type ViewSchema } from '../port.js';
import { EXAMPLE, step } from './examples.js';
import { type ViewStoreHarness, withStore } from './harness.js';

const LONG_MS = 60_000;
const A = 'host-a:1:aaaa';
const B = 'host-b:1:bbbb';

export function leaseContract(open: () => Promise<ViewStoreHarness>): void {
  describe('a lease', () => {
    it('has one holder, who keeps its epoch by renewing', () =>
      withStore(open, async ({ store, another }) => {
        const other = (await another?.()) ?? store;
        await store.prepare(EXAMPLE);
        const lease = await store.acquireLease(EXAMPLE, A, LONG_MS);
        expect(lease?.epoch).toBeGreaterThan(0);
        expect(await other.acquireLease(EXAMPLE, B, LONG_MS)).toBeNull();
        expect(await store.acquireLease(EXAMPLE, A, LONG_MS)).toEqual(lease);
        expect(await other.acquireLease(EXAMPLE, B, LONG_MS)).toBeNull();
      }));

    it('is of one view and version', () =>
      withStore(open, async ({ store }) => {
        const second: ViewSchema = { ...EXAMPLE, version: 2 };
        await store.prepare(EXAMPLE);
        await store.prepare(second);
        expect(await store.acquireLease(EXAMPLE, A, LONG_MS)).not.toBeNull();
        expect(await store.acquireLease(second, B, LONG_MS)).not.toBeNull();
      }));

    it('passes to another when it has run out or was released, each time under a higher epoch', () =>
      withStore(open, async ({ store }) => {
        await store.prepare(EXAMPLE);
        const epochs = [
          await store.acquireLease(EXAMPLE, A, 0),
          await store.acquireLease(EXAMPLE, B, 0),
          await store.acquireLease(EXAMPLE, A, LONG_MS),
        ].map((lease) => lease?.epoch ?? 0);
        await store.releaseLease(EXAMPLE, B);
        expect(await store.acquireLease(EXAMPLE, B, LONG_MS)).toBeNull();
        await store.releaseLease(EXAMPLE, A);
        epochs.push((await store.acquireLease(EXAMPLE, B, LONG_MS))?.epoch ?? 0);
        await store.releaseLease(EXAMPLE, B);
        epochs.push((await store.acquireLease(EXAMPLE, B, LONG_MS))?.epoch ?? 0);
        expect(epochs).toEqual([...new Set(epochs)].sort((a, b) => a - b));
      }));

    it('goes to one of two that race for it', () =>
      withStore(open, async ({ store, another }) => {
        const other = (await another?.()) ?? store;
        await store.prepare(EXAMPLE);
        for (let round = 0; round < 10; round++) {
          const leases = await Promise.all([
            store.acquireLease(EXAMPLE, A, LONG_MS),
            other.acquireLease(EXAMPLE, B, LONG_MS),
          ]);
          expect(leases.filter((lease) => lease !== null)).toHaveLength(1);
          await store.releaseLease(EXAMPLE, A);
          await other.releaseLease(EXAMPLE, B);
        }
      }));

    it('shuts out the commits of the holder before', () =>
      withStore(open, async ({ store, another }) => {
        const other = (await another?.()) ?? store;
        await store.prepare(EXAMPLE);
        const before = (await store.acquireLease(EXAMPLE, A, 0))?.epoch ?? 0;
        await store.commit(EXAMPLE, step(null, 1n, before));
        const after = (await other.acquireLease(EXAMPLE, B, LONG_MS))?.epoch ?? 0;
        await expect(store.commit(EXAMPLE, step(1n, 2n, before))).rejects.toThrow(CheckpointConflict);
        await other.commit(EXAMPLE, step(1n, 2n, after));
        // Its former holder that renews by mistake is told so.
        expect(await store.acquireLease(EXAMPLE, A, LONG_MS)).toBeNull();
      }));

    it('that has run out still commits while nobody else has taken it', () =>
      withStore(open, async ({ store }) => {
        await store.prepare(EXAMPLE);
        const epoch = (await store.acquireLease(EXAMPLE, A, 0))?.epoch ?? 0;
        await store.commit(EXAMPLE, step(null, 1n, epoch));
        expect(await store.acquireLease(EXAMPLE, A, LONG_MS)).toEqual({ epoch });
      }));

    it('is needed for every commit', () =>
      withStore(open, async ({ store }) => {
        await store.prepare(EXAMPLE);
        await expect(store.commit(EXAMPLE, step(null, 1n, 1))).rejects.toThrow(CheckpointConflict);
      }));
  });
}
