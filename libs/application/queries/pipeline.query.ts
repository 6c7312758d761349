import { currentVersion } from '#domain/pipeline/pipeline.policy.js';
import { PIPELINES } from '#views/pipelines/pipelines.schema.js';
import type { ViewReads } from '#view-store/port.js';
import { PIPELINE } from '../aggregate.js';
import { NotFound } from '../errors.js';
import type { Streams } from '../streams.js';
import { Cursors } from './cursor.js';

export class PipelineQuery {
  constructor(
    private readonly streams: Streams,
    private readonly views: ViewReads,
  ) {}

  /** One pipeline as it is now. @throws NotFound */
  async pipeline(id: string) {
    const { state, revision } = await this.streams.load(PIPELINE, id);
    if (state === null) throw new NotFound();
    const { version, name, moveRules, winGates, stages } = currentVersion(state);
    return { id, revision, version, name, retired: state.retired, moveRules, winGates, stages };
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
