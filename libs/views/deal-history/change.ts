import type { DealEvent, DealVisibility } from '#domain/deal/deal.events.js';
import type { EpochMs, Recorded } from '#domain/shared/decision.js';
import { labelsAfter, minorValue, probabilityColumn, productsOf } from '../deal-columns.js';
import type { Description, MinorValue } from '../deal-columns.js';
import { dueAfter } from '../planned.js';
import { type Place, sharedPlace } from './place.js';

/**
 * A change of one of the groups {stage and status}, {owner}, {value}, or of a field of its own, as compact as it can be
 * kept. `at`: from when on it holds.
 */
export type Change =
  | ({ readonly kind: 'stage'; readonly turn: StageTurn } & When)
  | ({ readonly kind: 'owner'; readonly owner: string; readonly team: string | null } & When)
  | ({ readonly kind: 'value' } & MinorValue & When)
  /** Null: the activity is over. */
  | ({ readonly kind: 'described' } & Described & When)
  /** Null: woken. */
  | ({ readonly kind: 'snooze'; readonly until: EpochMs | null } & When)
  | ({ readonly kind: 'due'; readonly activityId: string; readonly dueAt: EpochMs | null } & When);

/** A column of a deal's description, or its visibility, as it is from now on. */
export type Described =
  | { readonly column: 'labels' | 'products'; readonly to: readonly string[] }
  | { readonly column: 'expectedClose' | 'ownCategory'; readonly to: string | null }
  | { readonly column: 'ownProbability'; readonly to: number | null }
  | { readonly column: 'visibility'; readonly to: DealVisibility };

interface When {
  readonly revision: number;
  readonly at: EpochMs;
}

export type StageTurn =
  | { readonly kind: 'opened'; readonly to: Place }
  | { readonly kind: 'forward' | 'backward' | 'relocated' | 'switched'; readonly to: Place }
  /** `enters`: the post-sale stage that the win leads to. */
  | { readonly kind: 'won'; readonly enters: Place | null }
  | { readonly kind: 'lost'; readonly reason: string }
  | { readonly kind: 'churned' | 'voided' | 'merged' }
  /** In the pipeline where the deal is, unless it says another. */
  | { readonly kind: 'reopened' | 'unmerged'; readonly to: Omit<Place, 'pipelineId'> & Partial<Place> };

/** What has been changed until now, for what an event says of it alone. */
export interface Before {
  readonly changes: readonly Change[];
  /** As the deal was opened with. */
  readonly description: Description;
}

/** What the event changes; the opening changes all three groups, a note none. */
export function changesBy(event: Recorded<DealEvent>, before: Before): readonly Change[] {
  const { revision, occurredAt: at } = event;
  /** A change of no group holds from the last one of its field on at the earliest. */
  const since = (isOfField: (change: Change) => boolean): EpochMs => {
    return Math.max(at, before.changes.findLast(isOfField)?.at ?? -Infinity);
  };
  const described = (change: Described): readonly Change[] => {
    const last = since((other) => other.kind === 'described' && other.column === change.column);
    return [{ kind: 'described', revision, at: last, ...change }];
  };
  const snooze = (until: EpochMs | null): readonly Change[] => {
    return [{ kind: 'snooze', revision, at: since((other) => other.kind === 'snooze'), until }];
  };
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
    case 'DealPipelineSwitched': {
      const { to, pipelineVersion } = event.data;
      return [stage({ kind: 'switched', to: placeOf(to, pipelineVersion) })];
    }
    case 'DealWon': {
      const { enters, pipelineVersion } = event.data;
      return [stage({ kind: 'won', enters: enters === null ? null : placeOf(enters, pipelineVersion) })];
    }
    case 'DealLost':
      return [stage({ kind: 'lost', reason: event.data.reason })];
    case 'CustomerChurned':
      return [stage({ kind: 'churned' })];
    case 'DealVoided':
      return [stage({ kind: 'voided' })];
    case 'DealMergedInto':
      return [stage({ kind: 'merged' })];
    case 'DealUnmerged': {
      const { toStageId, pipelineVersion } = event.data;
      return [stage({ kind: 'unmerged', to: { pipelineVersion, stageId: toStageId } })];
    }
    case 'DealReopened': {
      const { toStageId, pipelineVersion, pipelineId } = event.data;
      const elsewhere = pipelineId === undefined ? {} : { pipelineId };
      return [stage({ kind: 'reopened', to: { pipelineVersion, stageId: toStageId, ...elsewhere } })];
    }
    case 'DealAssigned':
      return [{ kind: 'owner', revision, at, owner: event.data.ownerId, team: event.data.teamId }];
    case 'DealValueChanged':
      return [{ kind: 'value', revision, at, ...minorValue(event.data.value) }];
    case 'GateOverridden':
    case 'NoteAdded':
    case 'DealContactLinked':
    case 'CriterionConfirmed':
    case 'DealKeptAlive':
    case 'InteractionLogged':
    case 'FileLinked':
    case 'ProposalRecorded':
    case 'CustomerWonBack':
    case 'WinBackAbandoned':
    case 'DealCorrected':
    case 'TextRedacted':
    case 'TextsErased':
    case 'MergeStarted':
    case 'MergeRefused':
    case 'MergeCompleted':
    case 'MergeAbandoned':
    case 'UnmergeStarted':
    case 'UnmergeCompleted':
      return [];
    case 'ActivityPlanned':
    case 'ActivityRescheduled':
    case 'ActivityCompleted':
    case 'ActivityCancelled': {
      const { activityId } = event.data;
      const from = since((change) => change.kind === 'due' && change.activityId === activityId);
      return [{ kind: 'due', revision, at: from, activityId, dueAt: dueAfter(event) }];
    }
    case 'ProposalAccepted':
    case 'LineItemsSet': {
      const products = { column: 'products', to: productsOf(event.data.lineItems) } as const;
      const value = { kind: 'value', revision, at, ...minorValue(event.data.value) } as const;
      return [value, { kind: 'described', revision, at, ...products }];
    }
    case 'DealLabelled': {
      const last = before.changes.findLast((change) => change.kind === 'described' && change.column === 'labels');
      const isLabels = last?.kind === 'described' && last.column === 'labels';
      const labels = isLabels ? last.to : before.description.labels;
      return described({ column: 'labels', to: labelsAfter(labels, event) });
    }
    case 'ExpectedCloseSet':
      return described({ column: 'expectedClose', to: event.data.expectedClose });
    case 'DealProbabilitySet':
      return described({ column: 'ownProbability', to: probabilityColumn(event.data.probability) });
    case 'ForecastCategorySet':
      return described({ column: 'ownCategory', to: event.data.forecastCategory });
    case 'DealVisibilitySet':
      return described({ column: 'visibility', to: event.data.visibility });
    case 'DealSnoozed':
      return snooze(Date.parse(event.data.until));
    case 'DealWoken':
      return snooze(null);
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
  return sharedPlace(pipelineId, pipelineVersion, stageId);
}
