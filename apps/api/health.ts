import type { EventStore } from '#event-store/port.js';
import type { ViewReads } from '#view-store/port.js';
import { ALL_VIEWS } from '#views/all-views.js';
import type { ProjectionHost } from './projection-host.js';

export interface Check {
  readonly name: string;
  readonly ok: boolean;
  readonly detail: string;
}

/** Whether the process can do its work, part by part. */
export class Health {
  constructor(
    private readonly events: EventStore,
    private readonly views: ViewReads,
    /** Null when other processes project. */
    private readonly projections: ProjectionHost | null,
  ) {}

  async checks(): Promise<readonly Check[]> {
    return [
      await attempt('event-store', async () => void (await this.events.head())),
      // Damage shows in one view and not in the others.
      await attempt('view-store', async () => {
        for (const { schema } of ALL_VIEWS) await this.views.checkpoint(schema);
      }),
      ...this.#projectionChecks(),
    ];
  }

  #projectionChecks(): Check[] {
    if (this.projections === null) return [];
    const status = this.projections.status();
    if (status === null) return [{ name: 'projections', ok: false, detail: 'the projection thread does not answer' }];
    return status.map(({ view, error, moving, secondsBehind }) => {
      // A view of which nothing is known yet is one that another process leads, or that has just been started.
      const stuck = secondsBehind !== null && secondsBehind > 0 && !moving;
      const detail = error ?? (stuck ? `behind by ${secondsBehind.toFixed(1)} s and not moving` : 'moving');
      return { name: `view ${view}`, ok: error === null && !stuck, detail };
    });
  }
}

async function attempt(name: string, ask: () => Promise<void>): Promise<Check> {
  try {
    await ask();
    return { name, ok: true, detail: 'answers' };
  } catch {
    // The reason may hold addresses or credentials; it is in the log, not here.
    return { name, ok: false, detail: 'does not answer' };
  }
}
