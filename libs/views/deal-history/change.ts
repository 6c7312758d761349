import type { DealEvent } from '#domain/deal/deal.events.js';
import type { EpochMs, Recorded } from '#domain/shared/decision.js';
import { minorValue } from '../deal-columns.js';
import type { MinorValue } from '../deal-columns.js';
import { dueAfter } from '../planned.js';

/**
 * A change of one of the groups {stage and status}, {owner}, {value}, or of a field of its own, as compact as it can be
 * kept. `at`: from when on it holds.
 */
export type Change =
  | ({ readonly kind: 'stage'; readonly turn: StageTurn } & When)
  | ({ readonly kind: 'owner'; readonly owner: string; readonly team: string | null } & When)
  | ({ readonly kind: 'value' } & MinorValue & When)
  /** Null: the activity is over. */
  | ({ readonly kind: 'due'; readonly activityId: string; readonly dueAt: EpochMs | null } & When);

interface When {
  readonly revision: number;
  readonly at: EpochMs;
}

/** A stage of a pipeline in one of its versions. */
export interface Place {
  readonly pipelineId: string;
  readonly pipelineVersion: number;
  readonly stageId: string;
}

export type StageTurn =
  | { readonly kind: 'opened'; readonly to: Place }
  | { readonly kind: 'forward' | 'backward' | 'relocated'; readonly to: Place }
  /** `enters`: the post-sale stage that the win leads to. */
  | { readonly kind: 'won'; readonly enters: Place | null }
  | { readonly kind: 'lost'; readonly reason: string }
  | { readonly kind: 'voided' }
  /** In the pipeline where the deal is. */
  | { readonly kind: 'reopened'; readonly to: Omit<Place, 'pipelineId'> };

/** What the event changes after those `before`; the opening changes all three groups, a note none. */
export function changesBy(event: Recorded<DealEvent>, before: readonly Change[]): readonly Change[] {
  const { revision, occurredAt: at } = event;
  const stage = (turn: StageTurn): Change => ({ kind: 'stage', revision, at, turn });
  switch (event.type) {
    case 'DealOpened': {
      const { ownerId, teamId, value } = event.data;
      return [
        { kind: 'owner', revision, at, owner: ownerId, team: teamId },
        { kind: 'value', revision, at, ...minorValue(value) },
        stage({ kind: 'opened', to: placeOf(event.data, event.data.pipelineVersion) }),
      ];
    }
    case 'DealStageMoved': {
      const { direction, to, pipelineVersion } = event.data;
      return [stage({ kind: direction, to: placeOf(to, pipelineVersion) })];
    }
    case 'DealRelocated': {
      const { to, pipelineVersion } = event.data;
      return [stage({ kind: 'relocated', to: placeOf(to, pipelineVersion) })];
    }
    case 'DealWon': {
      const { enters, pipelineVersion } = event.data;
      return [stage({ kind: 'won', enters: enters === null ? null : placeOf(enters, pipelineVersion) })];
    }
    case 'DealLost':
      return [stage({ kind: 'lost', reason: event.data.reason })];
    case 'DealVoided':
      return [stage({ kind: 'voided' })];
    case 'DealReopened': {
      const { toStageId, pipelineVersion } = event.data;
      return [stage({ kind: 'reopened', to: { pipelineVersion, stageId: toStageId } })];
    }
    case 'DealAssigned':
      return [{ kind: 'owner', revision, at, owner: event.data.ownerId, team: event.data.teamId }];
    case 'DealValueChanged':
      return [{ kind: 'value', revision, at, ...minorValue(event.data.value) }];
    case 'GateOverridden':
    case 'NoteAdded':
    case 'FileLinked':
    case 'DealCorrected':
      return [];
    case 'ActivityPlanned':
    case 'ActivityRescheduled':
    case 'ActivityCompleted':
    case 'ActivityCancelled': {
      const { activityId } = event.data;
      const last = before.findLast((change) => change.kind === 'due' && change.activityId === activityId);
      const from = Math.max(at, last?.at ?? -Infinity);
      return [{ kind: 'due', revision, at: from, activityId, dueAt: dueAfter(event) }];
    }
    default: {
      const unknown: never = event;
      throw new Error(`unknown event ${JSON.stringify(unknown)}`);
    }
  }
}

function placeOf(
  { pipelineId, stageId }: { readonly pipelineId: string; readonly stageId: string },
  pipelineVersion: number,
): Place {
  return { pipelineId, pipelineVersion, stageId };
}
