import type { DealVisibility } from '#domain/deal/deal.events.js';
import { snoozesAfter } from '#domain/deal/deal.snooze.js';
import type { Snooze } from '#domain/deal/deal.snooze.js';
import type { EpochMs } from '#domain/shared/decision.js';
import { clockColumns } from '../clocks.js';
import type { ClockColumns } from '../clocks.js';
import { audienceOf } from '../deal-columns.js';
import type { Description } from '../deal-columns.js';
import type { Change } from './change.js';
import type { JourneyPath, JourneyTurn } from './journey.js';
import { walk } from './path.js';
import type { Standing } from './path.js';
import { countsFrom, touchedAt, type TouchTime } from './touches.js';

/** All that the history of one deal is derived from. */
export interface HistoryState {
  /** As the deal was opened with, here and below. */
  readonly visibility: DealVisibility;
  readonly description: Description;
  /** In the order of the stream; the first three are the opening's. */
  readonly changes: readonly Change[];
  /** Ascending by when they count from. */
  readonly touches: readonly TouchTime[];
}

/** Attributes of a deal that an event can change. */
export interface Attributes extends Description {
  readonly visibility: DealVisibility;
  readonly owner: string | null;
  readonly team: string | null;
  readonly audience: string | null;
  readonly currency: string | null;
  readonly value: number | null;
}

export interface Segment {
  readonly standing: Standing;
  readonly attributes: Attributes;
  readonly clocks: ClockColumns;
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

const NOTHING_YET = { owner: null, team: null, audience: null, currency: null, value: null };

/**
 * Sweeps over a deal's life in the order of time, ties by revision. Within a group of changes the order of time is that
 * of the stream, so the standings come in their order.
 */
export function historyOf(state: HistoryState): History {
  const { path, standings } = walk(state.changes);
  const openedAt = state.changes[0]?.at ?? -Infinity;
  // Nothing is changed before the opening; what is said to have been holds from then on.
  const changes = inTime(state.changes.map((change) => (change.at < openedAt ? { ...change, at: openedAt } : change)));
  const { touches } = state;
  const segments: Segment[] = [];
  const beginnings: Beginning[] = [];
  const closes: Close[] = [];
  const turns = new Map(path.turns.map((turn) => [turn.revision, turn]));

  let attributes: Attributes = { ...NOTHING_YET, ...state.description, visibility: state.visibility };
  let standing: Standing | undefined;
  let stood = 0;
  let planned = NOTHING_PLANNED;
  /** What bears on snoozes: these and the closes that end them. */
  let sleep: readonly Change[] = [];

  const apply = (change: Change): void => {
    if (change.kind === 'owner') {
      const { owner, team } = change;
      attributes = { ...attributes, owner, team, audience: audienceOf(attributes.visibility, owner, team) };
    } else if (change.kind === 'value') {
      attributes = { ...attributes, currency: change.currency, value: change.value };
    } else if (change.kind === 'described') {
      attributes = { ...attributes, [change.column]: change.to };
      const { visibility, owner, team } = attributes;
      if (owner !== null) attributes = { ...attributes, audience: audienceOf(visibility, owner, team) };
    } else if (change.kind === 'snooze') {
      sleep = [...sleep, change];
    } else if (change.kind === 'due') {
      planned = new Map(planned).set(change.activityId, change);
    } else {
      if (change.turn.kind === 'won' || change.turn.kind === 'lost') sleep = [...sleep, change];
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
    const change = changes[c];
    const next = touches[t];
    const from = Math.min(change?.at ?? Infinity, next === undefined ? Infinity : countsFrom(next));
    for (let change = changes[c]; change !== undefined && change.at <= from; change = changes[++c]) apply(change);
    for (let next = touches[t]; next !== undefined && countsFrom(next) <= from; next = touches[++t]) {
      touch = Math.max(touch, touchedAt(next));
    }
    // A touch before the opening: an activity of that time, recorded late.
    if (standing === undefined) continue;
    const segment: Segment = {
      standing,
      attributes,
      clocks: clockColumns(touch === -Infinity ? from : touch, standing.stayFrom, snoozesOf(sleep)),
      dues: duesOf(planned),
      from,
    };
    const before = segments.at(-1);
    if (before === undefined || !sameButFrom(before, segment)) segments.push(segment);
  }
  return { path, segments, beginnings, closes };
}

/** From what is in force, in the order of the stream. */
function snoozesOf(sleep: readonly Change[]): readonly Snooze[] {
  if (!sleep.some(({ kind }) => kind === 'snooze')) return NO_SNOOZES;
  let snoozes = NO_SNOOZES;
  for (const change of sleep.toSorted((a, b) => a.revision - b.revision)) {
    const { at } = change;
    const until = change.kind === 'snooze' ? change.until : null;
    snoozes = snoozesAfter(snoozes, until === null ? { kind: 'ended', at } : { kind: 'snoozed', at, until });
  }
  return snoozes;
}

const NO_SNOOZES: readonly Snooze[] = [];

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

/** Whether two segments are the same, but perhaps begin at different times. */
export function sameButFrom(a: Segment, b: Segment): boolean {
  if (a.dues.length !== b.dues.length) return false;
  return (
    sameClocks(a.clocks, b.clocks) &&
    a.dues.every((due, index) => due === b.dues[index]) &&
    sameStanding(a.standing, b.standing) &&
    sameAttributes(a.attributes, b.attributes)
  );
}

function sameSet(a: readonly string[], b: readonly string[]): boolean {
  return a === b || (a.length === b.length && a.every((name, index) => name === b[index]));
}

function sameClocks(a: ClockColumns, b: ClockColumns): boolean {
  return a.clockFrom === b.clockFrom && a.stayFrom === b.stayFrom && a.snoozedUntil === b.snoozedUntil;
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
    sameSet(a.labels, b.labels) &&
    sameSet(a.products, b.products) &&
    a.expectedClose === b.expectedClose &&
    a.ownProbability === b.ownProbability &&
    a.ownCategory === b.ownCategory &&
    a.currency === b.currency &&
    a.value === b.value
  );
}
