import type { CommandContext, EpochMs } from '../shared/decision.js';
import type { PipelineVersion } from './pipeline.state.js';

/** Policies are never back-dated: a change holds from now on, and not before the last one. */
export function takesEffect(version: PipelineVersion, context: CommandContext): EpochMs {
  return Math.max(context.now, version.from);
}
