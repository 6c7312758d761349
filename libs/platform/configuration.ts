import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';

/** The engine under the event store. The URL holds credentials: it is shown nowhere. */
export type EventEngine = { readonly kind: 'sqlite' } | { readonly kind: 'eventstoredb'; readonly url: string };
/** The engine under the views and the work store. The URL holds credentials: it is shown nowhere. */
export type ViewEngine = { readonly kind: 'sqlite' } | { readonly kind: 'mongodb'; readonly url: string };

/** Everything that can be set from outside; defaults as in the README's table. */
export interface Configuration {
  readonly port: number;
  readonly host: string;
  readonly dataDir: string;
  readonly eventStore: EventEngine;
  readonly viewStore: ViewEngine;
  readonly projections: 'embedded' | 'external';
  readonly adminApiKey: string | null;
  readonly masterKey: string | null;
  /** What is done when the log holds sealed data and there is no key vault for it. */
  readonly lostKeys: 'refuse' | 'accept';
  readonly logLevel: (typeof LOG_LEVELS)[number];
  readonly logFormat: 'pretty' | 'json';
  /** Requests that one key may make in ten seconds. */
  readonly rateLimit: number;
}

const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

const SETTINGS = [
  'PORT',
  'HOST',
  'DATA_DIR',
  'EVENT_STORE',
  'EVENT_STORE_URL',
  'VIEW_STORE',
  'VIEW_STORE_URL',
  'PROJECTIONS',
  'ADMIN_API_KEY',
  'MASTER_KEY',
  'LOST_KEYS',
  'LOG_LEVEL',
  'LOG_FORMAT',
  'RATE_LIMIT',
] as const;
type Setting = (typeof SETTINGS)[number];

/** A setting is wrong or unknown; the message names it. */
export class InvalidConfiguration extends Error {
  override readonly name = 'InvalidConfiguration';
}

/**
 * Reads the settings from the environment and from `.env` in the given folder; the environment wins.
 * @throws InvalidConfiguration
 */
export function loadConfiguration(
  environment: Readonly<Record<string, string | undefined>> = process.env,
  folder = process.cwd(),
  defaultPort = 3_000,
): Configuration {
  const file = join(folder, '.env');
  const fromFile = existsSync(file) ? parseEnv(readFileSync(file, 'utf8')) : {};
  for (const name of Object.keys(fromFile)) {
    if (!(SETTINGS as readonly string[]).includes(name)) {
      throw new InvalidConfiguration(`${name} in .env is not a setting of Pipeledger`);
    }
  }
  const read = (name: Setting): string | null => {
    const value = environment[name] ?? fromFile[name];
    return value === undefined || value === '' ? null : value;
  };
  const eventStore = engineOf(read, 'EVENT_STORE', 'eventstoredb', ['esdb://', 'esdb+discover://']);
  const viewStore = engineOf(read, 'VIEW_STORE', 'mongodb', ['mongodb://', 'mongodb+srv://']);
  const adminApiKey = read('ADMIN_API_KEY');
  if (adminApiKey !== null && !/^[\x21-\x7e]{16,512}$/u.test(adminApiKey)) {
    throw new InvalidConfiguration('ADMIN_API_KEY must be 16 to 512 visible ASCII characters');
  }
  const masterKey = read('MASTER_KEY');
  if (masterKey !== null && Buffer.from(masterKey, 'base64').length !== 32) {
    throw new InvalidConfiguration('MASTER_KEY must be 32 bytes in base64');
  }
  if (masterKey === null && (eventStore.kind !== 'sqlite' || viewStore.kind !== 'sqlite')) {
    throw new InvalidConfiguration(
      'MASTER_KEY must be given, the same to every process, when EVENT_STORE or VIEW_STORE is not sqlite: ' +
        '32 bytes in base64, as made by openssl rand -base64 32',
    );
  }
  return {
    port: wholeNumber('PORT', read('PORT') ?? String(defaultPort), 0, 65_535),
    host: read('HOST') ?? '127.0.0.1',
    dataDir: read('DATA_DIR') ?? './data',
    eventStore,
    viewStore,
    projections: requireOneOf('PROJECTIONS', read('PROJECTIONS') ?? 'embedded', ['embedded', 'external']),
    adminApiKey,
    masterKey,
    lostKeys: requireOneOf('LOST_KEYS', read('LOST_KEYS') ?? 'refuse', ['refuse', 'accept']),
    logLevel: requireOneOf('LOG_LEVEL', read('LOG_LEVEL') ?? 'info', LOG_LEVELS),
    logFormat: requireOneOf('LOG_FORMAT', read('LOG_FORMAT') ?? (process.stdout.isTTY ? 'pretty' : 'json'), [
      'pretty',
      'json',
    ]),
    rateLimit: wholeNumber('RATE_LIMIT', read('RATE_LIMIT') ?? '100000', 1, 1_000_000_000),
  };
}

/** The embedded engine, or the server's with its URL. No message repeats a URL. */
function engineOf<const Server extends string>(
  read: (name: Setting) => string | null,
  setting: 'EVENT_STORE' | 'VIEW_STORE',
  server: Server,
  schemes: readonly string[],
): { readonly kind: 'sqlite' } | { readonly kind: Server; readonly url: string } {
  const kind = requireOneOf(setting, read(setting) ?? 'sqlite', ['sqlite', server]);
  const url = read(`${setting}_URL`)?.trim() ?? null;
  if (kind === 'sqlite') {
    if (url === null) return { kind: 'sqlite' };
    throw new InvalidConfiguration(`${setting}_URL is given, but ${setting} is sqlite: set it to ${server}`);
  }
  if (url === null) throw new InvalidConfiguration(`${setting}_URL must be given when ${setting} is ${server}`);
  if (!schemes.some((scheme) => url.startsWith(scheme))) {
    throw new InvalidConfiguration(`${setting}_URL must begin with ${schemes.join(' or ')}`);
  }
  return { kind: server, url };
}

function requireOneOf<const T extends string>(name: Setting, value: string, allowed: readonly T[]): T {
  const found = allowed.find((candidate) => candidate === value);
  if (found === undefined) {
    throw new InvalidConfiguration(
      `${name} must be ${allowed.length === 1 ? '' : 'one of '}${allowed.join(', ')}, not ${JSON.stringify(value)}`,
    );
  }
  return found;
}

function wholeNumber(name: Setting, value: string, min: number, max: number): number {
  const number = Number(value);
  if (!/^\d+$/u.test(value) || number < min || number > max) {
    throw new InvalidConfiguration(
      `${name} must be a whole number from ${min} to ${max}, not ${JSON.stringify(value)}`,
    );
  }
  return number;
}
