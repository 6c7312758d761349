import { currentVersion, stageIn } from '#domain/pipeline/pipeline.policy.js';
import type { PipelineState } from '#domain/pipeline/pipeline.state.js';
import { waitForPosition } from '#projection/wait-for.js';
import type { Keyset, ViewReads } from '#view-store/port.js';
import { PIPELINES } from '#views/pipelines/pipelines.schema.js';
import { PIPELINE } from './aggregate.js';
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

  /** The pipelines, as they are now, that have any of the stages. */
  async pipelinesWith(stageIds: readonly string[]): Promise<readonly PipelineState[]> {
    const head = await this.streams.events.head();
    if (head !== null) await waitForPosition(this.views, [PIPELINES], head, WAIT_MS);
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
