import { currentVersion, versionAt } from '#domain/pipeline/pipeline.policy.js';
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
  ) {}

  /** One pipeline as it is now, or as boards and reports read it at an instant. @throws NotFound */
  async pipeline(id: string, asOf: EpochMs | null = null) {
    const { state } = await this.streams.load(PIPELINE, id);
    if (state === null) throw new NotFound();
    const inForce = asOf === null ? currentVersion(state) : versionAt(state, asOf);
    const { revision, version, name, moveRules, winGates, stages } = inForce;
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
