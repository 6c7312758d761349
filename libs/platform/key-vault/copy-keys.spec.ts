import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { idsOf, living, plain, someKeys } from './contract/some-keys.js';
import { copyKeys } from './copy-keys.js';
import { CHECK_ID, KeyRing } from './key-ring.js';
import { KeyVaultUnusable, type KeyVault, type NewKey } from './port.js';
import { MemoryKeyVault } from './testing/memory-key-vault.js';

const MASTER = randomBytes(32);

async function vaultOf(living: readonly NewKey[] = [], gone: readonly NewKey[] = []): Promise<MemoryKeyVault> {
  const vault = new MemoryKeyVault();
  await KeyRing.open(vault, MASTER);
  await vault.add(living);
  for (const { id, owner } of gone) await vault.destroy([id], owner);
  return vault;
}

/** Dies after so many writes. */
class DyingVault extends MemoryKeyVault {
  constructor(
    private readonly under: KeyVault,
    private writes: number,
  ) {
    super();
  }

  #write(): void {
    if (this.writes === 0) throw new Error('killed');
    this.writes -= 1;
  }

  override async add(keys: readonly NewKey[]): Promise<ReadonlyMap<string, Uint8Array | null>> {
    this.#write();
    return this.under.add(keys);
  }

  override get(ids: readonly string[]): Promise<ReadonlyMap<string, Uint8Array | null>> {
    return this.under.get(ids);
  }

  override async destroy(ids: readonly string[], owner: string): Promise<void> {
    this.#write();
    return this.under.destroy(ids, owner);
  }
}

describe('keys that are copied', () => {
  it('are on the target as they were, and destroyed where either has destroyed them, wherever it was cut off', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom('living', 'gone', 'gone there', 'there', 'only there'), { maxLength: 40 }),
        fc.array(fc.nat(6), { maxLength: 5 }),
        async (fates, cuts) => {
          const keys = fates.map((_, index) => someKeys(1, `deal-${index % 3}`)).flat();
          const of = (...wanted: readonly string[]) => keys.filter((_, index) => wanted.includes(fates[index] ?? ''));
          const source = await vaultOf(of('living', 'gone there', 'there'), of('gone'));
          const target = await vaultOf(of('there', 'only there'), of('gone there'));
          for (const writes of cuts) {
            await copyKeys(source, new DyingVault(target, writes)).catch((error: unknown) => {
              expect(error).toHaveProperty('message', 'killed');
            });
          }
          const { keys: count, destroyed } = await copyKeys(source, target);
          expect([count, destroyed]).toEqual([keys.length - of('only there').length, of('gone', 'gone there').length]);
          const expected: Record<string, string | null> = living(keys);
          for (const { id } of of('gone', 'gone there')) expected[id] = null;
          expect(plain(await target.get(idsOf(keys)))).toEqual(expected);
          expect(await copyKeys(source, target)).toMatchObject({ changed: 0 });
          const ofItsOwn = await target.get([CHECK_ID]);
          expect(plain(ofItsOwn)).not.toEqual(plain(await source.get([CHECK_ID])));
        },
      ),
    ));

  it('may be more than a page, and are taken as they are in the end', async () => {
    const keys = someKeys(2_500).toSorted((a, b) => (a.id < b.id ? -1 : 1));
    const source = await vaultOf(keys);
    const target = await vaultOf();
    // Where the copy has passed already.
    const late = someKeys(3).map((key) => ({ ...key, id: `a-${key.id}` }));
    let passes = 0;
    const result = await copyKeys(source, target, (pass, count) => {
      passes = pass;
      // A server that is still running.
      if (pass !== 1 || count < 2_000) return;
      void source.add(late);
      void source.destroy(idsOf(keys).slice(0, 5), 'deal-any');
    });
    expect(result).toEqual({ keys: 2_503, destroyed: 5, changed: 2_508 });
    expect(passes).toBe(3);
    expect(plain(await target.get(idsOf(keys).slice(0, 5)))).toEqual(plain(await source.get(idsOf(keys).slice(0, 5))));
  });

  it('are refused by a vault that has another key under the same id', async () => {
    const [key] = someKeys(1);
    const [other] = someKeys(1);
    if (key === undefined || other === undefined) throw new Error('no keys');
    const target = await vaultOf([{ ...other, id: key.id }]);
    await expect(copyKeys(await vaultOf([key]), target)).rejects.toThrow(KeyVaultUnusable);
    expect(plain(await target.get([key.id]))).toEqual(living([{ ...other, id: key.id }]));
  });

  it('are not copied for ever from a source that does not come to rest', async () => {
    const source = await vaultOf(someKeys(1));
    const copying = copyKeys(source, await vaultOf(), () => void source.add(someKeys(1)));
    await expect(copying).rejects.toThrow(/stop its servers/u);
  });
});
