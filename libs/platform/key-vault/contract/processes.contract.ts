import { describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { traces } from './destroy.contract.js';
import { withVault, type KeyVaultHarness } from './harness.js';
import { destroyed, idsOf, plain, someKeys } from './some-keys.js';
import { VaultProcess } from './vault-process.js';

export function processesContract(open: () => Promise<KeyVaultHarness>): void {
  describe('a vault of several processes', () => {
    it('keeps what was answered when a process is killed, round after round', () =>
      withVault(open, async ({ place, reopen, bytesOnDisk }) => {
        if (place === undefined) return;
        for (let round = 0; round < 4; round += 1) {
          const victim = new VaultProcess(place, 'churn');
          await victim.telling(100);
          await sleep(Math.random() * 100);
          await victim.kill();
          const [offered, added] = [victim.told('add'), victim.told('added')];
          const [doomed, gone] = [victim.told('destroy'), victim.told('destroyed')];

          const vault = await reopen();
          const kept = plain(await vault.get([...offered.keys()]));
          for (const [id, hex] of offered) {
            if (gone.has(id)) expect(kept[id]).toBeNull();
            else if (doomed.has(id)) expect([hex, null]).toContain(kept[id]);
            else if (added.has(id)) expect(kept[id]).toBe(hex);
            else expect([hex, undefined]).toContain(kept[id]);
          }

          // Whoever was told nothing of an erasure asks for it again.
          await vault.destroy([...doomed.keys()], 'deal-any');
          expect(plain(await vault.get([...doomed.keys()]))).toEqual(destroyed([...doomed.keys()]));
          const bytes = [...doomed.keys()].map((id) => ({ wrapped: Buffer.from(offered.get(id) ?? '', 'hex') }));
          if (bytesOnDisk !== undefined) expect(await traces(bytesOnDisk, bytes)).toBe(0);
        }
      }));

    it('has no key that one destroys while another adds it', () =>
      withVault(open, async ({ vault, place }) => {
        if (place === undefined) return;
        const ids = idsOf(someKeys(200));
        const adding = new VaultProcess(place, 'add', ids);
        await adding.telling(1);
        for (let at = ids.length - 20; at >= 0; at -= 20) await vault.destroy(ids.slice(at, at + 20), 'deal-any');
        expect(await adding.ended()).toBe('');
        expect(plain(await vault.get(ids))).toEqual(destroyed(ids));
      }));
  });
}
