import { setTimeout as sleep } from 'node:timers/promises';
import { ProjectionEngine, type EngineSettings } from '#projection/engine.js';
import { retire } from '#projection/retire.js';
import type { ViewStatus } from '#projection/progress.js';
import { leadScoresSchema, leadScoresView } from '#views/lead-scores/lead-scores.view.js';
import type { LeadScoreModels, ScoringModel } from './lead-score-models.js';

/** How soon a changed model is noticed. */
const TURN_MS = 500;
/** Somebody may be reading the view that was just replaced. */
const GRACE_MS = 10_000;
const LEASE_MS = 10_000;

/**
 * Keeps the inbox by score: the view of the newest model, and until that one is built the view of the model before. A
 * replaced view is dropped. Several processes may do so at once; each view is led by one of them.
 */
export class LeadScoreProjection {
  readonly #engines = new Map<number, ProjectionEngine>();
  #builtAt: { readonly version: number; readonly at: number } | null = null;

  /** `around`: the stores, and how the engines are to run. */
  constructor(
    private readonly models: LeadScoreModels,
    private readonly around: Omit<EngineSettings, 'definitions'>,
  ) {}

  /** Runs until the signal. Never throws: what goes wrong is logged and tried again. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        await this.#turn();
      } catch (error) {
        const message = 'the inbox by score cannot be kept';
        this.around.log?.({ level: 'error', view: 'lead-scores', message, error });
      }
      await sleep(TURN_MS, undefined, { signal }).catch(() => undefined);
    }
    for (const engine of this.#engines.values()) await engine.stop();
    this.#engines.clear();
  }

  status(): readonly ViewStatus[] {
    return [...this.#engines.values()].flatMap((engine) => engine.status());
  }

  async #turn(): Promise<void> {
    const [newest, ...older] = await this.models.newest();
    if (newest === undefined) return;
    await this.#keep(newest);
    const { version } = newest.model;
    if (!(await this.models.isBuilt(this.around.views, newest))) {
      const before = await this.#lastStored(older);
      if (before !== null) await this.#keep(before);
      return;
    }
    if (this.#builtAt?.version !== version) this.#builtAt = { version, at: performance.now() };
    if (performance.now() - this.#builtAt.at < GRACE_MS) return;
    for (const each of older) await this.#retire(each);
  }

  async #keep({ model }: ScoringModel): Promise<void> {
    if (this.#engines.has(model.version)) return;
    const engine = new ProjectionEngine({ ...this.around, definitions: [leadScoresView(model)] });
    await engine.start();
    this.#engines.set(model.version, engine);
  }

  async #lastStored(older: readonly ScoringModel[]): Promise<ScoringModel | null> {
    for (const each of older) {
      if ((await this.around.views.checkpoint(leadScoresSchema(each.model.version))) !== null) return each;
    }
    return null;
  }

  /** Who still leads it retires it later. */
  async #retire({ model }: ScoringModel): Promise<void> {
    const { views } = this.around;
    await this.#engines.get(model.version)?.stop();
    this.#engines.delete(model.version);
    const schema = leadScoresSchema(model.version);
    if ((await views.checkpoint(schema)) === null) return;
    await retire(views, schema, `retire:${process.pid}:${model.version}`, LEASE_MS);
  }
}
