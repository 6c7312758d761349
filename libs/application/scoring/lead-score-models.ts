import type { Settings } from '#domain/settings/settings.js';
import type { ViewReads, ViewSchema } from '#view-store/port.js';
import { LEADS } from '#views/leads/leads.schema.js';
import { leadScoresSchema } from '#views/lead-scores/lead-scores.view.js';
import { SETTINGS } from '../aggregate.js';
import { MAIN } from '../policies.js';
import type { Streams } from '../streams.js';

/** Models are changed now and then; of older ones than this nothing is left. */
const MOST_MODELS = 20;

export interface ScoringModel {
  readonly model: Settings['scoringModel'];
  /** Revision of the settings event that set it. */
  readonly revision: number;
}

/** What a list by score is read from, and the model that it is under. */
export interface ScoredInbox {
  readonly schema: ViewSchema;
  readonly model: Settings['scoringModel'];
}

/** Before any model is set, or built, all leads are alike. */
const UNSCORED: ScoredInbox = { schema: LEADS, model: { version: 0, rules: [] } };

/** The scoring models that were set, and which of them has a view to be read. */
export class LeadScoreModels {
  readonly #positions = new Map<number, bigint>();

  constructor(private readonly streams: Streams) {}

  /** The newest first. */
  async newest(): Promise<readonly ScoringModel[]> {
    const { state } = await this.streams.load(SETTINGS, MAIN);
    const models: ScoringModel[] = [];
    let version = 0;
    for (const { revision, policies } of state?.versions ?? []) {
      const { scoringModel } = policies;
      if (scoringModel.version === version) continue;
      version = scoringModel.version;
      models.push({ model: scoringModel, revision });
    }
    return models.slice(-MOST_MODELS).reverse();
  }

  /** Whether the model's view has folded all that was there when the model was set: it can be read from then on. */
  async isBuilt(views: ViewReads, { model, revision }: ScoringModel): Promise<boolean> {
    const checkpoint = await views.checkpoint(leadScoresSchema(model.version));
    return checkpoint !== null && checkpoint.position >= (await this.#positionOf(revision));
  }

  /** The inbox under the newest model whose view is built. */
  async served(views: ViewReads): Promise<ScoredInbox> {
    for (const each of await this.newest()) {
      if (await this.isBuilt(views, each)) return { schema: leadScoresSchema(each.model.version), model: each.model };
    }
    return UNSCORED;
  }

  async #positionOf(revision: number): Promise<bigint> {
    const known = this.#positions.get(revision);
    if (known !== undefined) return known;
    const [event] = await this.streams.events.readStream(SETTINGS.stream(MAIN), { from: revision, limit: 1 });
    if (event === undefined) throw new Error(`the settings have no revision ${revision}`);
    this.#positions.set(revision, event.position);
    return event.position;
  }
}
