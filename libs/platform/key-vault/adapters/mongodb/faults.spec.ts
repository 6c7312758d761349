import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { inspect } from 'node:util';
import type { CommandFault } from '../../../../../test/engines/mongodb/faults.js';
import { MongoDbStandIn } from '../../../../../test/engines/mongodb/stand-in.js';
import { ViewStoreUnavailable, ViewStoreUnusable } from '#view-store/port.js';
import { destroyed, idsOf, living, plain, someKeys } from '../../contract/some-keys.js';
import { KeyVaultUnavailable } from '../../port.js';
import { MongoKeyVault } from './mongo-key-vault.js';

const WITHIN = { operationTimeoutMs: 2_000, serverSelectionTimeoutMs: 1_000 };

let standIn: MongoDbStandIn;
let vault: MongoKeyVault;
beforeEach(async () => {
  standIn = await MongoDbStandIn.start();
  vault = await MongoKeyVault.open(standIn.url, WITHIN);
});
afterEach(async () => {
  standIn.faults.clear();
  await vault.close();
  await standIn.stop();
});

describe('a key vault whose MongoDB is in trouble', () => {
  const passing: readonly (readonly [string, CommandFault])[] = [
    ['a primary that steps down before a write', { commands: ['update'], error: { code: 189 } }],
    ['a connection that breaks before a write', { commands: ['update'], drop: 'before' }],
    ['a connection that breaks after a write', { commands: ['update'], drop: 'after' }],
    ['a key that another inserts at the same moment', { commands: ['update'], error: { code: 11_000 } }],
    ['a connection that breaks before a read', { commands: ['find'], drop: 'before' }],
  ];
  it.each(passing)('does what it is asked for all the same: %s', async (_, fault) => {
    const keys = someKeys(3);
    standIn.faults.fail(fault);
    expect(plain(await vault.add(keys))).toEqual(living(keys));
    standIn.faults.fail(fault);
    await vault.destroy(idsOf(keys), 'deal-any');
    expect(plain(await vault.get(idsOf(keys)))).toEqual(destroyed(idsOf(keys)));
  });

  const lasting: readonly (readonly [string, CommandFault])[] = [
    ['connections break', { times: 'always', drop: 'before' }],
    ['the majority does not confirm', { commands: ['update'], times: 'always', writeConcernError: { code: 64 } }],
    ['it refuses', { times: 'always', error: { code: 13 } }],
  ];
  it.each(lasting)('takes nothing for done while %s', async (_, fault) => {
    const keys = someKeys(2);
    await vault.add(keys.slice(1));
    standIn.faults.fail(fault);
    await expect(vault.add(keys)).rejects.toThrow(KeyVaultUnavailable);
    await expect(vault.destroy(idsOf(keys), 'deal-any')).rejects.toThrow(KeyVaultUnavailable);
    await expect(vault.destroyOwned('deal-any')).rejects.toThrow(KeyVaultUnavailable);
    standIn.faults.clear();
    await vault.destroy(idsOf(keys), 'deal-any');
    expect(plain(await vault.add(keys))).toEqual(destroyed(idsOf(keys)));
  });

  it('says so when it is gone, without the credentials of the URL', async () => {
    const keys = someKeys(1);
    await standIn.stop();
    const error = await vault.get(idsOf(keys)).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(KeyVaultUnavailable);
    expect(error).toMatchObject({ nothingWritten: true });
    const url = standIn.url.replace('://', '://somebody:s3cret@');
    const refusal = await MongoKeyVault.open(url, WITHIN).catch((reason: unknown) => reason);
    expect(refusal).toBeInstanceOf(ViewStoreUnavailable);
    expect(inspect([error, refusal], { depth: 10 })).not.toContain('s3cret');
  });
});

describe('the database of a key vault', () => {
  it.each([
    ['', 'pipeledger_keys'],
    ['crm', 'crm_keys'],
  ])('is its own: %j in the URL makes it %s', async (named, expected) => {
    const other = await MongoKeyVault.open(`${standIn.url}${named}`, WITHIN);
    const databases = new Set<unknown>();
    const stop = standIn.observe((name, body) => {
      if (name === 'update' || name === 'find') databases.add(body['$db']);
    });
    const keys = someKeys(1);
    expect(plain(await other.add(keys))).toEqual(living(keys));
    stop();
    expect([...databases]).toEqual([expected]);
    await other.close();
  });

  it('is not on a server that stands alone', async () => {
    standIn.faults.standAlone();
    await expect(MongoKeyVault.open(standIn.url, WITHIN)).rejects.toThrow(ViewStoreUnusable);
  });
});
