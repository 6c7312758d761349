import type { EventStore } from '#event-store/port.js';
import { exposition, gauge, type Family, type Sample } from '#platform/metrics/exposition.js';
import type { ViewReads } from '#view-store/port.js';
import { ALL_VIEWS } from '#views/all-views.js';
import type { Health } from '../health.js';
import type { ProjectionHost } from '../projection-host.js';

/** A part of the process that keeps account of itself. */
export interface Accounts {
  families(): readonly Family[];
}

/** All that `/metrics` tells. */
export class Metrics {
  constructor(
    private readonly accounts: readonly Accounts[],
    private readonly health: Health,
    private readonly events: EventStore,
    private readonly views: ViewReads,
    /** Null when other processes project: positions are then all that is known of the views. */
    private readonly projections: ProjectionHost | null,
  ) {}

  /** Prometheus text. What a store that does not answer would have told is left out. */
  async text(): Promise<string> {
    const checks = await this.health.checks();
    const answers = (store: string) => checks.some(({ name, ok }) => name === store && ok);
    const head = answers('event-store') ? await this.events.head().catch(() => null) : null;
    return exposition([
      ...this.accounts.flatMap((part) => part.families()),
      {
        name: 'pipeledger_check_ok',
        type: 'gauge',
        help: '1: this part of /health/ready is well.',
        samples: checks.map(({ name, ok }) => ({ labels: { check: name }, value: ok ? 1 : 0 })),
      },
      ...(head === null ? [] : [gauge('pipeledger_log_position', 'Of the last event.', Number(head))]),
      ...(await this.#viewFamilies(answers('view-store'))),
    ]);
  }

  async #viewFamilies(answers: boolean): Promise<readonly Family[]> {
    const positions: Sample[] = [];
    for (const { schema } of answers ? ALL_VIEWS : []) {
      const checkpoint = await this.views.checkpoint(schema).catch(() => null);
      if (checkpoint !== null) positions.push({ labels: { view: schema.view }, value: Number(checkpoint.position) });
    }
    const position: Family = {
      name: 'pipeledger_view_position',
      type: 'gauge',
      help: 'Of the last event that is in the view.',
      samples: positions,
    };
    const status = this.projections?.status() ?? [];
    const lags = status.flatMap(({ view, secondsBehind }) =>
      secondsBehind === null ? [] : [{ labels: { view }, value: secondsBehind }],
    );
    const parked = status.map((each) => ({ labels: { view: each.view }, value: each.parked }));
    return [
      position,
      {
        name: 'pipeledger_view_lag_seconds',
        type: 'gauge',
        help: '0: caught up; else the age of the last event that is in the view.',
        samples: lags,
      },
      {
        name: 'pipeledger_view_parked_keys',
        type: 'gauge',
        help: 'Keys whose events wait because one of them cannot be folded.',
        samples: parked,
      },
    ];
  }
}
