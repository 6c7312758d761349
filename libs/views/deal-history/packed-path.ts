import type { JourneyPath, JourneyTurn, JourneyVisit } from './journey.js';
import { Names, nameAt, nameOrNull } from './names.js';

type Name = number | null;

/** A JourneyPath as it is stored: lists instead of objects, and each text once. */
export interface PackedPath {
  readonly names: readonly string[];
  readonly visits: readonly PackedVisit[];
  readonly turns: readonly PackedTurn[];
}
type PackedVisit = readonly [
  pipelineId: number,
  pipelineVersion: number,
  stageId: number,
  entry: number,
  revision: number,
  enteredAt: number,
  exitedAt: number | null,
  exit: Name,
  currency: Name,
  value: number | null,
];
type PackedTurn = readonly [
  kind: number,
  revision: number,
  at: number,
  pipelineId: number,
  stageId: number,
  currency: Name,
  value: number | null,
];

export function packPath({ visits, turns }: JourneyPath): PackedPath {
  const names = new Names();
  return {
    visits: visits.map((visit) => [
      names.of(visit.pipelineId),
      visit.pipelineVersion,
      names.of(visit.stageId),
      names.of(visit.entry),
      visit.revision,
      visit.enteredAt,
      visit.exitedAt,
      names.orNull(visit.exit),
      names.orNull(visit.currency),
      visit.value,
    ]),
    turns: turns.map((turn) => [
      names.of(turn.kind),
      turn.revision,
      turn.at,
      names.of(turn.pipelineId),
      names.of(turn.stageId),
      names.orNull(turn.currency),
      turn.value,
    ]),
    names: names.list,
  };
}

/** @throws Error it was not stored by `packPath` */
export function unpackPath(packed: object): JourneyPath {
  if (!isPacked(packed)) throw new Error('not a path');
  const { names, visits, turns } = packed;
  return {
    visits: visits.map(
      ([
        pipeline,
        pipelineVersion,
        stage,
        entry,
        revision,
        enteredAt,
        exitedAt,
        exit,
        currency,
        value,
      ]): JourneyVisit => ({
        pipelineId: nameAt(names, pipeline),
        pipelineVersion,
        stageId: nameAt(names, stage),
        entry: nameAt(names, entry),
        revision,
        enteredAt,
        exitedAt,
        exit: nameOrNull(names, exit),
        currency: nameOrNull(names, currency),
        value,
      }),
    ),
    turns: turns.map(([kind, revision, at, pipeline, stage, currency, value]): JourneyTurn => ({
      kind: nameAt(names, kind) as JourneyTurn['kind'],
      revision,
      at,
      pipelineId: nameAt(names, pipeline),
      stageId: nameAt(names, stage),
      currency: nameOrNull(names, currency),
      value,
    })),
  };
}

function isPacked(value: object): value is PackedPath {
  return (
    'names' in value &&
    Array.isArray(value.names) &&
    'visits' in value &&
    Array.isArray(value.visits) &&
    'turns' in value &&
    Array.isArray(value.turns)
  );
}
