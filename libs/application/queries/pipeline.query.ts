import { currentVersion, versionAt } from '#domain/pipeline/pipeline.policy.js';
import type { PipelineState, PipelineVersion } from '#domain/pipeline/pipeline.state.js';
import type { Policies } from '#reports/policies.js';
import { probabilitiesOfDay } from '#reports/probability/stage-probabilities.js';
import { DEALS } from '#views/deals/deals.schema.js';
import { PIPELINES } from '#views/pipelines/pipelines.schema.js';
import type { ViewReads } from '#view-store/port.js';
import type { EpochMs } from '#domain/shared/decision.js';
import { PIPELINE } from '../aggregate.js';
import { NotFound } from '../errors.js';
import type { Streams } from '../streams.js';
import { Cursors } from './cursor.js';

export class PipelineQuery {
  constructor(
    private readonly streams: Streams,
    private readonly views: ViewReads,
    private readonly policies: Policies,
  ) {}

  /** One pipeline as it is now, or as boards and reports read it at an instant. @throws NotFound */
  async pipeline(id: string, asOf: EpochMs | null = null) {
    const { state } = await this.streams.load(PIPELINE, id);
    if (state === null) throw new NotFound();
    const inForce = asOf === null ? currentVersion(state) : versionAt(state, asOf);
    const { revision, version, name, moveRules, winGates } = inForce;
    const left = asOf === null ? await this.#left(id, state, inForce) : new Map<string, number>();
    const { timeZone } = await this.policies.settings();
    const historical = await probabilitiesOfDay(this.views, state, inForce, asOf ?? Date.now(), timeZone);
    const stages = inForce.stages.map((stage) => {
      const deals = left.get(stage.id);
      const { probabilityFrom = 'fixed', playbook = [] } = stage;
      return {
        ...stage,
        probabilityFrom,
        playbook,
        historical: probabilityFrom === 'historical' ? (historical.get(stage.id) ?? null) : null,
        relocating: deals === undefined ? null : { left: deals },
      };
    });
    const retired = asOf === null ? state.retired : state.retirement !== undefined && state.retirement.from <= asOf;
    return { id, revision, version, name, retired, moveRules, winGates, stages };
  }

  /** How many deals are still to be relocated from each stage that is retired, alone or with its pipeline, as the boards count them. */
  async #left(id: string, state: PipelineState, { stages }: PipelineVersion): Promise<ReadonlyMap<string, number>> {
    const retired = stages.filter((stage) => state.retired || stage.retired).map((stage) => stage.id);
    if (retired.length === 0) return new Map();
    const { results } = await this.views.read(DEALS, [
      {
        kind: 'sum',
        counter: 'column',
        where: { columns: { board: id, stage: { in: retired } } },
        groupBy: ['stage'],
        sums: ['count'],
      },
    ]);
    const counts = new Map(results[0].map(({ key, sums }) => [String(key['stage']), Number(sums['count'] ?? 0n)]));
    return new Map(retired.map((stageId) => [stageId, counts.get(stageId) ?? 0]));
  }

  /** All pipelines, by name. */
  async list(limit: number, cursor: string | null) {
    const cursors = new Cursors(PIPELINES, null);
    const { results } = await this.views.read(PIPELINES, [
      { kind: 'find', table: 'pipeline', sort: [{ column: 'name' }], limit, after: cursors.decode(cursor) },
    ]);
    const [page] = results;
    return {
      items: await Promise.all(page.rows.map((row) => this.pipeline(String(row.id)))),
      next: cursors.encode(page.next),
    };
  }
}
