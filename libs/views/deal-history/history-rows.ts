import type { DifferingRows, TableRow } from '#projection/view.js';
import type { Row } from '#view-store/port.js';
import { strings, textOrNull } from '../stored-row.js';
import { FOREVER } from './deal-history.schema.js';
import type { Attributes, HistoryState } from './history.js';
import { packLife, unpackLife } from './life.js';
import type { PackedLife } from './life.js';
import { unpackPath } from './packed-path.js';
import { sameButFrom } from './segment.js';
import { Sweep } from './sweep.js';

/** All rows of a deal. */
export function historyRows(deal: string, state: HistoryState): readonly TableRow[] {
  return rowsFrom(0, deal, state, new Sweep(state));
}

/** Most of what happens to a deal leaves its past as it was: the first segments that are the same are left out. */
export function differingRows(deal: string, before: HistoryState, after: HistoryState): DifferingRows {
  if (before === after) return { before: [], after: [] };
  const sweep = new Sweep(before);
  const last = Math.max(0, sweep.segments.length - 1);
  const was = rowsFrom(last, deal, before, sweep);
  if (sweep.goOnTo(after)) return { before: was, after: rowsFrom(last, deal, after, sweep) };
  const anew = new Sweep(after);
  const same = sameSegments(sweep, anew);
  return { before: rowsFrom(same, deal, before, sweep), after: rowsFrom(same, deal, after, anew) };
}

/** How many of the first segments are the same in both, ends included. */
function sameSegments(was: Sweep, is: Sweep): number {
  for (let index = 0; ; index++) {
    const a = was.segments[index];
    const b = is.segments[index];
    if (a === undefined || b === undefined || a.from !== b.from || !sameButFrom(a, b)) return index;
    if (endOf(was, index) !== endOf(is, index)) return index;
  }
}

function endOf({ segments }: Sweep, index: number): number {
  return segments[index + 1]?.from ?? FOREVER;
}

/** The first `skipped` segments are left out. */
function rowsFrom(skipped: number, deal: string, state: HistoryState, sweep: Sweep): readonly TableRow[] {
  const rows: TableRow[] = [];
  for (let index = skipped; index < sweep.segments.length; index++) pushSegment(rows, deal, sweep, index);
  pushJourneys(rows, deal, state, sweep);
  pushCloses(rows, deal, sweep);
  return rows;
}

function pushSegment(rows: TableRow[], deal: string, sweep: Sweep, index: number): void {
  const segment = sweep.segments[index];
  if (segment === undefined) return;
  const { standing, clocks, from } = segment;
  const { ownership, worth, description } = segment.attributes;
  const { dues, firstDue, lastDue } = segment.dues;
  rows.push({
    table: 'segment',
    // Member by member: a spread costs more than all the rest, and there are as many segments as events.
    row: {
      id: `${deal}#${index}`,
      stage: standing.stage,
      status: standing.status,
      board: standing.board,
      owner: ownership.owner,
      team: ownership.team,
      audience: ownership.audience,
      source: description.source,
      labels: setOf(description.labels),
      products: setOf(description.products),
      currency: worth.currency,
      value: worth.value,
      expectedClose: description.expectedClose,
      ownProbability: description.ownProbability,
      ownCategory: description.ownCategory,
      clockFrom: clocks.clockFrom,
      stayFrom: clocks.stayFrom,
      snoozedUntil: clocks.snoozedUntil,
      stayed: clocks.stayed,
      dues,
      firstDue,
      lastDue,
      from,
      to: endOf(sweep, index),
    },
  });
}

function pushJourneys(rows: TableRow[], deal: string, state: HistoryState, { packedPath, beginnings }: Sweep): void {
  for (const [index, { pipeline, enteredAt, attributes }] of beginnings.entries()) {
    rows.push({
      table: 'journey',
      row: {
        id: `${deal}#${index}`,
        deal,
        pipeline,
        firstEnteredAt: enteredAt,
        ...columns(attributes),
        path: packedPath,
        life: index === 0 ? packLife(state) : null,
      },
    });
  }
}

/** The state that a deal's first journey was made of. */
export function stateOf(row: Row): HistoryState {
  return unpackLife(row['life'] as PackedLife, unpackPath(row['path'] as object), {
    source: textOrNull(row, 'source'),
    labels: strings(row, 'labels'),
    products: strings(row, 'products'),
    expectedClose: textOrNull(row, 'expectedClose'),
  });
}

function pushCloses(rows: TableRow[], deal: string, { path, closes }: Sweep): void {
  for (const { turn, reason, attributes } of closes) {
    rows.push({
      table: 'close',
      row: {
        id: `${deal}#${turn.revision}`,
        deal,
        pipeline: turn.pipelineId,
        stage: turn.stageId,
        outcome: turn.kind,
        reason,
        closedAt: turn.at,
        supersededAt:
          path.turns.find(({ revision, kind }) => revision > turn.revision && kind !== 'churned')?.at ?? FOREVER,
        firstEnteredAt: path.visits[0]?.enteredAt ?? turn.at,
        ...columns(attributes),
        currency: turn.currency,
        value: turn.value,
      },
    });
  }
}

/** The columns of attributes, as journeys and closes have them. */
function columns({ ownership, worth, description }: Attributes) {
  return {
    owner: ownership.owner,
    team: ownership.team,
    audience: ownership.audience,
    source: description.source,
    labels: setOf(description.labels),
    products: setOf(description.products),
    currency: worth.currency,
    value: worth.value,
    expectedClose: description.expectedClose,
  };
}

/** Null is the empty set: most deals have no products, and a null costs nothing. */
function setOf(values: readonly string[]): readonly string[] | null {
  return values.length === 0 ? null : values;
}
