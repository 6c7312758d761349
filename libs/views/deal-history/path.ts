import type { DealStatus } from '#domain/deal/deal.events.js';
import type { VisitEntry } from '#domain/deal/deal.state.js';
import type { EpochMs } from '#domain/shared/decision.js';
import type { MinorValue } from '../deal-columns.js';
import type { Change } from './change.js';
import type { JourneyPath, JourneyTurn, JourneyVisit } from './journey.js';
import type { Place } from './place.js';

/** Where a deal stands from one change of its stage or status on. */
export interface Standing {
  readonly pipeline: string;
  readonly stage: string;
  readonly status: DealStatus;
  /** Pipeline on whose board the deal is: open, or won and in a post-sale stage. */
  readonly board: string | null;
  /** Of the visit that is open; null when none is. */
  readonly enteredAt: EpochMs | null;
  /** Where the stay clock starts: a relocation does not restart it. */
  readonly stayFrom: EpochMs | null;
}

export interface Walk {
  readonly path: JourneyPath;
  /** One for each change of kind `stage`, in the order of the stream. */
  readonly standings: readonly Standing[];
}

/** Visits, turns and standings of a deal, in the order of its stream: revision decides, never time. */
export function walk(changes: readonly Change[]): Walk {
  const visits: JourneyVisit[] = [];
  const turns: JourneyTurn[] = [];
  const standings: Standing[] = [];
  let status: DealStatus = 'open';
  let pipelineId = '';
  let stageId = '';
  let value: MinorValue = { currency: null, value: null };

  const leave = (exit: string, at: EpochMs): void => {
    const last = visits.at(-1);
    if (last?.exit === null) visits[visits.length - 1] = { ...last, exitedAt: at, exit };
  };
  const enter = (to: Place, entry: VisitEntry, { revision, at }: Change): void => {
    pipelineId = to.pipelineId;
    stageId = to.stageId;
    const { currency, value: minor } = value;
    visits.push({
      pipelineId: to.pipelineId,
      pipelineVersion: to.pipelineVersion,
      stageId: to.stageId,
      entry,
      revision,
      enteredAt: at,
      exitedAt: null,
      exit: null,
      currency,
      value: minor,
    });
  };
  const turn = (kind: JourneyTurn['kind'], { revision, at }: Change): void => {
    turns.push({ kind, revision, at, pipelineId, stageId, currency: value.currency, value: value.value });
  };

  for (const change of changes) {
    if (change.kind === 'value') value = change;
    if (change.kind !== 'stage') continue;
    const step = change.turn;
    switch (step.kind) {
      case 'opened':
        enter(step.to, 'opened', change);
        break;
      case 'forward':
      case 'backward':
      case 'relocated':
      case 'switched':
        leave(step.kind, change.at);
        enter(step.to, step.kind, change);
        break;
      case 'won':
        turn('won', change);
        leave('won', change.at);
        status = 'won';
        if (step.enters !== null) enter(step.enters, 'won', change);
        break;
      case 'lost':
        turn('lost', change);
        leave('lost', change.at);
        status = 'lost';
        break;
      case 'churned':
      case 'voided':
      case 'merged':
        turn(step.kind, change);
        leave(step.kind, change.at);
        status = step.kind;
        break;
      case 'unmerged':
        status = 'open';
        enter({ pipelineId, ...step.to }, 'unmerged', change);
        break;
      case 'reopened':
        leave('reopened', change.at);
        status = 'open';
        enter({ pipelineId, ...step.to }, 'reopened', change);
        turn('reopened', change);
    }
    standings.push(standing(pipelineId, stageId, status, visits));
  }
  return { path: { visits, turns }, standings };
}

function standing(pipeline: string, stage: string, status: DealStatus, visits: readonly JourneyVisit[]): Standing {
  const last = visits.at(-1);
  const current = last?.exit === null ? last : null;
  return {
    pipeline,
    stage,
    status,
    board: current === null ? null : pipeline,
    enteredAt: current === null ? null : current.enteredAt,
    stayFrom: current === null ? null : (visits.findLast(({ entry }) => entry !== 'relocated') ?? current).enteredAt,
  };
}
