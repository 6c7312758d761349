import fc from 'fast-check';
import { foldPipeline } from '#domain/pipeline/pipeline.evolve.js';
import { decode } from '#event-store/codec.js';
import { isPipelineEvent } from '../domain-event.js';
import { folded } from '../testing/folded.js';
import { recorded } from '../testing/histories.js';
import type { Happening } from '../testing/histories.js';
import { pipelineCreated, pipelineHistories, policySet } from '../testing/pipeline-histories.js';
import { PIPELINES_VIEW } from './pipelines.view.js';

const created: Happening = { ...pipelineCreated('New business'), occurredAt: '2026-01-01T00:00:00.000Z' };
const changed: Happening = { ...policySet('demo', 0.5), occurredAt: '2026-02-01T00:00:00.000Z' };
const unknown: Happening = { type: 'PipelineTeleported', data: {}, occurredAt: '2026-02-01T00:00:00.000Z' };

function listed(...happenings: Happening[]) {
  return folded(PIPELINES_VIEW, recorded('pipeline-p1', happenings)).rows('pipeline');
}

describe('the list of pipelines', () => {
  it('shows a new pipeline in its first version', () => {
    expect(listed(created)).toEqual([
      { id: 'p1', name: 'New business', retired: 0, version: 1, createdAt: Date.parse('2026-01-01T00:00:00.000Z') },
    ]);
  });

  it('shows the version in force', () => {
    expect(listed(created, changed, changed).map(({ version }) => version)).toEqual([3]);
  });

  it('passes over what a newer version wrote', () => {
    expect(listed(created, unknown)).toEqual(listed(created));
  });

  it('refuses a stream that does not begin with the creation', () => {
    expect(() => listed(unknown)).toThrow('pipeline-p1: begins with PipelineTeleported');
    expect(() => listed(changed)).toThrow('pipeline-p1: StagePolicySet before PipelineCreated');
    expect(() => listed(created, created)).toThrow('pipeline-p1: PipelineCreated again');
  });

  it('says what the domain’s fold says', () => {
    fc.assert(
      fc.property(pipelineHistories, (log) => {
        for (const row of folded(PIPELINES_VIEW, log).rows('pipeline')) {
          const events = log
            .filter(({ stream }) => stream === `pipeline-${row.id}`)
            .map(decode)
            .filter(isPipelineEvent);
          const pipeline = foldPipeline(events, String(row.id));
          const version = pipeline?.versions.at(-1);
          expect(row).toMatchObject({
            name: version?.name,
            version: version?.version,
            retired: pipeline?.retired === true ? 1 : 0,
            createdAt: pipeline?.versions[0]?.from,
          });
        }
      }),
    );
  });
});
