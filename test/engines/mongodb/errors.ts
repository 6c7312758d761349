import type { Document } from './documents.js';

/**
 * Codes and names of the server's errors.
 * https://github.com/mongodb/mongo/blob/master/src/mongo/base/error_codes.yml
 */
const NAMES: Readonly<Record<number, string>> = {
  1: 'InternalError',
  2: 'BadValue',
  6: 'HostUnreachable',
  7: 'HostNotFound',
  9: 'FailedToParse',
  11: 'UserNotFound',
  13: 'Unauthorized',
  14: 'TypeMismatch',
  16: 'InvalidLength',
  18: 'AuthenticationFailed',
  20: 'IllegalOperation',
  24: 'LockTimeout',
  26: 'NamespaceNotFound',
  27: 'IndexNotFound',
  28: 'PathNotViable',
  40: 'ConflictingUpdateOperators',
  43: 'CursorNotFound',
  48: 'NamespaceExists',
  50: 'MaxTimeMSExpired',
  52: 'DollarPrefixedFieldName',
  53: 'InvalidIdField',
  54: 'NotSingleValueField',
  56: 'EmptyFieldName',
  59: 'CommandNotFound',
  63: 'StaleShardVersion',
  64: 'WriteConcernTimeout',
  66: 'ImmutableField',
  67: 'CannotCreateIndex',
  72: 'InvalidOptions',
  73: 'InvalidNamespace',
  79: 'UnknownReplWriteConcern',
  85: 'IndexOptionsConflict',
  86: 'IndexKeySpecsConflict',
  89: 'NetworkTimeout',
  91: 'ShutdownInProgress',
  100: 'UnsatisfiableWriteConcern',
  112: 'WriteConflict',
  117: 'ConflictingOperationInProgress',
  121: 'DocumentValidationFailure',
  133: 'FailedToSatisfyReadPreference',
  134: 'ReadConcernMajorityNotAvailableYet',
  136: 'CappedPositionLost',
  168: 'InvalidPipelineOperator',
  189: 'PrimarySteppedDown',
  206: 'NoSuchSession',
  211: 'KeyNotFound',
  225: 'TransactionTooOld',
  229: 'CannotImplicitlyCreateCollection',
  237: 'CursorKilled',
  238: 'NotImplemented',
  239: 'SnapshotTooOld',
  246: 'SnapshotUnavailable',
  251: 'NoSuchTransaction',
  256: 'TransactionCommitted',
  262: 'ExceededTimeLimit',
  263: 'OperationNotSupportedInTransaction',
  267: 'PreparedTransactionInProgress',
  314: 'ObjectIsBusy',
  358: 'InternalTransactionNotSupported',
  391: 'ReauthenticationRequired',
  462: 'IngressRequestRateLimitExceeded',
  9001: 'SocketException',
  10003: 'CannotGrowDocumentInCappedNamespace',
  10058: 'LegacyNotPrimary',
  10107: 'NotWritablePrimary',
  10334: 'BSONObjectTooLarge',
  11000: 'DuplicateKey',
  11600: 'InterruptedAtShutdown',
  11601: 'Interrupted',
  11602: 'InterruptedDueToReplStateChange',
  13297: 'DatabaseDifferCase',
  13435: 'NotPrimaryNoSecondaryOk',
  13436: 'NotPrimaryOrSecondary',
};

export function codeName(code: number): string {
  return NAMES[code] ?? `Location${code}`;
}

/** An error that a command answers with. */
export class CommandError extends Error {
  constructor(
    readonly code: number,
    message: string,
    /** Fields of the answer beside `ok`, `errmsg`, `code` and `codeName`. */
    readonly fields: Document = {},
    /** Null: the labels that the server gives to this code. */
    readonly labels: readonly string[] | null = null,
  ) {
    super(message);
  }

  answer(labels: readonly string[]): Document {
    return {
      ...(labels.length === 0 ? {} : { errorLabels: [...labels] }),
      ok: 0,
      errmsg: this.message,
      code: this.code,
      codeName: codeName(this.code),
      ...this.fields,
    };
  }
}

/** The error of one statement of a write command. */
export function writeError(index: number, error: CommandError): Document {
  return { index, code: error.code, errmsg: error.message, ...error.fields };
}

/** https://github.com/mongodb/specifications/blob/master/source/retryable-writes/retryable-writes.md#determining-retryable-errors */
const RETRYABLE = new Set([6, 7, 89, 91, 134, 189, 262, 9001, 10107, 11600, 11602, 13435, 13436]);
const TRANSIENT = new Set([24, 112, 133, 246, 251, 267]);

export interface Labelled {
  readonly command: string;
  readonly inTransaction: boolean;
  readonly hasTxnNumber: boolean;
}

/**
 * https://github.com/mongodb/specifications/blob/master/source/transactions/transactions.md#transienttransactionerror
 * and the retryable writes specification: which labels the server itself adds.
 */
export function labelsOf(code: number, { command, inTransaction, hasTxnNumber }: Labelled): readonly string[] {
  const ends = command === 'commitTransaction' || command === 'abortTransaction';
  const labels: string[] = [];
  if (inTransaction && (TRANSIENT.has(code) || (!ends && RETRYABLE.has(code))))
    labels.push('TransientTransactionError');
  if (hasTxnNumber && (!inTransaction || ends) && RETRYABLE.has(code)) labels.push('RetryableWriteError');
  return labels;
}
