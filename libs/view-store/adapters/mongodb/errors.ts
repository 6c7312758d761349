import { MongoError, MongoNetworkError, MongoServerError, MongoServerSelectionError } from 'mongodb';
import { ViewStoreUnavailable } from '../../port.js';

/** MongoDB did not do what was asked: unreachable, too slow, or an error of the server. What was asked may be tried again. */
export class MongoStoreError extends ViewStoreUnavailable {
  override readonly name = 'MongoStoreError';
  constructor(
    message: string,
    /** The server's error code; null when the answer is not the server's. */
    readonly code: number | null,
    readonly labels: readonly string[],
  ) {
    super(message);
  }
}

/** Takes the credentials of a connection string out of texts. */
export class Redactor {
  private readonly secrets: readonly string[];

  constructor(url: string) {
    const userInfo = /^[^/]*\/\/([^/?]*)@/.exec(url)?.[1] ?? '';
    const password = userInfo.slice(userInfo.indexOf(':') + 1);
    const values = [
      ...url.matchAll(/[?&](?:tlsCertificateKeyFilePassword|authMechanismProperties|proxyPassword)=([^&]*)/gi),
    ];
    const written = [url, userInfo, userInfo.includes(':') ? password : '', ...values.map(([, value]) => value ?? '')];
    this.secrets = [...new Set(written.flatMap((text) => [text, decoded(text)]))]
      .filter((text) => text !== '')
      .sort((a, b) => b.length - a.length);
  }

  redact(text: string): string {
    return this.secrets.reduce((left, secret) => left.replaceAll(secret, '***'), text);
  }

  /**
   * An error of the driver as one that can be shown: its text without credentials, and no cause, as the driver's
   * errors refer to its options. Other errors are left as they are.
   */
  translate(error: unknown): unknown {
    if (isSocketError(error)) return new MongoStoreError(this.redact(`MongoDB: ${error.message}`), null, []);
    if (!(error instanceof MongoError)) return error;
    const code = typeof error.code === 'number' ? error.code : null;
    return new MongoStoreError(this.redact(`MongoDB: ${error.message}`), code, [...error.errorLabels]);
  }
}

/** The driver lets errors of a socket that was just closed through as Node has them. */
function isSocketError(error: unknown): error is Error {
  if (!(error instanceof Error) || error instanceof MongoError || !('code' in error)) return false;
  return typeof error.code === 'string' && /^(?:E[A-Z]+$|ERR_STREAM_|ERR_SOCKET_)/u.test(error.code);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Codes of the server, as in `src/mongo/base/error_codes.yml`. */
export const ServerCode = {
  authenticationFailed: 18,
  namespaceNotFound: 26,
  indexNotFound: 27,
  namespaceExists: 48,
  snapshotTooOld: 239,
  snapshotUnavailable: 246,
  duplicateKey: 11_000,
} as const;

/** Whether the server answered with one of these codes. */
export function hasCode(error: unknown, ...codes: readonly number[]): boolean {
  return error instanceof MongoServerError && typeof error.code === 'number' && codes.includes(error.code);
}

/** No answer: the connection broke, the answer took too long, or there was no primary to ask. */
export function isUnanswered(error: unknown): boolean {
  return error instanceof MongoNetworkError || error instanceof MongoServerSelectionError;
}
