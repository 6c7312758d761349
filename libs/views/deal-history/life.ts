import type { DealVisibility } from '#domain/deal/deal.events.js';
import type { Description } from '../deal-columns.js';
import type { Change, Described, StageTurn } from './change.js';
import type { HistoryState } from './history.js';
import type { JourneyPath, JourneyVisit } from './journey.js';
import { nameAt, nameOrNull, Names } from './names.js';
import { type Place, sharedPlace } from './place.js';
import { type PackedTouch, packTouches, unpackTouches } from './touches.js';

/**
 * What the other columns of a deal's first journey do not tell of its state, as it is stored: lists instead of objects,
 * and each text once.
 */
export interface PackedLife {
  readonly names: readonly string[];
  readonly visibility: DealVisibility;
  readonly ownProbability: number | null;
  readonly ownCategory: string | null;
  readonly touches: readonly PackedTouch[];
  /** In the order of the stream; texts are places in `names`. */
  readonly owners: readonly (readonly [revision: number, at: number, owner: number, team: number | null])[];
  readonly values: readonly (readonly [revision: number, at: number, currency: number | null, value: number | null])[];
  readonly described: readonly (readonly [revision: number, at: number, change: Described])[];
  readonly snoozes: readonly (readonly [revision: number, at: number, until: number | null])[];
  readonly dues: readonly (readonly [revision: number, at: number, activity: number, dueAt: number | null])[];
  /** Of the losses, in the order of the stream. */
  readonly reasons: readonly number[];
}

export function packLife({ visibility, description, changes, touches }: HistoryState): PackedLife {
  const names = new Names();
  const owners: PackedLife['owners'][number][] = [];
  const values: PackedLife['values'][number][] = [];
  const described: PackedLife['described'][number][] = [];
  const snoozes: PackedLife['snoozes'][number][] = [];
  const dues: PackedLife['dues'][number][] = [];
  const reasons: number[] = [];
  for (const change of changes) {
    const { revision, at } = change;
    if (change.kind === 'owner') owners.push([revision, at, names.of(change.owner), names.orNull(change.team)]);
    else if (change.kind === 'value') values.push([revision, at, names.orNull(change.currency), change.value]);
    else if (change.kind === 'due') dues.push([revision, at, names.of(change.activityId), change.dueAt]);
    else if (change.kind === 'described') described.push([revision, at, describedBy(change)]);
    else if (change.kind === 'snooze') snoozes.push([revision, at, change.until]);
    else if (change.turn.kind === 'lost') reasons.push(names.of(change.turn.reason));
  }
  const { ownProbability, ownCategory } = description;
  return {
    names: names.list,
    visibility,
    ownProbability,
    ownCategory,
    touches: packTouches(touches),
    owners,
    values,
    described,
    snoozes,
    dues,
    reasons,
  };
}

/**
 * @param path that the changes have led to
 * @param opened what the columns tell of the deal as it was opened
 */
export function unpackLife(
  life: PackedLife,
  path: JourneyPath,
  opened: Omit<Description, 'ownProbability' | 'ownCategory'>,
): HistoryState {
  const { names, visibility, ownProbability, ownCategory } = life;
  const owners = life.owners.map(([revision, at, owner, team]): Change => {
    return { kind: 'owner', revision, at, owner: nameAt(names, owner), team: nameOrNull(names, team) };
  });
  const values = life.values.map(([revision, at, currency, value]): Change => {
    return { kind: 'value', revision, at, currency: nameOrNull(names, currency), value };
  });
  const described = life.described.map(([revision, at, change]): Change => {
    return { kind: 'described', revision, at, ...change };
  });
  const snoozes = life.snoozes.map(([revision, at, until]): Change => ({ kind: 'snooze', revision, at, until }));
  const dues = life.dues.map(([revision, at, activity, dueAt]): Change => {
    return { kind: 'due', revision, at, activityId: nameAt(names, activity), dueAt };
  });
  const reasons = life.reasons.map((reason) => nameAt(names, reason));
  // One for each revision, but for the opening's three: the sort is stable.
  const changes = [...owners, ...values, ...described, ...snoozes, ...dues, ...stagesOf(path, reasons)].sort(
    (a, b) => a.revision - b.revision,
  );
  return {
    visibility,
    description: { ...opened, ownProbability, ownCategory },
    changes,
    touches: unpackTouches(life.touches),
  };
}

/** Without what the change has as one of a list. */
function describedBy({
  kind: _,
  revision: __,
  at: ___,
  ...change
}: Change & { readonly kind: 'described' }): Described {
  return change;
}

/** The changes of stage and status that made the path, in no order. */
function stagesOf({ visits, turns }: JourneyPath, reasons: readonly string[]): readonly Change[] {
  const stage = (revision: number, at: number, turn: StageTurn): Change => ({ kind: 'stage', revision, at, turn });
  const losses = reasons.values();
  const closes = turns.flatMap(({ kind, revision, at }): readonly Change[] => {
    if (kind === 'lost') return [stage(revision, at, { kind, reason: losses.next().value ?? '' })];
    if (kind === 'churned' || kind === 'voided' || kind === 'merged') return [stage(revision, at, { kind })];
    if (kind === 'reopened') return [];
    const entered = visits.find((visit) => visit.revision === revision);
    return [stage(revision, at, { kind: 'won', enters: entered === undefined ? null : placeOf(entered) })];
  });
  const moves = visits.flatMap((visit, index): readonly Change[] => {
    const { entry, revision, enteredAt } = visit;
    if (entry === 'won') return [];
    if (entry === 'opened' || entry === 'forward' || entry === 'backward') {
      return [stage(revision, enteredAt, { kind: entry, to: placeOf(visit) })];
    }
    if (entry === 'relocated' || entry === 'switched') {
      return [stage(revision, enteredAt, { kind: entry, to: placeOf(visit) })];
    }
    const { pipelineId, pipelineVersion, stageId } = visit;
    const elsewhere = visits[index - 1]?.pipelineId === pipelineId ? {} : { pipelineId };
    const to = { pipelineVersion, stageId, ...elsewhere };
    return [stage(revision, enteredAt, { kind: entry === 'unmerged' ? entry : 'reopened', to })];
  });
  return [...moves, ...closes];
}

function placeOf({ pipelineId, pipelineVersion, stageId }: JourneyVisit): Place {
  return sharedPlace(pipelineId, pipelineVersion, stageId);
}
