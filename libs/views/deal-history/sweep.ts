import type { DealVisibility } from '#domain/deal/deal.events.js';
import { snoozesAfter } from '#domain/deal/deal.snooze.js';
import type { Snooze } from '#domain/deal/deal.snooze.js';
import type { EpochMs } from '#domain/shared/decision.js';
import { clockColumns } from '../clocks.js';
import { audienceOf } from '../deal-columns.js';
import type { MinorValue } from '../deal-columns.js';
import { type DueColumns, dueColumns, NOTHING_DUE } from '../planned.js';
import type { Change, Described } from './change.js';
import type { Attributes, Beginning, Close, HistoryState, Ownership } from './history.js';
import { Walk } from './path.js';
import type { Standing } from './path.js';
import { sameButFrom, type Segment } from './segment.js';
import { countsFrom, touchedAt, type TouchTime } from './touches.js';

const NOBODY: Ownership = { owner: null, team: null, audience: null };
const NO_VALUE: MinorValue = { currency: null, value: null };
const NO_SNOOZES: readonly Snooze[] = [];

/**
 * Sweeps over a deal's life in the order of time, ties by revision. Within a group of changes the order of time is that
 * of the stream, so the standings come in their order.
 */
export class Sweep {
  /** In time; each ends where the next begins. */
  readonly segments: Segment[] = [];
  readonly beginnings: Beginning[] = [];
  readonly closes: Close[] = [];
  private readonly walk = new Walk();
  private readonly openedAt: EpochMs;
  /** The last instant at which something began to hold. */
  private reached = -Infinity;

  private visibility: DealVisibility;
  private attributes: Attributes;
  private standing: Standing | null = null;
  private stood = 0;
  private touched = -Infinity;
  /** What bears on snoozes: these and the closes that end them. */
  private readonly sleep: Change[] = [];
  private snoozes = NO_SNOOZES;
  /** By the id of an activity: its last change of the stream that is in force. */
  private planned: Map<string, EpochMs | null> | null = null;
  private dues: DueColumns = NOTHING_DUE;

  constructor(private state: HistoryState) {
    this.visibility = state.visibility;
    this.attributes = { ownership: NOBODY, worth: NO_VALUE, description: state.description };
    this.openedAt = state.changes[0]?.at ?? -Infinity;
    this.over(state.changes, state.touches);
  }

  /** Changes as the sweep goes on. */
  get path() {
    return this.walk.path;
  }

  /** Another object when the path has changed. */
  get packedPath() {
    return this.walk.packedPath;
  }

  /**
   * Sweeps on to a later state of the deal.
   * @returns false when it cannot be reached so, as something bears on what has been swept over: begin anew
   */
  goOnTo(later: HistoryState): boolean {
    const { changes, touches } = this.state;
    if (!beginsWith(later.changes, changes) || !beginsWith(later.touches, touches)) return false;
    const newChanges = later.changes.slice(changes.length);
    const newTouches = later.touches.slice(touches.length);
    const isAfter = (at: EpochMs): boolean => at > this.reached;
    if (!newChanges.every(({ at }) => isAfter(at)) || !newTouches.map(countsFrom).every(isAfter)) return false;
    this.state = later;
    this.over(newChanges, newTouches);
    return true;
  }

  private over(changes: readonly Change[], touches: readonly TouchTime[]): void {
    this.walk.goOn(changes);
    const ordered = inTime(changes, this.openedAt);
    for (let c = 0, t = 0; c < ordered.length || t < touches.length;) {
      const from = Math.min(ordered[c]?.at ?? Infinity, beginningOf(touches[t]));
      for (let change = ordered[c]; change !== undefined && change.at <= from; change = ordered[++c])
        this.apply(change);
      for (let touch = touches[t]; touch !== undefined && countsFrom(touch) <= from; touch = touches[++t]) {
        this.touched = Math.max(this.touched, touchedAt(touch));
      }
      this.reached = from;
      // A touch before the opening: an activity of that time, recorded late.
      if (this.standing !== null) this.stand(this.standing, from);
    }
  }

  private stand(standing: Standing, from: EpochMs): void {
    const { attributes, dues, touched } = this;
    const clocks = clockColumns(touched === -Infinity ? from : touched, standing.stayFrom, this.snoozes);
    const segment = { standing, attributes, clocks, dues, from };
    const before = this.segments.at(-1);
    if (before === undefined || !sameButFrom(before, segment)) this.segments.push(segment);
  }

  private apply(change: Change): void {
    switch (change.kind) {
      case 'owner':
        this.owned(change.owner, change.team);
        break;
      case 'value': {
        const { ownership, description } = this.attributes;
        this.attributes = { ownership, worth: change, description };
        break;
      }
      case 'described':
        this.describe(change);
        break;
      case 'snooze':
        this.bearOnSleep(change);
        break;
      case 'due':
        this.planned ??= new Map();
        this.planned.set(change.activityId, change.dueAt);
        this.dues = dueColumns([...this.planned.values()].filter((dueAt) => dueAt !== null));
        break;
      case 'stage':
        this.applyStage(change);
    }
  }

  private owned(owner: string, team: string | null): void {
    const { worth, description } = this.attributes;
    const ownership = { owner, team, audience: audienceOf(this.visibility, owner, team) };
    this.attributes = { ownership, worth, description };
  }

  private describe(change: Described): void {
    const { ownership, worth, description } = this.attributes;
    if (change.column !== 'visibility') {
      this.attributes = { ownership, worth, description: { ...description, [change.column]: change.to } };
      return;
    }
    this.visibility = change.to;
    if (ownership.owner !== null) this.owned(ownership.owner, ownership.team);
  }

  private applyStage(change: Change & { readonly kind: 'stage' }): void {
    const standing = this.walk.standings[this.stood++];
    if (standing === undefined) return;
    this.standing = standing;
    const { attributes } = this;
    const { turn, pipeline, enteredAt } = standing;
    if (turn?.kind === 'won' || turn?.kind === 'lost') {
      this.bearOnSleep(change);
      this.closes.push({ turn, reason: change.turn.kind === 'lost' ? change.turn.reason : null, attributes });
    }
    if (enteredAt === null || this.beginnings.some((beginning) => beginning.pipeline === pipeline)) return;
    this.beginnings.push({ pipeline, enteredAt, attributes });
  }

  private bearOnSleep(change: Change): void {
    this.sleep.push(change);
    this.snoozes = snoozesOf(this.sleep);
  }
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

/**
 * Ordered by the time from which a change holds; the sort is stable, so that ties stay in the order of the stream.
 * Nothing is changed before the opening; what is said to have been holds from then on.
 */
function inTime(changes: readonly Change[], openedAt: EpochMs): readonly Change[] {
  let last = openedAt;
  for (const { at } of changes) {
    if (at < last) return fromOpening(changes, openedAt).toSorted((a, b) => a.at - b.at);
    last = at;
  }
  return changes;
}

function fromOpening(changes: readonly Change[], openedAt: EpochMs): readonly Change[] {
  return changes.map((change) => (change.at < openedAt ? { ...change, at: openedAt } : change));
}

function beginningOf(touch: TouchTime | undefined): EpochMs {
  return touch === undefined ? Infinity : countsFrom(touch);
}

function beginsWith<T>(list: readonly T[], beginning: readonly T[]): boolean {
  return list.length >= beginning.length && beginning.every((value, index) => value === list[index]);
}
