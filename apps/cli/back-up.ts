import { copyFileSync, existsSync, mkdirSync, readdirSync, renameSync, rmdirSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { snapshot, syncToDisk } from '#platform/backup/adapters/sqlite/snapshot.js';
import type { Configuration } from '#platform/configuration.js';
import { verifyStore } from './verify-store.js';

const MASTER_KEY = 'master.key';
/**
 * In this order: the progress of background work must not be ahead of the events, nor the events ahead of the keys that
 * are made before them. Views are left out, as they are built from the events.
 */
const DATABASES = ['work.db', 'events.db', 'keys.db'];

/**
 * Copies a data folder while servers run on it, as it is at one moment: everything that was acknowledged before is in
 * it. The folder appears under its name when it is complete and on the disk.
 * @returns the exit code: 1 when the log in the backup is not whole
 */
export async function backUp(configuration: Configuration, to: string): Promise<number> {
  if (configuration.eventStore.kind !== 'sqlite') {
    throw new Error('EVENT_STORE is not sqlite: how that server is backed up is in docs/engines.');
  }
  const [source, target] = [resolve(configuration.dataDir), resolve(to)];
  if (!existsSync(join(source, 'events.db'))) throw new Error(`There is no event log in ${source}.`);
  if (existsSync(target) && (!statSync(target).isDirectory() || readdirSync(target).length > 0)) {
    throw new Error(`${target} is there already: a backup needs a folder that is new or empty.`);
  }
  const draft = `${target}.${process.pid}.partial`;
  mkdirSync(dirname(target), { recursive: true });
  mkdirSync(draft, { mode: 0o700 });
  try {
    const withKey = fill(draft, source);
    if (existsSync(target)) rmdirSync(target);
    renameSync(draft, target);
    syncToDisk(dirname(target));
    process.stderr.write(`${keyNote(withKey, configuration.masterKey !== null, basename(target))}\n`);
    if (configuration.viewStore.kind !== 'sqlite') {
      process.stderr.write('The keys of personal data are on the server of the views: copy them too (copy-keys).\n');
    }
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
  return verifyStore({ ...configuration, dataDir: target });
}

/** @returns whether the master key is with it */
function fill(draft: string, source: string): boolean {
  for (const name of DATABASES) {
    if (existsSync(join(source, name))) snapshot(join(source, name), join(draft, name));
  }
  const withKey = existsSync(join(source, MASTER_KEY));
  if (withKey) {
    copyFileSync(join(source, MASTER_KEY), join(draft, MASTER_KEY));
    syncToDisk(join(draft, MASTER_KEY));
  }
  syncToDisk(draft);
  return withKey;
}

function keyNote(withKey: boolean, configured: boolean, backup: string): string {
  if (configured) return 'MASTER_KEY is not in the backup: keep it too, apart from it.';
  return withKey
    ? `The master key is in the backup, as ${backup}/${MASTER_KEY}: keep it apart from the data.`
    : 'There is no master key in the data folder, and none in the backup.';
}
