import { describe, expect, it } from '@jest/globals';
import { KeyVaultUnavailable } from '../port.js';
import { withVault, type KeyVaultHarness } from './harness.js';
import { idsOf, living, plain, someKeys } from './some-keys.js';

export function addContract(open: () => Promise<KeyVaultHarness>): void {
  describe('keys that are added', () => {
    it('are there, for every handle and after a restart; others are not', () =>
      withVault(open, async ({ vault, another, reopen }) => {
        const keys = someKeys(5);
        const other = await another();
        expect(plain(await vault.get(idsOf(keys)))).toEqual({});
        expect(plain(await vault.add(keys))).toEqual(living(keys));
        expect(plain(await other.get([...idsOf(keys), 'person-unknown']))).toEqual(living(keys));
        expect(plain(await (await reopen()).get(idsOf(keys)))).toEqual(living(keys));
      }));

    it('stay as they were first added, and so it is answered', () =>
      withVault(open, async ({ vault, another }) => {
        const [first, second] = someKeys(2);
        const again = someKeys(2).map((key, index) => ({ ...key, id: [first, second][index]?.id ?? '' }));
        await vault.add(first === undefined ? [] : [first]);
        const answer = plain(await (await another()).add(again));
        expect(answer).toEqual({ ...living(first === undefined ? [] : [first]), ...living(again.slice(1)) });
        expect(plain(await vault.get(idsOf(again)))).toEqual(answer);
      }));

    it('may be none, or one twice', () =>
      withVault(open, async ({ vault }) => {
        expect(plain(await vault.add([]))).toEqual({});
        expect(plain(await vault.get([]))).toEqual({});
        const [key, double] = someKeys(2);
        if (key === undefined || double === undefined) throw new Error('no keys');
        const answer = plain(await vault.add([key, { ...double, id: key.id }]));
        expect([living([key]), living([{ ...double, id: key.id }])]).toContainEqual(answer);
        expect(plain(await vault.get([key.id, key.id]))).toEqual(answer);
      }));

    it('are one and the same for all who add at once', () =>
      withVault(open, async ({ vault, another }) => {
        const handles = [vault, await another(), await another()];
        const ids = idsOf(someKeys(30));
        const answers = await Promise.all(
          Array.from({ length: 9 }, async (_, index) => {
            const keys = someKeys(ids.length).map((key, at) => ({ ...key, id: ids[at] ?? '' }));
            return plain((await handles[index % 3]?.add(keys)) ?? new Map());
          }),
        );
        const inForce = plain(await vault.get(ids));
        expect(Object.keys(inForce).sort()).toEqual([...ids].sort());
        for (const answer of answers) expect(answer).toEqual(inForce);
      }));

    it('may be many', () =>
      withVault(open, async ({ vault }) => {
        const batches = Array.from({ length: 6 }, () => someKeys(500));
        await Promise.all(batches.map((batch) => vault.add(batch)));
        const keys = batches.flat();
        expect(plain(await vault.get(idsOf(keys)))).toEqual(living(keys));
      }));

    it('are refused by a vault that is closed', () =>
      withVault(open, async ({ another }) => {
        const closed = await another();
        await closed.close();
        await expect(closed.add(someKeys(1))).rejects.toThrow(KeyVaultUnavailable);
        await expect(closed.get(['person-a'])).rejects.toThrow(KeyVaultUnavailable);
        await expect(closed.destroy(['person-a'], 'person-a')).rejects.toThrow(KeyVaultUnavailable);
      }));
  });
}
