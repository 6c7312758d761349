import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { decidePipeline } from '#domain/pipeline/pipeline.decide.js';
import type { CreatePipeline, PipelineCommand } from '#domain/pipeline/pipeline.commands.js';
import type { PlaybookStep, StageDefinition, StagePolicy } from '#domain/pipeline/pipeline.events.js';
import { TEMPLATES } from '#domain/pipeline/templates.js';
import { PIPELINE } from '../aggregate.js';
import { createdId, derivedId } from '../command-id.js';
import { InvalidInput } from '../errors.js';
import { CommandExecutor } from '../execute.js';
import { StageDirectory } from '../stage-directory.js';
import { answer, created, PipeledgerCommand, type CommandAnswer } from './command.js';
import type {
  AddStageBody,
  CreatePipelineBody,
  PlaybookStepBody,
  RenamePipelineBody,
  RenameStageBody,
  ReorderStagesBody,
  RetirePipelineBody,
  RetireStageBody,
  SetMoveRulesBody,
  SetStagePolicyBody,
  StageBody,
} from './pipeline.bodies.js';

export class CreatePipelineCommand extends PipeledgerCommand<CreatePipelineBody> {}
export class SetStagePolicyCommand extends PipeledgerCommand<SetStagePolicyBody> {}
export class AddStageCommand extends PipeledgerCommand<AddStageBody> {}
export class RenameStageCommand extends PipeledgerCommand<RenameStageBody> {}
export class ReorderStagesCommand extends PipeledgerCommand<ReorderStagesBody> {}
export class RetireStageCommand extends PipeledgerCommand<RetireStageBody> {}
export class RetirePipelineCommand extends PipeledgerCommand<RetirePipelineBody> {}
export class SetMoveRulesCommand extends PipeledgerCommand<SetMoveRulesBody> {}
export class RenamePipelineCommand extends PipeledgerCommand<RenamePipelineBody> {}

/** Runs a command on a pipeline that exists. */
async function run(
  commands: CommandExecutor,
  { target, request }: PipeledgerCommand<object>,
  command: Exclude<PipelineCommand, CreatePipeline>,
  more: Record<string, unknown> = {},
): Promise<CommandAnswer> {
  const outcome = await commands.execute(PIPELINE, target, request, (state, context) =>
    decidePipeline(state, command, context),
  );
  return answer(outcome, more);
}

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
  return (stages ?? []).map((stage, index) => stageOf(stage, stage.id ?? stageId(index)));
}

function stageOf(body: StageBody, id: string): StageDefinition {
  return {
    id,
    name: body.name,
    kind: body.kind ?? 'open',
    probability: body.probability,
    rottenAfter: body.rottenAfter ?? null,
    maxStay: body.maxStay ?? null,
    coverHorizon: body.coverHorizon ?? null,
    forecastCategory: body.forecastCategory ?? 'pipeline',
    gates: body.gates ?? [],
    ...(body.playbook?.length ? { playbook: playbookOf(body.playbook) } : {}),
    ...(body.probabilityFrom === 'historical' ? { probabilityFrom: body.probabilityFrom } : {}),
  };
}

function playbookOf(steps: readonly PlaybookStepBody[]): PlaybookStep[] {
  return steps.map(({ kind, subject, afterDays }) => ({ kind, subject, afterDays }));
}

@CommandHandler(SetStagePolicyCommand)
export class SetStagePolicyHandler implements ICommandHandler<SetStagePolicyCommand> {
  constructor(private readonly commands: CommandExecutor) {}

  execute(command: SetStagePolicyCommand): Promise<CommandAnswer> {
    const { stageId, playbook, ...given } = command.body;
    const fields = { ...given, playbook: playbook && playbookOf(playbook) };
    // What was left out is not to be changed; validation leaves such fields undefined.
    const policy: Partial<StagePolicy> = Object.fromEntries(
      Object.entries(fields).filter(([, value]) => value !== undefined),
    );
    return run(this.commands, command, { type: 'SetStagePolicy', stageId, policy });
  }
}

@CommandHandler(AddStageCommand)
export class AddStageHandler implements ICommandHandler<AddStageCommand> {
  constructor(private readonly commands: CommandExecutor) {}

  execute(command: AddStageCommand): Promise<CommandAnswer> {
    const { stage, after } = command.body;
    const stageId = stage.id ?? createdId(command.request, 'stage');
    const addStage = { type: 'AddStage', stage: stageOf(stage, stageId), after: after ?? null } as const;
    return run(this.commands, command, addStage, { stageId });
  }
}

@CommandHandler(RenameStageCommand)
export class RenameStageHandler implements ICommandHandler<RenameStageCommand> {
  constructor(private readonly commands: CommandExecutor) {}

  execute(command: RenameStageCommand): Promise<CommandAnswer> {
    const { stageId, name } = command.body;
    return run(this.commands, command, { type: 'RenameStage', stageId, name });
  }
}

@CommandHandler(ReorderStagesCommand)
export class ReorderStagesHandler implements ICommandHandler<ReorderStagesCommand> {
  constructor(private readonly commands: CommandExecutor) {}

  execute(command: ReorderStagesCommand): Promise<CommandAnswer> {
    return run(this.commands, command, { type: 'ReorderStages', stageIds: command.body.stageIds });
  }
}

@CommandHandler(RetireStageCommand)
export class RetireStageHandler implements ICommandHandler<RetireStageCommand> {
  constructor(private readonly commands: CommandExecutor) {}

  execute(command: RetireStageCommand): Promise<CommandAnswer> {
    const { stageId, relocateTo } = command.body;
    return run(this.commands, command, { type: 'RetireStage', stageId, relocateTo });
  }
}

@CommandHandler(RetirePipelineCommand)
export class RetirePipelineHandler implements ICommandHandler<RetirePipelineCommand> {
  constructor(
    private readonly commands: CommandExecutor,
    private readonly directory: StageDirectory,
  ) {}

  async execute(command: RetirePipelineCommand): Promise<CommandAnswer> {
    const { mapping } = command.body;
    const targets = await this.directory.pipelinesWith(mapping.map(({ to }) => to));
    return run(this.commands, command, { type: 'RetirePipeline', mapping, targets });
  }
}

@CommandHandler(SetMoveRulesCommand)
export class SetMoveRulesHandler implements ICommandHandler<SetMoveRulesCommand> {
  constructor(private readonly commands: CommandExecutor) {}

  execute(command: SetMoveRulesCommand): Promise<CommandAnswer> {
    const { skips, stepsBack, winGates } = command.body;
    return run(this.commands, command, {
      type: 'SetMoveRules',
      moveRules: { skips, stepsBack },
      winGates: winGates ?? null,
    });
  }
}

@CommandHandler(RenamePipelineCommand)
export class RenamePipelineHandler implements ICommandHandler<RenamePipelineCommand> {
  constructor(private readonly commands: CommandExecutor) {}

  execute(command: RenamePipelineCommand): Promise<CommandAnswer> {
    return run(this.commands, command, { type: 'RenamePipeline', name: command.body.name });
  }
}

export const PIPELINE_HANDLERS = [
  CreatePipelineHandler,
  SetStagePolicyHandler,
  AddStageHandler,
  RenameStageHandler,
  ReorderStagesHandler,
  RetirePipelineHandler,
  RetireStageHandler,
  SetMoveRulesHandler,
  RenamePipelineHandler,
];
