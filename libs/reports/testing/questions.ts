import type { FunnelParams } from '../funnel/funnel.params.js';
import { DEFAULT_MIN_SAMPLE, DEFAULT_WINDOW } from '../performance/performance.query.js';
import type { PerformanceParams } from '../performance/performance.query.js';

const REPORT = { filters: {}, attributes: 'then', groupBy: null, asOf: null, tz: null } as const;

/** Questions with the defaults of the contract filled in. */
export const FUNNEL_DEFAULTS: Omit<FunnelParams, 'pipelineId' | 'dates' | 'now'> = {
  ...REPORT,
  basis: 'cohort',
  mode: 'reached',
  bucket: 'none',
  restate: 'current',
};

export const PERFORMANCE_DEFAULTS: Omit<PerformanceParams, 'dates' | 'now'> = {
  ...REPORT,
  pipelineId: null,
  window: DEFAULT_WINDOW,
  minSample: DEFAULT_MIN_SAMPLE,
};
