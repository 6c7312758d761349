import type { DurationSpec } from '#domain/pipeline/pipeline.events.js';
import type { Keyset, Row } from '#view-store/port.js';
import { InvalidKeyset } from '#view-store/port.js';
import type { Columns } from '../filters.js';
import { integerIn } from '../row-values.js';
import type { BusinessTime } from '../business-time.js';
import { cutoff, runsOutAt } from '../stall/threshold.js';

/**
 * The order of stalled deals over stages with different thresholds: (rotAt, clockFrom, id), those that never rot last.
 * Within one stage it is the order of (clockFrom, id), by which the store can page.
 */
export interface RotKey {
  /** Null: never. */
  readonly rotAt: number | null;
  readonly clockFrom: number;
  readonly id: string;
}

export function rotKeyOf(row: Row, rottenAfter: DurationSpec | null, time: BusinessTime): RotKey {
  const clockFrom = integerIn(row, 'clockFrom');
  const rotAt = rottenAfter === null ? null : runsOutAt(clockFrom, rottenAfter, time);
  return { rotAt, clockFrom, id: String(row.id) };
}

export function compareRotKeys(a: RotKey, b: RotKey): number {
  return compareRot(a.rotAt, b.rotAt) || a.clockFrom - b.clockFrom || (a.id < b.id ? -1 : Number(a.id > b.id));
}

function compareRot(a: number | null, b: number | null): number {
  if (a === b) return 0;
  if (a === null) return 1;
  return b === null ? -1 : a - b;
}

export function toKeyset({ rotAt, clockFrom, id }: RotKey): Keyset {
  return [rotAt, clockFrom, id];
}

/** Throws InvalidKeyset on what `toKeyset` did not make. */
export function fromKeyset(keyset: Keyset): RotKey {
  const [rotAt, clockFrom, id] = keyset;
  if (
    keyset.length !== 3 ||
    (rotAt !== null && typeof rotAt !== 'number') ||
    typeof clockFrom !== 'number' ||
    typeof id !== 'string'
  ) {
    throw new InvalidKeyset('not a place in a list sorted by rotAt');
  }
  return { rotAt: rotAt ?? null, clockFrom, id };
}

/** Where a stage goes on: after a row of it, or where the condition holds. */
export interface Resume {
  readonly condition: Columns;
  readonly after: Keyset | null;
}

/** Where the rows of a stage that come after `last` begin; null: none do. */
export function resumeAfter(last: RotKey | null, rottenAfter: DurationSpec | null, time: BusinessTime): Resume | null {
  if (last === null) return { condition: {}, after: null };
  const afterLast = { condition: {}, after: [last.clockFrom, last.id] };
  if (rottenAfter === null) return last.rotAt === null ? afterLast : { condition: {}, after: null };
  if (last.rotAt === null) return null;
  // Clocks of this stage that run out exactly at last.rotAt started in (before, until].
  const until = cutoff(rottenAfter, last.rotAt, time);
  const before = cutoff(rottenAfter, last.rotAt - 1, time);
  if (last.clockFrom <= before) return { condition: { clockFrom: { gt: before } }, after: null };
  if (last.clockFrom > until) return { condition: { clockFrom: { gt: until } }, after: null };
  return afterLast;
}
