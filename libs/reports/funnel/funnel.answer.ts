import type { Money } from '#domain/shared/money.js';
import type { CivilInterval } from '../interval.js';
import type { Grouped, ReportHeader } from '../report.js';
import type { CohortStage, FunnelStage, WonBar } from './cohort-tally.js';
import type { PeriodStage } from './period-tally.js';
import type { TransitionCount } from './transitions.js';

export interface SnapshotStage extends FunnelStage {
  readonly count: number;
  readonly value: readonly Money[];
}

/** A funnel, or one bucket or group of it. `n`: deals of the cohort or stock, or visits that ended in the period. */
export interface FunnelBody {
  readonly maturity: number | null;
  readonly stages: readonly CohortStage[] | readonly PeriodStage[] | readonly SnapshotStage[];
  readonly won: WonBar | null;
}
export interface FunnelBucket extends FunnelBody, CivilInterval {
  readonly n: number;
}
export interface FunnelRest extends FunnelBody {
  readonly transitions: readonly TransitionCount[];
  readonly buckets: readonly FunnelBucket[];
}

/** The funnel of contract.md. */
export type Funnel = ReportHeader & Grouped<FunnelRest>;
