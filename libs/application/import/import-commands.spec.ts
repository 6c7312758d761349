import { StoreUnavailable } from '#event-store/port.js';
import { OutcomeUnknown } from '../errors.js';
import { ImportRequests, patiently } from './import-commands.js';

const KEY = Buffer.alloc(32, 1);

describe('the request of a row', () => {
  const requests = new ImportRequests('crm', KEY);

  it('is the same one in every run, whatever the order of its fields', () => {
    const again = new ImportRequests('crm', KEY).request('o-1', { b: 2, a: 1 });
    expect(requests.request('o-1', { a: 1, b: 2 })).toEqual(again);
    expect(again.caller).toEqual({ actor: { id: 'crm', kind: 'import' }, mayOverride: true });
  });

  it('is another command for another row or mapping, and has another fingerprint for other content', () => {
    const request = requests.request('o-1', { a: 1 });
    expect(requests.request('o-2', { a: 1 }).commandId).not.toBe(request.commandId);
    expect(new ImportRequests('erp', KEY).request('o-1', { a: 1 }).commandId).not.toBe(request.commandId);
    const changed = requests.request('o-1', { a: 2 });
    expect(changed.commandId).toBe(request.commandId);
    expect(changed.fingerprint).not.toBe(request.fingerprint);
  });

  it('has a fingerprint that cannot be guessed without the key', () => {
    const other = new ImportRequests('crm', Buffer.alloc(32, 2));
    expect(other.request('o-1', { a: 1 }).fingerprint).not.toBe(requests.request('o-1', { a: 1 }).fingerprint);
  });
});

describe('patience', () => {
  const failing = (...errors: Error[]) => {
    const left = [...errors];
    return async () => {
      const error = left.shift();
      if (error !== undefined) throw error;
      return 'done';
    };
  };
  const away = new StoreUnavailable('locked', true);

  it('outlasts a store that is away for a while', async () => {
    expect(await patiently(failing(away, new OutcomeUnknown()), [0, 0])).toBe('done');
  });

  it('ends', async () => {
    await expect(patiently(failing(away, away, away), [0, 0])).rejects.toBe(away);
  });

  it('is not for what would fail again', async () => {
    const broken = new Error('broken');
    await expect(patiently(failing(broken), [0, 0])).rejects.toBe(broken);
  });
});
