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
  switch (event.type) {
    case 'DealOpened': {
      const { ownerId, teamId, value } = event.data;
      return [
        { kind: 'owner', revision, at, owner: ownerId, team: teamId },
        { kind: 'value', revision, at, ...minorValue(value) },
        { kind: 'stage', revision, at, turn: { kind: 'opened', to: placeOf(event.data, event.data.pipelineVersion) } },
      ];
    }
    case 'DealStageMoved': {
      const { direction, to, pipelineVersion } = event.data;
      return stage(event, { kind: direction, to: placeOf(to, pipelineVersion) });
    }
    case 'DealRelocated': {
      const { to, pipelineVersion } = event.data;
      return stage(event, { kind: 'relocated', to: placeOf(to, pipelineVersion) });
    }
    case 'DealPipelineSwitched': {
      const { to, pipelineVersion } = event.data;
      return stage(event, { kind: 'switched', to: placeOf(to, pipelineVersion) });
    }
    case 'DealWon': {
      const { enters, pipelineVersion } = event.data;
      return stage(event, { kind: 'won', enters: enters === null ? null : placeOf(enters, pipelineVersion) });
    }
    case 'DealLost':
      return stage(event, { kind: 'lost', reason: event.data.reason });
    case 'CustomerChurned':
      return stage(event, { kind: 'churned' });
    case 'DealVoided':
      return stage(event, { kind: 'voided' });
    case 'DealMergedInto':
      return stage(event, { kind: 'merged' });
    case 'DealUnmerged': {
      const { toStageId, pipelineVersion } = event.data;
      return stage(event, { kind: 'unmerged', to: { pipelineVersion, stageId: toStageId } });
    }
    case 'DealReopened': {
      const { toStageId, pipelineVersion, pipelineId } = event.data;
      const elsewhere = pipelineId === undefined ? {} : { pipelineId };
      return stage(event, { kind: 'reopened', to: { pipelineVersion, stageId: toStageId, ...elsewhere } });
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
      const from = since(event, before, (change) => change.kind === 'due' && change.activityId === activityId);
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
      return described(event, before, { column: 'labels', to: labelsAfter(labels, event) });
    }
    case 'ExpectedCloseSet':
      return described(event, before, { column: 'expectedClose', to: event.data.expectedClose });
    case 'DealProbabilitySet':
      return described(event, before, { column: 'ownProbability', to: probabilityColumn(event.data.probability) });
    case 'ForecastCategorySet':
      return described(event, before, { column: 'ownCategory', to: event.data.forecastCategory });
    case 'DealVisibilitySet':
      return described(event, before, { column: 'visibility', to: event.data.visibility });
    case 'DealSnoozed':
      return snooze(event, before, Date.parse(event.data.until));
    case 'DealWoken':
      return snooze(event, before, null);
    default: {
      const unknown: never = event;
      throw new Error(`unknown event ${JSON.stringify(unknown)}`);
    }
  }
}

type Event = Recorded<DealEvent>;

function stage({ revision, occurredAt: at }: Event, turn: StageTurn): readonly Change[] {
  return [{ kind: 'stage', revision, at, turn }];
}

function described(event: Event, before: Before, change: Described): readonly Change[] {
  const at = since(event, before, (other) => other.kind === 'described' && other.column === change.column);
  return [{ kind: 'described', revision: event.revision, at, ...change }];
}

function snooze(event: Event, before: Before, until: EpochMs | null): readonly Change[] {
  const at = since(event, before, (other) => other.kind === 'snooze');
  return [{ kind: 'snooze', revision: event.revision, at, until }];
}

/** A change of no group holds from the last one of its field on at the earliest. */
function since({ occurredAt }: Event, { changes }: Before, isOfField: (change: Change) => boolean): EpochMs {
  return Math.max(occurredAt, changes.findLast(isOfField)?.at ?? -Infinity);
}

function placeOf(
  { pipelineId, stageId }: { readonly pipelineId: string; readonly stageId: string },
  pipelineVersion: number,
): Place {
  return sharedPlace(pipelineId, pipelineVersion, stageId);
}
