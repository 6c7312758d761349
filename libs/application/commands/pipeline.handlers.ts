import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { decidePipeline } from '#domain/pipeline/pipeline.decide.js';
import type { StageDefinition, StagePolicy } from '#domain/pipeline/pipeline.events.js';
import { TEMPLATES } from '#domain/pipeline/templates.js';
import { PIPELINE } from '../aggregate.js';
import { createdId, derivedId } from '../command-id.js';
import { InvalidInput } from '../errors.js';
import { CommandExecutor } from '../execute.js';
import { answer, created, PipeledgerCommand, type CommandAnswer } from './command.js';
import type { CreatePipelineBody, SetStagePolicyBody } from './pipeline.bodies.js';

export class CreatePipelineCommand extends PipeledgerCommand<CreatePipelineBody> {}
export class SetStagePolicyCommand extends PipeledgerCommand<SetStagePolicyBody> {}

@CommandHandler(CreatePipelineCommand)
export class CreatePipelineHandler implements ICommandHandler<CreatePipelineCommand> {
  constructor(private readonly commands: CommandExecutor) {}

  async execute({ id, body, request }: CreatePipelineCommand): Promise<CommandAnswer> {
    const pipelineId = id ?? createdId(request, 'pipeline');
    const outcome = await this.commands.execute(PIPELINE, pipelineId, request, (state, context) =>
      decidePipeline(
        state,
        {
          type: 'CreatePipeline',
          id: pipelineId,
          name: body.name,
          template: body.template ?? null,
          stages: stagesOf(body, pipelineId),
          moveRules: { skips: body.moveRules?.skips ?? true, stepsBack: body.moveRules?.stepsBack ?? true },
          winGates: body.winGates ?? [],
        },
        context,
      ),
    );
    return created(outcome, `/v1/pipelines/${pipelineId}`);
  }
}

/** Stage ids that are not given follow from the pipeline's id and the place, so a retry asks for the same ones. */
function stagesOf(body: CreatePipelineBody, pipelineId: string): StageDefinition[] {
  const stageId = (index: number): string => derivedId('stage', pipelineId, String(index));
  const template = body.template ?? null;
  const stages = body.stages ?? null;
  if ((template === null) === (stages === null)) {
    throw new InvalidInput('/stages', 'give either a template or stages');
  }
  if (template !== null) return TEMPLATES[template].map((stage, index) => ({ ...stage, id: stageId(index) }));
  return (stages ?? []).map((stage, index) => ({
    id: stage.id ?? stageId(index),
    name: stage.name,
    kind: stage.kind ?? 'open',
    probability: stage.probability,
    rottenAfter: stage.rottenAfter ?? null,
    maxStay: stage.maxStay ?? null,
    coverHorizon: stage.coverHorizon ?? null,
    forecastCategory: stage.forecastCategory ?? 'pipeline',
    gates: stage.gates ?? [],
  }));
}

@CommandHandler(SetStagePolicyCommand)
export class SetStagePolicyHandler implements ICommandHandler<SetStagePolicyCommand> {
  constructor(private readonly commands: CommandExecutor) {}

  async execute({ target, body, request }: SetStagePolicyCommand): Promise<CommandAnswer> {
    const { stageId, ...fields } = body;
    // What was left out is not to be changed; validation leaves such fields undefined.
    const policy: Partial<StagePolicy> = Object.fromEntries(
      Object.entries(fields).filter(([, value]) => value !== undefined),
    );
    const outcome = await this.commands.execute(PIPELINE, target, request, (state, context) =>
      decidePipeline(state, { type: 'SetStagePolicy', stageId, policy }, context),
    );
    return answer(outcome);
  }
}

export const PIPELINE_HANDLERS = [CreatePipelineHandler, SetStagePolicyHandler];
