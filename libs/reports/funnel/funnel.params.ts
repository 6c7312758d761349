import type { PipelineState, PipelineVersion, Stage } from '#domain/pipeline/pipeline.state.js';
import { stageIn, versionAt } from '#domain/pipeline/pipeline.policy.js';
import { UnsupportedCombination } from '../filters.js';
import type { Bucket } from '../interval.js';
import { frameOf } from '../report.js';
import type { ReportFrame, ReportQuestion } from '../report.js';
import type { Policies } from '../policies.js';
import type { FunnelMode } from './cohort-tally.js';
import { ladderOf } from './ladder.js';
import type { Ladder } from './ladder.js';
import type { Restate } from './measure.js';

export type FunnelBasis = 'cohort' | 'period' | 'snapshot';

export interface FunnelParams extends ReportQuestion {
  readonly pipelineId: string;
  readonly basis: FunnelBasis;
  readonly mode: FunnelMode;
  readonly bucket: Bucket | 'none';
  /** The stages against which visits are ranked: those in force at `asOf`, or at the end of the window. */
  readonly restate: Restate;
}

/** The question, opened: the ladder that it is measured on. */
export interface FunnelFrame extends ReportFrame {
  readonly pipeline: PipelineState;
  readonly version: PipelineVersion;
  readonly ladder: Ladder;
  readonly isRetired: (stage: Stage) => boolean;
}

/** Null: there is no such pipeline. Throws UnsupportedCombination where the parameters have no definition together. */
export async function openFunnel(policies: Policies, params: FunnelParams): Promise<FunnelFrame | null> {
  refuseUndefined(params);
  const pipeline = await policies.pipeline(params.pipelineId);
  if (pipeline === null) return null;
  const frame = await frameOf(policies, params);
  const present = versionAt(pipeline, frame.asOf);
  const version = params.restate === 'current' ? present : versionAt(pipeline, Math.min(frame.interval.to, frame.asOf));
  return {
    ...frame,
    pipeline,
    version,
    ladder: ladderOf(pipeline, version),
    isRetired: (stage) => stageIn(present, stage.id)?.retired ?? stage.retired,
  };
}

/** What a deal's owner or value was just before each exit is not in its journey. */
const CHANGING = ['owner', 'team', 'valueMin', 'valueMax', 'currency'] as const;

function refuseUndefined({ basis, mode, bucket, filters, attributes, groupBy }: FunnelParams): void {
  if (basis !== 'cohort' && (mode === 'entered' || mode === 'strict')) {
    throw new UnsupportedCombination(`mode ${mode} needs basis cohort, not ${basis}`);
  }
  if (basis === 'snapshot' && mode === 'transitions') {
    throw new UnsupportedCombination('a snapshot has no transitions');
  }
  if (basis === 'snapshot' && (bucket !== 'none' || groupBy !== null)) {
    throw new UnsupportedCombination('a snapshot has neither buckets nor groups');
  }
  const changing = CHANGING.find((name) => filters[name] !== undefined) ?? (groupBy === 'team' ? 'team' : undefined);
  const changes = changing ?? (groupBy === 'owner' ? 'owner' : undefined);
  if (basis === 'period' && attributes === 'then' && changes !== undefined) {
    throw new UnsupportedCombination(`basis period with ${changes} needs attributes=now`);
  }
}
