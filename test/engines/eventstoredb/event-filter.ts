import type streams from '@eventstore/db-client/generated/streams_pb.js';
import { invalidArgument } from './rpc-errors.js';
import type { StoredEvent } from './stored-event.js';

export interface EventFilter {
  allows(event: StoredEvent): boolean;
  /** Events that are considered in one page at most. */
  readonly window: number;
  /** Considered events between two checkpoints. */
  readonly checkpointInterval: number;
}

/** The page of every enumerator (ReadBatchSize in Enumerators.cs of 23.10.6). */
export const PAGE = 32;

export function filterOf(options: streams.ReadReq.Options.FilterOptions): EventFilter {
  const onType = options.getEventType();
  const onName = options.getStreamIdentifier();
  const expression = onType ?? onName;
  if (expression === undefined) throw invalidArgument('filter');
  const prefixes = expression.getPrefixList();
  const regex = expression.getRegex() === '' ? null : new RegExp(expression.getRegex());
  const window = options.hasMax() ? options.getMax() : PAGE;
  const interval = options.getCheckpointintervalmultiplier();
  return {
    allows: (event) => {
      const text = onType === undefined ? event.stream : event.type;
      return regex === null ? prefixes.some((prefix) => text.startsWith(prefix)) : regex.test(text);
    },
    window,
    checkpointInterval: interval * window,
  };
}
