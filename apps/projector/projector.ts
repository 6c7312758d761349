import type { Configuration } from '#platform/configuration.js';
import type { Logger } from '#platform/logger.js';
import { masterKey } from '#platform/master-key.js';
import { ProcessMetrics } from '#platform/metrics/process.js';
import { Health } from '../api/health.js';
import { Metrics } from '../api/metrics/metrics.js';
import { ProjectionHost } from '../api/projection-host.js';
import { enginesOf } from '../stores/engines.js';
import { openEvents } from '../stores/open-events.js';
import { openKeys } from '../stores/open-keys.js';
import { openViewReads } from '../stores/open-views.js';
import { serveHealth } from './health-server.js';

export interface RunningProjector {
  /** Of its health: `http://127.0.0.1:3001` */
  readonly url: string;
  /** Finishes the commits that are under way and gives the leases back. */
  stop(): Promise<void>;
}

/**
 * Starts the projection engine and the reactors as a process of their own. Any number may run over the same stores:
 * each view is led by one of them, and taken over when that one falls silent.
 */
export async function startProjector(configuration: Configuration, log: Logger): Promise<RunningProjector> {
  const engines = enginesOf(configuration);
  const master = masterKey(engines.files?.folder ?? null, configuration.masterKey, (message) => log.warn(message));
  // What only asks for the health is opened before the threads: stores that cannot be used stop the start.
  const events = await openEvents(engines);
  const keys = await openKeys(engines, master, events);
  const views = await openViewReads(engines);
  const projections = new ProjectionHost(engines, master, log);
  const health = new Health({ events, views, keys: keys.vault }, projections, log);
  const ownMetrics = new ProcessMetrics();
  const metrics = new Metrics([ownMetrics], health, events, views, projections);
  const server = await serveHealth(health, metrics, configuration.port, configuration.host);
  projections.start();
  return {
    url: server.url,
    stop: async () => {
      await projections.stop();
      ownMetrics.stop();
      await server.close();
      await views.close();
      await keys.vault.close();
      await events.close();
    },
  };
}
