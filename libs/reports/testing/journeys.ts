import type { Row } from '#view-store/port.js';
import { DEAL_HISTORY, FOREVER } from '#views/deal-history/deal-history.schema.js';
import type { VisitEntry, VisitExit } from '#domain/deal/deal.state.js';
import type { JourneyPath, JourneyTurn, JourneyVisit } from '#views/deal-history/journey.js';
import { packPath } from '#views/deal-history/packed-path.js';
import type { ViewContents } from './memory-views.js';

/** One step of a deal through a pipeline, for specs that write histories down. `at` in epoch milliseconds. */
export type Step =
  | { readonly to: string; readonly at: number; readonly pipeline?: string; readonly backward?: boolean }
  | { readonly turn: 'won' | 'lost' | 'churned' | 'merged' | 'voided'; readonly at: number }
  | { readonly value: number | null; readonly at: number };

export interface DealAttributes {
  readonly owner?: string;
  readonly team?: string;
  readonly source?: string;
  readonly labels?: readonly string[];
  readonly products?: readonly string[];
  readonly currency?: string;
}

/**
 * The journey that the steps make, one revision each. A stage after a win or loss is a reopening; another pipeline is a
 * switch.
 */
export function pathOf(steps: readonly Step[], pipeline: string, currency = 'EUR'): JourneyPath {
  const visits: JourneyVisit[] = [];
  const turns: JourneyTurn[] = [];
  let value: number | null = null;
  const leave = (exit: VisitExit, exitedAt: number): void => {
    const last = visits.at(-1);
    if (last?.exit === null) visits[visits.length - 1] = { ...last, exit, exitedAt };
  };
  for (const [revision, step] of steps.entries()) {
    const money = { currency: value === null ? null : currency, value };
    const last = visits.at(-1);
    const here = { pipelineId: last?.pipelineId ?? pipeline, stageId: last?.stageId ?? '' };
    if ('value' in step) value = step.value;
    else if ('turn' in step) {
      if (step.turn !== 'merged') turns.push({ kind: step.turn, revision, at: step.at, ...here, ...money });
      leave(step.turn, step.at);
    } else {
      const pipelineId = step.pipeline ?? here.pipelineId;
      const closed = turns.at(-1);
      let move: VisitEntry & VisitExit = step.backward ? 'backward' : 'forward';
      if (pipelineId !== here.pipelineId) move = 'switched';
      if (closed !== undefined && closed.kind !== 'reopened') {
        move = 'reopened';
        turns.push({ kind: 'reopened', revision, at: step.at, pipelineId, stageId: step.to, ...money });
      }
      leave(move, step.at);
      const entry: VisitEntry = last === undefined ? 'opened' : move;
      const visit = { pipelineId, pipelineVersion: 1, stageId: step.to, entry, revision, enteredAt: step.at };
      visits.push({ ...visit, exitedAt: null, exit: null, ...money });
    }
  }
  return { visits, turns };
}

/** Rows of journeys and closes of a deal. */
export function historyRows(
  deal: string,
  path: JourneyPath,
  attributes: DealAttributes = {},
): readonly { readonly table: string; readonly row: Row }[] {
  const columns = {
    deal,
    owner: attributes.owner ?? null,
    team: attributes.team ?? null,
    audience: 'everyone',
    source: attributes.source ?? null,
    labels: attributes.labels ?? [],
    products: attributes.products ?? [],
    expectedClose: null,
  };
  const firsts = new Map<string, JourneyVisit>();
  for (const visit of path.visits) if (!firsts.has(visit.pipelineId)) firsts.set(visit.pipelineId, visit);
  const packed = packPath(path);
  const journeys = [...firsts].map(([pipeline, { enteredAt, currency, value }]) => ({
    table: 'journey',
    row: { id: `${deal}#${pipeline}`, ...columns, pipeline, firstEnteredAt: enteredAt, currency, value, path: packed },
  }));
  const closes = path.turns.flatMap((turn, index) => {
    if (turn.kind !== 'won' && turn.kind !== 'lost') return [];
    const { pipelineId, stageId, at, currency, value } = turn;
    const row = {
      id: `${deal}#${turn.revision}`,
      ...columns,
      pipeline: pipelineId,
      stage: stageId,
      outcome: turn.kind,
      reason: null,
      closedAt: at,
      supersededAt: path.turns.find(({ kind }, later) => later > index && kind !== 'churned')?.at ?? FOREVER,
      firstEnteredAt: path.visits[0]?.enteredAt ?? at,
      currency,
      value,
    };
    return [{ table: 'close', row }];
  });
  return [...journeys, ...closes];
}

/** A segment of an open deal that has not changed since `from`. */
export function openSegment(deal: string, pipeline: string, stage: string, from: number, given: Partial<Row> = {}) {
  const row: Row = {
    id: `${deal}#0`,
    stage,
    status: 'open',
    board: pipeline,
    owner: null,
    team: null,
    audience: 'everyone',
    source: null,
    labels: [],
    products: [],
    currency: null,
    value: null,
    expectedClose: null,
    ownProbability: null,
    ownCategory: null,
    clockFrom: from,
    stayFrom: from,
    snoozedUntil: null,
    stayed: null,
    dues: null,
    firstDue: null,
    lastDue: null,
    from,
    to: FOREVER,
    ...given,
  };
  return { table: 'segment', row };
}

export function dealHistory(rows: ViewContents['rows']): ViewContents {
  return { schema: DEAL_HISTORY, rows };
}
