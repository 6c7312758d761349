import { describe, expect, it } from '@jest/globals';
import type { StoredKey } from '../port.js';
import { withVault, type KeyVaultHarness } from './harness.js';
import { destroyed, idsOf, living, plain, someKeys } from './some-keys.js';

export function destroyContract(open: () => Promise<KeyVaultHarness>): void {
  describe('keys that are destroyed', () => {
    it('are gone for every handle and after a restart; the others stay', () =>
      withVault(open, async ({ vault, another, reopen }) => {
        const [gone, kept] = [someKeys(3), someKeys(3)];
        const other = await another();
        await vault.add([...gone, ...kept]);
        await other.destroy(idsOf(gone), 'deal-any');
        const left = { ...destroyed(idsOf(gone)), ...living(kept) };
        expect(plain(await vault.get(idsOf([...gone, ...kept])))).toEqual(left);
        await vault.destroy(idsOf(gone), 'deal-other');
        expect(plain(await (await reopen()).get(idsOf([...gone, ...kept])))).toEqual(left);
      }));

    it('are never added again, whether they had been there or not', () =>
      withVault(open, async ({ vault, another }) => {
        const keys = someKeys(4);
        await vault.add(keys.slice(0, 2));
        await vault.destroy(idsOf(keys), 'deal-any');
        const none = destroyed(idsOf(keys));
        expect(plain(await vault.add(keys))).toEqual(none);
        expect(plain(await (await another()).add(keys))).toEqual(none);
        expect(plain(await vault.get(idsOf(keys)))).toEqual(none);
      }));

    it('may be none, or one twice', () =>
      withVault(open, async ({ vault }) => {
        const [key] = someKeys(1);
        await vault.destroy([], 'deal-any');
        await vault.destroy([key?.id ?? '', key?.id ?? ''], 'deal-any');
        expect(plain(await vault.get([key?.id ?? '']))).toEqual(destroyed([key?.id ?? '']));
      }));

    it('are those of one owner, as many as live at that time; later ones live', () =>
      withVault(open, async ({ vault, another }) => {
        const owner = 'person-0190';
        const [mine, later, others] = [someKeys(7, owner), someKeys(2, owner), someKeys(3)];
        await vault.add([...mine, ...others]);
        await vault.destroy(idsOf(mine).slice(0, 2), owner);
        const other = await another();
        expect(await other.destroyOwned('person-019')).toBe(0);
        expect(await other.destroyOwned(owner)).toBe(5);
        expect(await vault.destroyOwned(owner)).toBe(0);
        await vault.add(later);
        expect(plain(await other.get(idsOf([...mine, ...later, ...others])))).toEqual({
          ...destroyed(idsOf(mine)),
          ...living(later),
          ...living(others),
        });
      }));

    it('are listed with the others, page by page', () =>
      withVault(open, async ({ vault, another }) => {
        const [gone, kept] = [someKeys(12, 'deal-a'), someKeys(13, 'deal-b')];
        await vault.add([...gone.slice(1), ...kept]);
        await vault.destroy(idsOf(gone), 'deal-a');
        const other = await another();
        const listed: StoredKey[] = [];
        for (let page = await other.list(null, 7); page.length > 0;) {
          listed.push(...page);
          page = await other.list(page.at(-1)?.id ?? null, 7);
        }
        expect(listed.map(({ id }) => id)).toEqual([...idsOf([...gone, ...kept])].sort());
        expect(plain(new Map(listed.map(({ id, wrapped }) => [id, wrapped])))).toEqual({
          ...destroyed(idsOf(gone)),
          ...living(kept),
        });
        for (const { owner, wrapped } of listed) expect(owner).toBe(wrapped === null ? 'deal-a' : 'deal-b');
      }));

    it('stay destroyed whoever adds them meanwhile', () =>
      withVault(open, async ({ vault, another }) => {
        const other = await another();
        for (let round = 0; round < 20; round += 1) {
          const keys = someKeys(10);
          const ids = idsOf(keys);
          const [answer] = await Promise.all([vault.add(keys), other.destroy(ids, 'deal-any')]);
          // Those that were added a moment before were in force then.
          for (const [id, hex] of Object.entries(plain(answer))) expect([null, living(keys)[id]]).toContain(hex);
          expect(plain(await vault.get(ids))).toEqual(destroyed(ids));
          expect(plain(await vault.add(keys))).toEqual(destroyed(ids));
        }
      }));

    it('leave no byte of theirs on the disk, in whatever order they go', () =>
      withVault(open, async ({ vault, another, bytesOnDisk }) => {
        if (bytesOnDisk === undefined) return;
        const other = await another();
        const batches = Array.from({ length: 40 }, (_, index) => someKeys(50, `deal-${index % 7}`));
        await Promise.all(batches.map((batch, index) => (index % 2 === 0 ? vault : other).add(batch)));
        const keys = batches.flat();
        expect(await traces(bytesOnDisk, keys)).toBe(keys.length);
        const gone = keys.filter(({ owner }, index) => owner === 'deal-3' || index % 3 === 0);
        await other.destroyOwned('deal-3');
        await other.destroy(idsOf(gone.slice(0, 400)), 'deal-any');
        await Promise.all([vault.destroy(idsOf(gone.slice(400)), 'deal-any'), vault.add(someKeys(300))]);
        expect(await traces(bytesOnDisk, gone)).toBe(0);
        expect(await traces(bytesOnDisk, keys)).toBe(keys.length - gone.length);
      }));
  });
}

/** How many of the keys are found on the disk. */
export async function traces(
  bytesOnDisk: () => Promise<Buffer>,
  keys: readonly { readonly wrapped: Uint8Array }[],
): Promise<number> {
  const bytes = await bytesOnDisk();
  // A part of it is enough to be found by, and none is there by chance.
  return keys.filter(({ wrapped }) => bytes.includes(Buffer.from(wrapped.subarray(20, 40)))).length;
}
