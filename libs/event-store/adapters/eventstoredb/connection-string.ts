import { EventStoreDBClient } from '@eventstore/db-client';

/** The options that the client knows; it writes the whole string, password and all, to the console for any other. */
const OPTIONS = [
  'connectionName',
  'defaultDeadline',
  'discoveryInterval',
  'gossipTimeout',
  'keepAliveInterval',
  'keepAliveTimeout',
  'maxDiscoverAttempts',
  'nodePreference',
  'throwOnAppendFailure',
  'tls',
  'tlsCAFile',
  'tlsVerifyCert',
  'userCertFile',
  'userKeyFile',
];

/** The connection string cannot be used. The message says why and holds no part of it that could be a secret. */
export class InvalidConnectionString extends Error {
  override readonly name = 'InvalidConnectionString';
}

/**
 * A client for an `esdb://` or `esdb+discover://` string, credentials included. Nothing is connected yet.
 * @throws InvalidConnectionString
 */
export function clientFor(connectionString: string): EventStoreDBClient {
  if (!/^esdb(?:\+discover)?:\/\//u.test(connectionString.trim())) {
    throw new InvalidConnectionString('The connection string of EventStoreDB begins with esdb:// or esdb+discover://.');
  }
  const query = connectionString.slice(connectionString.lastIndexOf('?') + 1);
  if (connectionString.includes('?')) query.split('&').forEach(checkOption);
  try {
    return EventStoreDBClient.connectionString(connectionString);
  } catch (error) {
    throw new InvalidConnectionString(`The connection string of EventStoreDB cannot be used${reasonOf(error)}.`);
  }
}

function checkOption(pair: string): void {
  const [name = '', value = ''] = pair.split('=');
  const option = OPTIONS.find((known) => flat(known) === flat(name));
  if (option === undefined) {
    throw new InvalidConnectionString(
      'The connection string of EventStoreDB has an option that its client does not know.',
    );
  }
  if (option === 'tlsVerifyCert' && value === 'false') {
    throw new InvalidConnectionString(
      'The client of EventStoreDB always verifies certificates: give tlsCAFile in the place of tlsVerifyCert=false.',
    );
  }
  if (option === 'keepAliveInterval' && Number(value) > -1 && Number(value) < 10_000) {
    throw new InvalidConnectionString('keepAliveInterval of EventStoreDB is at least 10000 (milliseconds), or -1.');
  }
}

function flat(name: string): string {
  return name.trim().toLowerCase().replaceAll(/[_-]/gu, '');
}

/** Of a parse error only what was expected; other errors of the client are about files and name no secret. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return '';
  if (!('connectionString' in error)) return `: ${error.message.replace(/\.$/u, '')}`;
  return 'expected' in error && typeof error.expected === 'string' ? `: a part of it should be ${error.expected}` : '';
}
