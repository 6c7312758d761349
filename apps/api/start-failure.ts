import { StoreUnavailable } from '#event-store/port.js';
import { UnusableEventsFile } from '#event-store/adapters/sqlite/events-file.js';
import { InvalidConfiguration } from '#platform/configuration.js';
import { KeyVaultUnusable } from '#platform/key-vault/port.js';
import { UnusableMasterKey } from '#platform/master-key.js';
import { ViewStoreUnavailable, ViewStoreUnusable } from '#view-store/port.js';
import { UnusableDataFolder } from './embedded-stores.js';

/** Errors whose message already is a sentence for the operator. */
const SENTENCES = [
  InvalidConfiguration,
  UnusableDataFolder,
  UnusableMasterKey,
  UnusableEventsFile,
  KeyVaultUnusable,
  ViewStoreUnusable,
  ViewStoreUnavailable,
  StoreUnavailable,
];

/** What the operator can mend, as a sentence; null when it is a bug of ours, which needs its stack. */
export function startFailure(error: unknown): string | null {
  if (!(error instanceof Error)) return null;
  if (SENTENCES.some((known) => error instanceof known)) return error.message;
  const code = 'code' in error ? String(error.code) : '';
  if (code === 'EADDRINUSE') return `${addressOf(error)} is in use; set PORT to a free one.`;
  if (code === 'EACCES' && 'syscall' in error && error.syscall === 'listen') {
    return `This user may not listen on ${addressOf(error)}; set PORT to 1024 or more.`;
  }
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
    return `This machine has no address ${addressOf(error)}; set HOST.`;
  // Files: the system's own words name the file and what is wrong with it.
  return /^(?:E[A-Z]+|SQLITE_[A-Z_]+)$/u.test(code) ? `${error.message}.` : null;
}

function addressOf(error: Error): string {
  const host = 'address' in error ? error.address : 'hostname' in error ? error.hostname : '';
  return 'port' in error ? `${String(host)}:${String(error.port)}` : String(host);
}
