import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { decideDeal } from '#domain/deal/deal.decide.js';
import { DEAL } from '../aggregate.js';
import { CommandExecutor } from '../execute.js';
import { StreamPolicies } from '../policies.js';
import { answer, PipeledgerCommand, type CommandAnswer } from './command.js';
import type { SwitchPipelineBody } from './deal.bodies.js';

export class SwitchPipelineCommand extends PipeledgerCommand<SwitchPipelineBody> {}

@CommandHandler(SwitchPipelineCommand)
export class SwitchPipelineHandler implements ICommandHandler<SwitchPipelineCommand> {
  constructor(
    private readonly commands: CommandExecutor,
    private readonly policies: StreamPolicies,
  ) {}

  async execute({ target, body, request }: SwitchPipelineCommand): Promise<CommandAnswer> {
    const { pipelineId, stageId = null, override = null } = body;
    const outcome = await this.commands.execute(DEAL, target, request, async (state, context) => {
      const pipeline = await this.policies.recentPipeline(pipelineId);
      return decideDeal(state, { type: 'SwitchPipeline', pipeline, stageId, override }, context);
    });
    return answer(outcome);
  }
}
