import type { EventStore } from '#event-store/port.js';
import { CHECK_ID } from '#platform/key-vault/key-ring.js';
import type { KeyVault } from '#platform/key-vault/port.js';
import type { Logger } from '#platform/logger.js';
import type { ViewReads } from '#view-store/port.js';
import { ALL_VIEWS } from '#views/all-views.js';
import type { ProjectionHost } from './projection-host.js';

export interface Check {
  readonly name: string;
  readonly ok: boolean;
  readonly detail: string;
}

export type Readiness =
  { readonly status: 'ready' } | { readonly status: 'not-ready'; readonly checks: readonly Check[] };

/** What has to answer. */
export interface CheckedStores {
  readonly events: EventStore;
  readonly views: ViewReads;
  readonly keys: KeyVault;
}

/** A store that has not answered by then is told of as one that does not. */
const ANSWER_WITHIN_MS = 2_000;

class Late extends Error {}

/** Whether the process can do its work, part by part. */
export class Health {
  /** Questions that wait for an answer: however often the health is asked, a store is asked once at a time. */
  readonly #asking = new Map<string, Promise<void>>();
  readonly #failing = new Set<string>();

  constructor(
    private readonly on: CheckedStores,
    /** Null when other processes project. */
    private readonly projections: ProjectionHost | null,
    private readonly log: Logger,
  ) {}

  /** What is wrong, if something is. */
  async readiness(): Promise<Readiness> {
    const checks = (await this.checks()).filter(({ ok }) => !ok);
    return checks.length === 0 ? { status: 'ready' } : { status: 'not-ready', checks };
  }

  async checks(): Promise<readonly Check[]> {
    const stores = await Promise.all([
      this.#attempt('event-store', async () => void (await this.on.events.head())),
      // Damage shows in one view and not in the others.
      this.#attempt('view-store', async () => {
        for (const { schema } of ALL_VIEWS) await this.on.views.checkpoint(schema);
      }),
      this.#attempt('key-vault', async () => void (await this.on.keys.get([CHECK_ID]))),
    ]);
    return [...stores, ...this.#projectionChecks()];
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

  async #attempt(name: string, ask: () => Promise<void>): Promise<Check> {
    try {
      await inTime(this.#ask(name, ask));
      if (this.#failing.delete(name)) this.log.info(`the ${name} answers again`);
      return { name, ok: true, detail: 'answers' };
    } catch (error) {
      // The reason may hold addresses: it is in the log, not here.
      if (!this.#failing.has(name)) this.log.error({ err: error }, `the ${name} does not answer`);
      this.#failing.add(name);
      return { name, ok: false, detail: error instanceof Late ? 'does not answer in time' : 'does not answer' };
    }
  }

  #ask(name: string, ask: () => Promise<void>): Promise<void> {
    const underWay = this.#asking.get(name);
    if (underWay !== undefined) return underWay;
    const asking = ask().finally(() => this.#asking.delete(name));
    this.#asking.set(name, asking);
    return asking;
  }
}

async function inTime(work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Late(`no answer within ${ANSWER_WITHIN_MS} ms`)), ANSWER_WITHIN_MS);
  });
  try {
    await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
