import type { DealStatus } from '#domain/deal/deal.events.js';
import type { VisitEntry, VisitExit } from '#domain/deal/deal.state.js';
import type { EpochMs } from '#domain/shared/decision.js';
import type { MinorValue } from '../deal-columns.js';
import type { Change, StageTurn } from './change.js';
import type { JourneyPath, JourneyTurn, JourneyVisit } from './journey.js';
import { type PackedPath, packPath } from './packed-path.js';
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
  /** The turn that has led here, if one has. */
  readonly turn: JourneyTurn | null;
}

/** A visit whose end is still to come, or was added when it came. */
interface Visit extends Omit<JourneyVisit, 'exitedAt' | 'exit'> {
  exitedAt: EpochMs | null;
  exit: VisitExit | null;
}

/** Visits, turns and standings of a deal, in the order of its stream: revision decides, never time. */
export class Walk {
  /** One for each change of kind `stage`. */
  readonly standings: Standing[] = [];
  private readonly visits: Visit[] = [];
  private readonly turns: JourneyTurn[] = [];
  /** Changes as the walk goes on. */
  readonly path: JourneyPath = { visits: this.visits, turns: this.turns };

  private packed: PackedPath | null = null;
  private status: DealStatus = 'open';
  private pipelineId = '';
  private stageId = '';
  private value: MinorValue = { currency: null, value: null };
  /** Where the stay began: a relocation begins none. */
  private stayed: Visit | null = null;

  /** The path as it is stored: the same object until a step changes it, so that it is not written again. */
  get packedPath(): PackedPath {
    this.packed ??= packPath(this.path);
    return this.packed;
  }

  goOn(changes: readonly Change[]): void {
    for (const change of changes) {
      if (change.kind === 'value') this.value = change;
      else if (change.kind === 'stage') this.step(change, change.turn);
    }
  }

  private step(change: Change, step: StageTurn): void {
    let turn: JourneyTurn | null = null;
    this.packed = null;
    switch (step.kind) {
      case 'opened':
        this.enter(step.to, 'opened', change);
        break;
      case 'forward':
      case 'backward':
      case 'relocated':
      case 'switched':
        this.leave(step.kind, change.at);
        this.enter(step.to, step.kind, change);
        break;
      case 'won':
        turn = this.turn('won', change);
        this.leave('won', change.at);
        this.status = 'won';
        if (step.enters !== null) this.enter(step.enters, 'won', change);
        break;
      case 'lost':
      case 'churned':
      case 'voided':
      case 'merged':
        turn = this.turn(step.kind, change);
        this.leave(step.kind, change.at);
        this.status = step.kind;
        break;
      case 'unmerged':
        this.status = 'open';
        this.enter({ pipelineId: this.pipelineId, ...step.to }, 'unmerged', change);
        break;
      case 'reopened':
        this.leave('reopened', change.at);
        this.status = 'open';
        this.enter({ pipelineId: this.pipelineId, ...step.to }, 'reopened', change);
        turn = this.turn('reopened', change);
    }
    this.standings.push(this.standing(turn));
  }

  private leave(exit: VisitExit, at: EpochMs): void {
    const last = this.visits.at(-1);
    if (last?.exit !== null) return;
    last.exitedAt = at;
    last.exit = exit;
  }

  private enter({ pipelineId, pipelineVersion, stageId }: Place, entry: VisitEntry, { revision, at }: Change): void {
    this.pipelineId = pipelineId;
    this.stageId = stageId;
    const { currency, value } = this.value;
    const visit: Visit = {
      pipelineId,
      pipelineVersion,
      stageId,
      entry,
      revision,
      enteredAt: at,
      exitedAt: null,
      exit: null,
      currency,
      value,
    };
    this.visits.push(visit);
    if (entry !== 'relocated') this.stayed = visit;
  }

  private turn(kind: JourneyTurn['kind'], { revision, at }: Change): JourneyTurn {
    const { pipelineId, stageId } = this;
    const { currency, value } = this.value;
    const turn = { kind, revision, at, pipelineId, stageId, currency, value };
    this.turns.push(turn);
    return turn;
  }

  private standing(turn: JourneyTurn | null): Standing {
    const last = this.visits.at(-1);
    const current = last?.exit === null ? last : null;
    return {
      pipeline: this.pipelineId,
      stage: this.stageId,
      status: this.status,
      board: current === null ? null : this.pipelineId,
      enteredAt: current === null ? null : current.enteredAt,
      stayFrom: current === null ? null : (this.stayed ?? current).enteredAt,
      turn,
    };
  }
}
