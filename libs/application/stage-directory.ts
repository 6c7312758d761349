import { currentVersion, stageIn } from '#domain/pipeline/pipeline.policy.js';
import type { PipelineState } from '#domain/pipeline/pipeline.state.js';
import type { Keyset, ViewReads } from '#view-store/port.js';
import { PIPELINES } from '#views/pipelines/pipelines.schema.js';
import { PIPELINE } from './aggregate.js';
import { awaitViews } from './await-views.js';
import type { Streams } from './streams.js';

/** A pipeline made just now is waited for so long. */
const WAIT_MS = 2_000;
const PAGE = 200;

/** Finds the pipelines that stages are of: the view names the pipelines, their streams tell the stages. */
export class StageDirectory {
  constructor(
    private readonly streams: Streams,
    private readonly views: ViewReads,
  ) {}

  /**
   * The pipelines, as they are now, that have any of the stages. A stage that none of them has is a pipeline's that the
   * view does not know yet, or nobody's: which of them shows when the view has come to what is stored now.
   * @throws ViewBehind it does not in time
   */
  async pipelinesWith(stageIds: readonly string[]): Promise<readonly PipelineState[]> {
    const { events } = this.streams;
    const head = await events.head();
    const found = await this.known(stageIds);
    const isKnown = (id: string): boolean => found.some((pipeline) => stageIn(currentVersion(pipeline), id) !== null);
    if (head === null || stageIds.every(isKnown)) return found;
    await awaitViews(events, this.views, [PIPELINES], head, WAIT_MS);
    return this.known(stageIds);
  }

  /** As far as the view goes. */
  private async known(stageIds: readonly string[]): Promise<readonly PipelineState[]> {
    const found: PipelineState[] = [];
    for (let after: Keyset | null | undefined; after !== null;) {
      const { results } = await this.views.read(PIPELINES, [
        { kind: 'find', table: 'pipeline', limit: PAGE, after: after ?? null },
      ]);
      const [page] = results;
      const loaded = await Promise.all(page.rows.map(({ id }) => this.streams.load(PIPELINE, String(id))));
      for (const { state } of loaded) {
        if (state !== null && stageIds.some((id) => stageIn(currentVersion(state), id) !== null)) found.push(state);
      }
      after = page.next;
    }
    return found;
  }
}
