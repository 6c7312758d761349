import { snoozedUntil, stallClockFrom, stayClockFrom } from '#domain/deal/deal.snooze.js';
import { stayBegan } from '#domain/deal/deal.state.js';
import { plannedOf } from '#domain/activity/activity.state.js';
import type { DealState } from '#domain/deal/deal.state.js';
import type { DurationSpec } from '#domain/pipeline/pipeline.events.js';
import { currentVersion } from '#domain/pipeline/pipeline.policy.js';
import type { PipelineState, PipelineVersion, Stage } from '#domain/pipeline/pipeline.state.js';
import type { Actor } from '#domain/shared/decision.js';
import type { BusinessTime } from '../business-time.js';
import { instantText } from '../interval.js';
import { daysOfRatio } from '../percentiles.js';
import { stageAt } from '../stage-at.js';
import { cutoff, runsOutAt } from './threshold.js';

/** What a stall is computed from. Epoch milliseconds. */
export interface StallInput {
  /** max(touch, snoozedUntil) */
  readonly clockFrom: number;
  /** Beginning of the current visit, put off by the time that was snoozed away. */
  readonly stayFrom: number;
  readonly snoozedUntil: number | null;
  readonly lastTouch: LastTouch | null;
  /** Planned and not done, the one that is due first on top. */
  readonly planned: readonly PlannedActivity[];
}

export interface PlannedActivity {
  readonly activityId: string;
  readonly kind: string;
  readonly subject: string;
  readonly dueAt: number;
}

export interface LastTouch {
  readonly type: string;
  readonly actor: Actor;
  readonly occurredAt: number;
  readonly revision: number;
}

/** The `stall` object of contract.md. */
export interface Stall {
  readonly stalled: boolean;
  readonly stale: boolean;
  readonly covered: boolean;
  readonly overdue: boolean;
  readonly overstayed: boolean;
  readonly snoozedUntil: string | null;
  readonly rotAt: string | null;
  readonly rottenAfter: DurationSpec | null;
  readonly maxStay: DurationSpec | null;
  readonly stayDays: number;
  readonly grace: boolean;
  readonly policyVersion: number;
  readonly lastTouch: {
    readonly type: string;
    readonly actor: Actor | null;
    readonly occurredAt: string;
    readonly revision: number | null;
    readonly redacted: boolean;
  } | null;
  readonly coveredBy: { readonly activityId: string; readonly dueAt: string } | null;
}

/** The stage's thresholds and the pipeline version that they are from. */
export interface StagePolicyInForce {
  readonly policyVersion: number;
  readonly rottenAfter: DurationSpec | null;
  readonly maxStay: DurationSpec | null;
  /** Null: no planned activity covers a deal. */
  readonly coverHorizon: DurationSpec | null;
}

/** Thresholds for a stage; a stage that the version does not know has none. */
export function policyOf(version: PipelineVersion, stage: Stage | null): StagePolicyInForce {
  return {
    policyVersion: version.version,
    rottenAfter: stage?.rottenAfter ?? null,
    maxStay: stage?.maxStay ?? null,
    coverHorizon: stage?.coverHorizon ?? null,
  };
}

/**
 * For each threshold the latest start of a clock that has run out by `now`; null: never. `horizon`: until when what is
 * planned covers a deal; null: nothing does.
 */
export function cutoffs(
  policy: Omit<StagePolicyInForce, 'policyVersion'>,
  now: number,
  time: BusinessTime,
): { readonly clockFrom: number | null; readonly stayFrom: number | null; readonly horizon: number | null } {
  return {
    clockFrom: policy.rottenAfter === null ? null : cutoff(policy.rottenAfter, now, time),
    stayFrom: policy.maxStay === null ? null : cutoff(policy.maxStay, now, time),
    horizon: policy.coverHorizon === null ? null : runsOutAt(now, policy.coverHorizon, time),
  };
}

/**
 * Whether a deal on a board is stalled at `now`, and why (metrics.md, "Stalled deals"). A snoozed deal is not stale,
 * because its clock starts when the snooze ends.
 */
export function stallOf(input: StallInput, policy: StagePolicyInForce, now: number, time: BusinessTime): Stall {
  const latest = cutoffs(policy, now, time);
  const stayFrom = stayFromAt(input, now);
  const stale = latest.clockFrom !== null && input.clockFrom <= latest.clockFrom;
  const horizon = latest.horizon ?? now;
  const covering = input.planned.find(({ dueAt }) => dueAt > now && dueAt <= horizon) ?? null;
  const { snoozedUntil, lastTouch } = input;
  return {
    stalled: stale && covering === null,
    stale,
    covered: covering !== null,
    overdue: input.planned.some(({ dueAt }) => dueAt <= now),
    overstayed: latest.stayFrom !== null && stayFrom <= latest.stayFrom,
    snoozedUntil: snoozedUntil === null || snoozedUntil <= now ? null : instantText(snoozedUntil),
    rotAt: policy.rottenAfter === null ? null : instantText(runsOutAt(input.clockFrom, policy.rottenAfter, time)),
    rottenAfter: policy.rottenAfter,
    maxStay: policy.maxStay,
    stayDays: daysOfRatio(BigInt(Math.max(0, now - stayFrom)), 1n),
    grace: false,
    policyVersion: policy.policyVersion,
    lastTouch:
      lastTouch === null ? null : { ...lastTouch, occurredAt: instantText(lastTouch.occurredAt), redacted: false },
    coveredBy: covering && { activityId: covering.activityId, dueAt: instantText(covering.dueAt) },
  };
}

/** While the deal sleeps the clock of its stay stands where it stood when it fell asleep. */
function stayFromAt({ stayFrom, snoozedUntil }: StallInput, now: number): number {
  return snoozedUntil !== null && snoozedUntil > now ? stayFrom + (now - snoozedUntil) : stayFrom;
}

/** Null for a deal that is neither open nor in a post-sale stage. */
export function stallInputOf(state: DealState): StallInput | null {
  const visit = state.visits.at(-1);
  if (visit === undefined || visit.exit !== null || (state.status !== 'open' && state.status !== 'won')) return null;
  const { type, actor, occurredAt, revision, at } = state.touch;
  return {
    clockFrom: stallClockFrom(at, state.snoozes),
    stayFrom: stayClockFrom(stayBegan(state.visits) ?? visit.enteredAt, state.snoozes),
    snoozedUntil: snoozedUntil(state.snoozes),
    lastTouch: { type, actor, occurredAt, revision },
    planned: plannedOf(state.activities),
  };
}

/** The stall of one deal, by the version of its pipeline given, or the one in force now. Null as `stallInputOf`. */
export function stallOfDeal(
  state: DealState,
  pipeline: PipelineState,
  now: number,
  time: BusinessTime,
  version: PipelineVersion = currentVersion(pipeline),
): Stall | null {
  const input = stallInputOf(state);
  return input && stallOf(input, policyOf(version, stageAt(pipeline, version, state.stageId)), now, time);
}
