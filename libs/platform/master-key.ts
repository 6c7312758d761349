import { hkdfSync, randomBytes } from 'node:crypto';
import { closeSync, existsSync, fsyncSync, linkSync, openSync, readFileSync, unlinkSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** The master key is missing or damaged. The message is a sentence for the operator. */
export class UnusableMasterKey extends Error {
  override readonly name = 'UnusableMasterKey';
}

/**
 * The master key: from the configuration, else from `master.key` in the data folder, which is made at the first start,
 * before the event log. Several processes may start at once: the file appears whole or not at all, and all of them use
 * the one that won.
 * @throws UnusableMasterKey the folder holds events or keys, but not the key that they were written under
 */
export function masterKey(dataDir: string | null, configured: string | null, warn: (message: string) => void): Buffer {
  if (configured !== null) return Buffer.from(configured, 'base64');
  if (dataDir === null) throw new UnusableMasterKey('MASTER_KEY is not given, and there is no folder to keep one in.');
  const path = join(dataDir, 'master.key');
  // Looked at first: another process may be making both, and makes the key before the log.
  const inUse = ['events.db', 'keys.db'].some((name) => existsSync(join(dataDir, name)));
  for (;;) {
    try {
      const key = Buffer.from(readFileSync(path, 'utf8').trim(), 'base64');
      if (key.length !== 32) throw new UnusableMasterKey(`${path} does not hold 32 bytes in base64.`);
      return key;
    } catch (error) {
      if (!isCode(error, 'ENOENT')) throw error;
    }
    if (inUse) {
      throw new UnusableMasterKey(
        `${dataDir} holds events, but not their master key. Put back ${path}, or give the key as MASTER_KEY. ` +
          'Only if it is lost: move keys.db away and give a new MASTER_KEY. Personal data in the events is then lost for ' +
          'good, and a repeated request is no longer recognised as the same.',
      );
    }
    const draft = `${path}.${process.pid}.${randomBytes(4).toString('hex')}`;
    const file = openSync(draft, 'wx', 0o600);
    try {
      writeSync(file, `${randomBytes(32).toString('base64')}\n`);
      fsyncSync(file);
      linkSync(draft, path);
      warn(`made a master key in ${path}: keep it apart from the data, as MASTER_KEY`);
    } catch (error) {
      if (!isCode(error, 'EEXIST')) throw error;
    } finally {
      closeSync(file);
      unlinkSync(draft);
    }
  }
}

/** A key for one purpose, derived from the master key (HKDF-SHA-256, RFC 5869). */
export function keyFor(master: Buffer, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', master, Buffer.alloc(0), `pipeledger/${purpose}`, 32));
}

function isCode(error: unknown, code: string): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === code;
}
