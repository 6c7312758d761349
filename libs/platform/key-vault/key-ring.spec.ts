import { randomBytes, randomUUID, type KeyObject } from 'node:crypto';
import { CHECK_ID, KeyRing } from './key-ring.js';
import { KeyVaultUnavailable, KeyVaultUnusable, type KeyVault } from './port.js';
import { MemoryKeyVault } from './testing/memory-key-vault.js';

const MASTER = randomBytes(32);

/** Tells what the vault is asked for. */
class WatchedVault extends MemoryKeyVault {
  readonly asked: string[] = [];
  /** Runs when the vault has its answer, before the caller has it. */
  afterGet: () => Promise<void> = async () => {};

  override async get(ids: readonly string[]): Promise<ReadonlyMap<string, Uint8Array | null>> {
    this.asked.push(...ids);
    const answer = await super.get(ids);
    await this.afterGet();
    return answer;
  }
}

let vault: WatchedVault;
let now: number;
let ring: KeyRing;
beforeEach(async () => {
  vault = new WatchedVault();
  now = 0;
  ring = await open(vault);
  vault.asked.length = 0;
});

async function open(over: KeyVault, master = MASTER, capacity = 1_000): Promise<KeyRing> {
  return KeyRing.open(over, master, { now: () => now, capacity });
}

function persons(count: number, owner = 'deal-a'): readonly { readonly id: string; readonly owner: string }[] {
  return Array.from({ length: count }, () => ({ id: `person-${randomUUID()}`, owner }));
}

const idsOf = (keys: readonly { readonly id: string }[]): string[] => keys.map(({ id }) => id);

/** In hex; null: none. */
function shown(keys: ReadonlyMap<string, KeyObject | null>): Readonly<Record<string, string | null>> {
  return Object.fromEntries([...keys].map(([id, key]) => [id, key?.export().toString('hex') ?? null]));
}

const none = (ids: readonly string[]): Record<string, null> => Object.fromEntries(ids.map((id) => [id, null]));

describe('a key ring', () => {
  it('makes keys once, each its own, and finds them with the same master key', async () => {
    const wanted = persons(4);
    const made = shown(await ring.ensure(wanted));
    expect(new Set(Object.values(made)).size).toBe(4);
    for (const key of Object.values(made)) expect(key).toMatch(/^[0-9a-f]{64}$/u);
    const other = await open(vault.another());
    expect(shown(await other.find(idsOf(wanted)))).toEqual(made);
    expect(shown(await other.ensure([...wanted, ...wanted]))).toEqual(made);
    expect(shown(await ring.ensure(wanted))).toEqual(made);
  });

  it('gives all who make a key at once the same', async () => {
    const wanted = persons(20);
    const rings = await Promise.all(Array.from({ length: 5 }, () => open(vault.another())));
    const made = (await Promise.all(rings.map((each) => each.ensure(wanted)))).map(shown);
    for (const each of made) expect(each).toEqual(made[0]);
  });

  it('finds nothing that was never made, and then sees it as soon as it is', async () => {
    const wanted = persons(2);
    expect(shown(await ring.find(idsOf(wanted)))).toEqual(none(idsOf(wanted)));
    const made = shown(await (await open(vault.another())).ensure(wanted));
    expect(shown(await ring.find(idsOf(wanted)))).toEqual(made);
  });

  it('keeps the vault from seeing a key', async () => {
    const wanted = persons(10);
    const made = shown(await ring.ensure(wanted));
    const stored = Buffer.concat([...(await vault.get(idsOf(wanted))).values()].map((each) => each ?? Buffer.alloc(0)));
    for (const key of Object.values(made)) expect(stored.includes(Buffer.from(key ?? '', 'hex'))).toBe(false);
  });

  it('writes nothing when the vault is out of reach', async () => {
    vault.outOfReach = true;
    const refused = await Promise.allSettled([
      ring.ensure(persons(1)),
      ring.find(['person-a']),
      ring.destroy(['person-a'], 'person-a'),
      ring.destroyOwned('person-a'),
    ]);
    for (const outcome of refused) {
      expect(outcome).toMatchObject({ status: 'rejected', reason: { nothingWritten: true } });
      expect(outcome).toHaveProperty('reason', expect.any(KeyVaultUnavailable));
    }
  });
});

describe('the check of the master key', () => {
  it('opens a vault again with the same one, and with no other', async () => {
    await open(vault.another());
    const error = await open(vault.another(), randomBytes(32)).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(KeyVaultUnusable);
    expect(error).toHaveProperty('message', expect.stringContaining('MASTER_KEY is not the one'));
  });

  it('lets one of several master keys win that start on a new vault at once', async () => {
    const fresh = new MemoryKeyVault();
    const starts = Array.from({ length: 6 }, () => open(fresh.another(), randomBytes(32)));
    const outcomes = await Promise.allSettled(starts);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it('refuses a vault whose check was destroyed', async () => {
    await vault.destroy([CHECK_ID], 'key-vault');
    await expect(open(vault.another())).rejects.toThrow(KeyVaultUnusable);
  });
});

describe('keys that a ring holds', () => {
  it('are asked for again after a minute', async () => {
    const wanted = persons(3);
    const made = shown(await ring.ensure(wanted));
    vault.asked.length = 0;
    now = 59_999;
    expect(shown(await ring.find(idsOf(wanted)))).toEqual(made);
    expect(vault.asked).toEqual([]);
    now = 60_000;
    await ring.find(idsOf(wanted));
    expect(vault.asked).toEqual(idsOf(wanted));
    now = 119_999;
    await ring.find(idsOf(wanted));
    expect(vault.asked).toEqual(idsOf(wanted));
  });

  it('are destroyed at once here, and within a minute elsewhere', async () => {
    const wanted = persons(3);
    const other = await open(vault.another());
    const made = shown(await ring.ensure(wanted));
    await other.find(idsOf(wanted));
    await ring.destroy(idsOf(wanted), 'deal-a');
    expect(shown(await ring.find(idsOf(wanted)))).toEqual(none(idsOf(wanted)));
    expect(shown(await ring.ensure(wanted))).toEqual(none(idsOf(wanted)));
    expect(shown(await other.find(idsOf(wanted)))).toEqual(made);
    now = 60_000;
    expect(shown(await other.find(idsOf(wanted)))).toEqual(none(idsOf(wanted)));
  });

  it('are destroyed with their owner at once, and those that are made later live', async () => {
    const [mine, others] = [persons(3), persons(2, 'deal-b')];
    await ring.ensure(mine);
    const kept = shown(await ring.ensure(others));
    expect(await ring.destroyOwned('deal-a')).toBe(3);
    expect(shown(await ring.find(idsOf([...mine, ...others])))).toEqual({ ...none(idsOf(mine)), ...kept });
    const [later] = persons(1);
    expect((await ring.ensure(later === undefined ? [] : [later])).get(later?.id ?? '')).not.toBeNull();
  });

  it.each(['destroy', 'destroyOwned'] as const)(
    'are not held when %s comes between the question and its answer',
    async (how) => {
      const wanted = persons(2);
      await (await open(vault.another())).ensure(wanted);
      vault.afterGet = async () => {
        vault.afterGet = async () => {};
        if (how === 'destroy') await ring.destroy(idsOf(wanted), 'deal-a');
        else await ring.destroyOwned('deal-a');
      };
      await ring.find(idsOf(wanted));
      expect(shown(await ring.find(idsOf(wanted)))).toEqual(none(idsOf(wanted)));
    },
  );

  it('are not believed when their destruction failed half-way', async () => {
    const wanted = persons(1);
    await ring.ensure(wanted);
    vault.outOfReach = true;
    await expect(ring.destroy(idsOf(wanted), 'deal-a')).rejects.toThrow(KeyVaultUnavailable);
    vault.outOfReach = false;
    await vault.destroy(idsOf(wanted), 'deal-a');
    expect(shown(await ring.find(idsOf(wanted)))).toEqual(none(idsOf(wanted)));
  });

  it('are as many as fit; the oldest are asked for again', async () => {
    ring = await open(vault.another(), MASTER, 10);
    const wanted = persons(25);
    const made = shown(await ring.ensure(wanted));
    expect(shown(await ring.find(idsOf(wanted)))).toEqual(made);
    await ring.destroy(idsOf(wanted).slice(0, 15), 'deal-a');
    expect(shown(await ring.find(idsOf(wanted)))).toEqual({ ...made, ...none(idsOf(wanted).slice(0, 15)) });
  });
});

describe('a wrapped key', () => {
  it('opens under its own id only, and not when a byte of it is another', async () => {
    const [first, second] = persons(2);
    if (first === undefined || second === undefined) throw new Error('no persons');
    await ring.ensure([first]);
    const wrapped = (await vault.get([first.id])).get(first.id) ?? Buffer.alloc(0);
    await vault.add([{ ...second, wrapped }]);
    await expect(ring.find([second.id])).rejects.toThrow(KeyVaultUnusable);
    for (let at = 0; at < wrapped.length; at += 7) {
      const [altered] = persons(1);
      const bytes = Buffer.from(wrapped);
      bytes.writeUInt8((bytes.readUInt8(at) + 1) % 256, at);
      await vault.add([{ id: altered?.id ?? '', owner: 'deal-a', wrapped: bytes }]);
      await expect(ring.find([altered?.id ?? ''])).rejects.toThrow(KeyVaultUnusable);
    }
  });
});
