import type { VisitEntry, VisitExit } from '#domain/deal/deal.state.js';
import type { JourneyPath, JourneyTurn, JourneyVisit } from './journey.js';
import { nameAt, nameOrNull, Names } from './names.js';

/**
 * A JourneyPath as it is stored: lists instead of objects, each name once, words by their number, and times as
 * milliseconds since the one before, which are short.
 */
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
  /** Since the visit before was entered; of the first one epoch milliseconds. */
  entered: number,
  /** How long it lasted; null: it is open. */
  stayed: number | null,
  exit: number | null,
  currency: number | null,
  value: number | null,
];
type PackedTurn = readonly [
  kind: number,
  revision: number,
  at: number,
  pipelineId: number,
  stageId: number,
  currency: number | null,
  value: number | null,
];

/** Stored by their places: new ones come last. */
const ENTRIES = listOf<VisitEntry>()([
  'opened',
  'forward',
  'backward',
  'won',
  'reopened',
  'relocated',
  'switched',
  'unmerged',
]);
const EXITS = listOf<VisitExit>()([
  'forward',
  'backward',
  'won',
  'lost',
  'reopened',
  'relocated',
  'switched',
  'merged',
  'voided',
  'churned',
]);
const KINDS = listOf<JourneyTurn['kind']>()(['won', 'lost', 'reopened', 'churned', 'voided', 'merged']);

/** A list that the compiler refuses when one of the words is missing. */
function listOf<Word extends string>() {
  return <const List extends readonly Word[]>(
    list: [Exclude<Word, List[number]>] extends [never] ? List : never,
  ): readonly Word[] => list;
}

export function packPath({ visits, turns }: JourneyPath): PackedPath {
  const names = new Names();
  return {
    visits: visits.map((visit, index) => [
      names.of(visit.pipelineId),
      visit.pipelineVersion,
      names.of(visit.stageId),
      ENTRIES.indexOf(visit.entry),
      visit.revision,
      visit.enteredAt - (visits[index - 1]?.enteredAt ?? 0),
      visit.exitedAt === null ? null : visit.exitedAt - visit.enteredAt,
      visit.exit === null ? null : EXITS.indexOf(visit.exit),
      names.orNull(visit.currency),
      visit.value,
    ]),
    turns: turns.map((turn) => [
      KINDS.indexOf(turn.kind),
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
  let enteredAt = 0;
  return {
    visits: visits.map(
      ([pipeline, pipelineVersion, stage, entry, revision, entered, stayed, exit, currency, value]): JourneyVisit => {
        enteredAt += entered;
        return {
          pipelineId: nameAt(names, pipeline),
          pipelineVersion,
          stageId: nameAt(names, stage),
          entry: nameAt(ENTRIES, entry),
          revision,
          enteredAt,
          exitedAt: stayed === null ? null : enteredAt + stayed,
          exit: exit === null ? null : nameAt(EXITS, exit),
          currency: nameOrNull(names, currency),
          value,
        };
      },
    ),
    turns: turns.map(([kind, revision, at, pipeline, stage, currency, value]): JourneyTurn => ({
      kind: nameAt(KINDS, kind),
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
