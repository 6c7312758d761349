import { currentVersion, versionAt } from '#domain/pipeline/pipeline.policy.js';
import type { PipelineState, PipelineVersion } from '#domain/pipeline/pipeline.state.js';
import { fromMinor } from '#domain/shared/money.js';
import type { Money } from '#domain/shared/money.js';
import type { BoardDeal } from './board-deal.js';
import type { BusinessTime } from './business-time.js';
import { instantText } from './interval.js';
import type { Labels, Policies } from './policies.js';
import { stageAt } from './stage-at.js';
import { policyOf, stallOf } from './stall/stall.js';
import type { PlannedActivity, Stall } from './stall/stall.js';

/** The card of contract.md. */
export interface Card {
  readonly id: string;
  readonly revision: number;
  readonly title: string;
  readonly stageId: string;
  readonly status: string;
  readonly value: Money | null;
  readonly ownerId: string | null;
  readonly teamId: string | null;
  readonly labels: readonly string[];
  readonly expectedClose: string | null;
  /** Name of the person, else of the organisation. */
  readonly contact: string | null;
  readonly enteredAt: string | null;
  readonly rotAt: string | null;
  readonly stalled: boolean;
  readonly overstayed: boolean;
  readonly snoozedUntil: string | null;
  /** Planned and due first, overdue ones included. */
  readonly nextActivity: {
    readonly activityId: string;
    readonly kind: string;
    readonly subject: string;
    readonly dueAt: string;
  } | null;
}

/** The instant that policies are applied at, and business days. */
export interface CardClock {
  /** Null: the policies in force now. */
  readonly asOf: number | null;
  /** `asOf`, or the present. */
  readonly now: number;
  readonly time: BusinessTime;
}

export function versionFor(pipeline: PipelineState, asOf: number | null): PipelineVersion {
  return asOf === null ? currentVersion(pipeline) : versionAt(pipeline, asOf);
}

/** Cards with their stalls, in the order of the deals. Each pipeline and all names are read once for the page. */
export async function cardsWithStalls(
  deals: readonly BoardDeal[],
  policies: Policies,
  labels: Labels,
  clock: CardClock,
): Promise<readonly { readonly card: Card; readonly stall: Stall | null }[]> {
  const contacts = new Map(deals.flatMap(({ contact }) => (contact === null ? [] : [[contact.id, contact] as const])));
  const names = contacts.size === 0 ? new Map<string, string>() : await labels.contacts([...contacts.values()]);
  const pipelines = new Map<string, PipelineState>();
  for (const { pipelineId } of deals) {
    if (pipelines.has(pipelineId)) continue;
    const pipeline = await policies.pipeline(pipelineId);
    if (pipeline !== null) pipelines.set(pipelineId, pipeline);
  }
  return deals.map((deal) => {
    const stall = stallOfBoardDeal(deal, pipelines.get(deal.pipelineId) ?? null, clock);
    return { card: cardOf(deal, stall, deal.contact === null ? null : (names.get(deal.contact.id) ?? null)), stall };
  });
}

/** As `cardsWithStalls`, the cards alone. */
export async function cards(
  deals: readonly BoardDeal[],
  policies: Policies,
  labels: Labels,
  clock: CardClock,
): Promise<readonly Card[]> {
  return (await cardsWithStalls(deals, policies, labels, clock)).map(({ card }) => card);
}

function stallOfBoardDeal(deal: BoardDeal, pipeline: PipelineState | null, clock: CardClock): Stall | null {
  if (deal.stall === null || pipeline === null) return null;
  const version = versionFor(pipeline, clock.asOf);
  const stage = stageAt(pipeline, version, deal.stageId);
  return stallOf(deal.stall, policyOf(version, stage), clock.now, clock.time);
}

function cardOf(deal: BoardDeal, stall: Stall | null, contact: string | null): Card {
  const next = deal.stall?.planned[0] ?? null;
  return {
    id: deal.id,
    revision: deal.revision,
    title: deal.title,
    stageId: deal.stageId,
    status: deal.status,
    value: deal.currency === null || deal.value === null ? null : fromMinor(deal.value, deal.currency),
    ownerId: deal.ownerId,
    teamId: deal.teamId,
    labels: deal.labels,
    expectedClose: deal.expectedClose,
    contact,
    enteredAt: deal.enteredAt === null ? null : instantText(deal.enteredAt),
    rotAt: stall?.rotAt ?? null,
    stalled: stall?.stalled ?? false,
    overstayed: stall?.overstayed ?? false,
    snoozedUntil: stall?.snoozedUntil ?? null,
    nextActivity: next === null ? null : activityOf(next),
  };
}

function activityOf({ activityId, kind, subject, dueAt }: PlannedActivity) {
  return { activityId, kind, subject, dueAt: instantText(dueAt) };
}
