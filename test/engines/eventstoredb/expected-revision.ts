import { ANY, NO_STREAM, STREAM_EXISTS } from './commit-check.js';
import { invalidArgument } from './rpc-errors.js';

/** The four ways in which the requests of the protocol say what they expect. */
interface ExpectedRevision {
  hasNoStream(): boolean;
  hasAny(): boolean;
  hasStreamExists(): boolean;
}

export function expectedVersion(options: ExpectedRevision & { hasRevision(): boolean; getRevision(): string }): bigint {
  return options.hasRevision() ? BigInt.asIntN(64, BigInt(options.getRevision())) : named(options);
}

export function expectedPosition(
  options: ExpectedRevision & { hasStreamPosition(): boolean; getStreamPosition(): string },
): bigint {
  return options.hasStreamPosition() ? BigInt.asIntN(64, BigInt(options.getStreamPosition())) : named(options);
}

function named(options: ExpectedRevision): bigint {
  if (options.hasNoStream()) return NO_STREAM;
  if (options.hasAny()) return ANY;
  if (options.hasStreamExists()) return STREAM_EXISTS;
  throw invalidArgument('expectedStreamRevision');
}
