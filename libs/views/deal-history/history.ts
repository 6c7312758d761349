import type { DealVisibility } from '#domain/deal/deal.events.js';
import type { EpochMs } from '#domain/shared/decision.js';
import { audienceOf } from '../deal-columns.js';
import type { FixedColumns } from '../deal-columns.js';
import type { Change } from './change.js';
import type { JourneyPath, JourneyTurn } from './journey.js';
import { walk } from './path.js';
import type { Standing } from './path.js';

/** All that the history of one deal is derived from. */
export interface HistoryState {
  readonly visibility: DealVisibility;
  readonly fixed: FixedColumns;
  /** In the order of the stream; the first three are the opening's. */
  readonly changes: readonly Change[];
  /** Ascending by `from`. */
  readonly touches: readonly TouchTime[];
}

/** A qualifying event: its time, clamped to its recording, and from when on it counts; mostly the same. */
export interface TouchTime {
  readonly at: EpochMs;
  readonly from: EpochMs;
}

/** Equal ones are kept: a correction takes one of them away. */
export function insertTouch(touches: readonly TouchTime[], touch: TouchTime): readonly TouchTime[] {
  return touches.toSpliced(touches.findLastIndex(({ from }) => from <= touch.from) + 1, 0, touch);
}

/** Attributes of a deal that an event can change. */
export interface Attributes {
  readonly owner: string | null;
  readonly team: string | null;
  readonly audience: string | null;
  readonly currency: string | null;
  readonly value: number | null;
}

export interface Segment {
  readonly standing: Standing;
  readonly attributes: Attributes;
  readonly touch: EpochMs;
  /** When the activities fall due that are planned. */
  readonly dues: readonly EpochMs[];
  readonly from: EpochMs;
}

/** A deal's first visit in a pipeline. */
export interface Beginning {
  readonly pipeline: string;
  readonly enteredAt: EpochMs;
  readonly attributes: Attributes;
}

export interface Close {
  /** Of kind won or lost. */
  readonly turn: JourneyTurn;
  readonly reason: string | null;
  /** As they were just before the close. */
  readonly attributes: Attributes;
}

export interface History {
  readonly path: JourneyPath;
  /** In time; each ends where the next begins. */
  readonly segments: readonly Segment[];
  readonly beginnings: readonly Beginning[];
  readonly closes: readonly Close[];
}

const NOTHING_YET: Attributes = { owner: null, team: null, audience: null, currency: null, value: null };

/**
 * Sweeps over a deal's life in the order of time, ties by revision. Within a group of changes the order of time is that
 * of the stream, so the standings come in their order.
 */
export function historyOf(state: HistoryState): History {
  const { path, standings } = walk(state.changes);
  const changes = inTime(state.changes);
  const { touches } = state;
  const segments: Segment[] = [];
  const beginnings: Beginning[] = [];
  const closes: Close[] = [];
  const turns = new Map(path.turns.map((turn) => [turn.revision, turn]));

  let attributes = NOTHING_YET;
  let standing: Standing | undefined;
  let stood = 0;
  let planned = NOTHING_PLANNED;

  const apply = (change: Change): void => {
    if (change.kind === 'owner') {
      const { owner, team } = change;
      const { currency, value } = attributes;
      attributes = { owner, team, audience: audienceOf(state.visibility, owner, team), currency, value };
    } else if (change.kind === 'value') {
      attributes = { ...attributes, currency: change.currency, value: change.value };
    } else if (change.kind === 'due') {
      planned = new Map(planned).set(change.activityId, change);
    } else {
      const turn = turns.get(change.revision);
      if (turn?.kind === 'won' || turn?.kind === 'lost') {
        closes.push({ turn, reason: change.turn.kind === 'lost' ? change.turn.reason : null, attributes });
      }
      standing = standings[stood++];
      if (standing === undefined || standing.enteredAt === null) return;
      const { pipeline, enteredAt } = standing;
      if (!beginnings.some((beginning) => beginning.pipeline === pipeline)) {
        beginnings.push({ pipeline, enteredAt, attributes });
      }
    }
  };

  let touch = -Infinity;
  for (let c = 0, t = 0; c < changes.length || t < touches.length;) {
    const from = Math.min(changes[c]?.at ?? Infinity, touches[t]?.from ?? Infinity);
    for (let change = changes[c]; change !== undefined && change.at <= from; change = changes[++c]) apply(change);
    for (let next = touches[t]; next !== undefined && next.from <= from; next = touches[++t]) {
      touch = Math.max(touch, next.at);
    }
    // A touch before the opening: an activity of that time, recorded late.
    if (standing === undefined) continue;
    const segment: Segment = {
      standing,
      attributes,
      touch: touch === -Infinity ? from : touch,
      dues: duesOf(planned),
      from,
    };
    const before = segments.at(-1);
    if (before === undefined || !sameButFrom(before, segment)) segments.push(segment);
  }
  return { path, segments, beginnings, closes };
}

/** By the id of the activity: its last change of the stream that is in force. */
type Planned = ReadonlyMap<string, Change & { readonly kind: 'due' }>;
const NOTHING_PLANNED: Planned = new Map();

function duesOf(planned: Planned): readonly EpochMs[] {
  if (planned.size === 0) return NO_DUES;
  const dues = [...planned.values()].flatMap(({ dueAt }) => (dueAt === null ? [] : [dueAt]));
  return [...new Set(dues)].sort((a, b) => a - b);
}

const NO_DUES: readonly EpochMs[] = [];

/** Ordered by the time from which a change holds; the sort is stable, so that ties stay in the order of the stream. */
function inTime(changes: readonly Change[]): readonly Change[] {
  const ordered = changes.every((change, index) => change.at >= (changes[index - 1]?.at ?? -Infinity));
  return ordered ? changes : changes.toSorted((a, b) => a.at - b.at);
}

function sameButFrom(a: Segment, b: Segment): boolean {
  if (a.touch !== b.touch || a.dues.length !== b.dues.length) return false;
  return (
    a.dues.every((due, index) => due === b.dues[index]) &&
    sameStanding(a.standing, b.standing) &&
    sameAttributes(a.attributes, b.attributes)
  );
}

function sameStanding(a: Standing, b: Standing): boolean {
  if (a === b) return true;
  return (
    a.stayFrom === b.stayFrom &&
    a.status === b.status &&
    a.stage === b.stage &&
    a.pipeline === b.pipeline &&
    a.board === b.board
  );
}

function sameAttributes(a: Attributes, b: Attributes): boolean {
  if (a === b) return true;
  return (
    a.owner === b.owner &&
    a.team === b.team &&
    a.audience === b.audience &&
    a.currency === b.currency &&
    a.value === b.value
  );
}
