import type { EpochMs } from '#domain/shared/decision.js';
import type { ClockColumns } from '../clocks.js';
import type { Description } from '../deal-columns.js';
import type { DueColumns } from '../planned.js';
import type { Attributes, Ownership } from './history.js';
import type { Standing } from './path.js';

export interface Segment {
  readonly standing: Standing;
  readonly attributes: Attributes;
  readonly clocks: ClockColumns;
  /** Of the activities that are planned. */
  readonly dues: DueColumns;
  readonly from: EpochMs;
}

/** Whether two segments are the same, but perhaps begin at different times. */
export function sameButFrom(a: Segment, b: Segment): boolean {
  return (
    sameClocks(a.clocks, b.clocks) &&
    sameDues(a.dues, b.dues) &&
    sameStanding(a.standing, b.standing) &&
    sameAttributes(a.attributes, b.attributes)
  );
}

function sameSet<T>(a: readonly T[], b: readonly T[]): boolean {
  return a === b || (a.length === b.length && a.every((value, index) => value === b[index]));
}

function sameClocks(a: ClockColumns, b: ClockColumns): boolean {
  return a.clockFrom === b.clockFrom && a.stayFrom === b.stayFrom && a.snoozedUntil === b.snoozedUntil;
}

function sameDues(a: DueColumns, b: DueColumns): boolean {
  return a === b || sameSet(a.dues ?? [], b.dues ?? []);
}

/** In what a segment tells of them: a visit that begins as a snooze of the one before ends leaves the stay clock alone. */
function sameStanding(a: Standing, b: Standing): boolean {
  return a === b || (a.status === b.status && a.stage === b.stage && a.board === b.board);
}

function sameAttributes(a: Attributes, b: Attributes): boolean {
  if (a === b) return true;
  return (
    sameOwnership(a.ownership, b.ownership) &&
    a.worth.currency === b.worth.currency &&
    a.worth.value === b.worth.value &&
    sameDescription(a.description, b.description)
  );
}

function sameOwnership(a: Ownership, b: Ownership): boolean {
  return a === b || (a.owner === b.owner && a.team === b.team && a.audience === b.audience);
}

function sameDescription(a: Description, b: Description): boolean {
  if (a === b) return true;
  return (
    sameSet(a.labels, b.labels) &&
    sameSet(a.products, b.products) &&
    a.expectedClose === b.expectedClose &&
    a.ownProbability === b.ownProbability &&
    a.ownCategory === b.ownCategory
  );
}
