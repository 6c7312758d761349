import { randomUUID } from 'node:crypto';
import { decidePipeline } from '#domain/pipeline/pipeline.decide.js';
import { create, stage } from '#domain/shared/testing/pipelines.js';
import { ProjectionEngine } from '#projection/engine.js';
import { PIPELINES } from '#views/pipelines/pipelines.schema.js';
import { PIPELINES_VIEW } from '#views/pipelines/pipelines.view.js';
import { PIPELINE } from './aggregate.js';
import { ViewBehind } from './errors.js';
import { CommandExecutor } from './execute.js';
import { StageDirectory } from './stage-directory.js';
import { Streams } from './streams.js';
import { TEXTS } from './testing/personal.js';
import { projectedLog, type ProjectedLog } from './testing/projected-log.js';
import { keyedRequest } from './testing/requests.js';

let rig: ProjectedLog;
let directory: StageDirectory;
let engine: ProjectionEngine;
beforeEach(async () => {
  // Nothing keeps the view up to date before the engine is started.
  rig = await projectedLog([]);
  await rig.views.prepare(PIPELINES);
  directory = new StageDirectory(new Streams(rig.log.store, TEXTS), rig.views);
  engine = new ProjectionEngine({ events: rig.log.store, views: rig.views, definitions: [PIPELINES_VIEW] });
});
afterEach(async () => {
  await engine.stop();
  await rig.remove();
});

async function made(id: string, ...stages: string[]): Promise<void> {
  const commands = new CommandExecutor(new Streams(rig.log.store, TEXTS), undefined, 60_000);
  await commands.execute(PIPELINE, id, keyedRequest(randomUUID()), (before, context) =>
    decidePipeline(before, create({ id, stages: stages.map((one) => stage(one)) }), context),
  );
}
const withStages = async (...ids: string[]): Promise<string[]> =>
  (await directory.pipelinesWith(ids)).map(({ id }) => id).sort();

describe('the directory of stages', () => {
  it('tells nothing of a log without events', async () => {
    expect(await withStages('prospect')).toEqual([]);
  });

  it('finds the pipelines that have any of the stages', async () => {
    await made('one', 'a', 'b');
    await made('two', 'c');
    await made('three', 'd');
    await engine.start();
    expect(await withStages('b', 'c')).toEqual(['one', 'two']);
    expect(await withStages('d')).toEqual(['three']);
  });

  it('waits for a pipeline that was made just now', async () => {
    await made('one', 'a');
    const found = withStages('a');
    await engine.start();
    expect(await found).toEqual(['one']);
  });

  it('calls a stage unknown only when it has seen all that is stored', async () => {
    await made('one', 'a');
    await expect(withStages('nowhere')).rejects.toThrow(ViewBehind);
    await engine.start();
    expect(await withStages('nowhere')).toEqual([]);
    expect(await withStages('nowhere', 'a')).toEqual(['one']);
  });

  it('does not wait for what it need not know', async () => {
    await made('one', 'a');
    await engine.start();
    await directory.pipelinesWith(['a']);
    await engine.stop();
    await made('two', 'b');
    expect(await withStages('a')).toEqual(['one']);
    await expect(withStages('a', 'b')).rejects.toMatchObject({ view: 'pipelines', position: 1n, head: 2n });
  });
});
