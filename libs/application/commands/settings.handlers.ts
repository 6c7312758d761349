import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { decideSettings } from '#domain/settings/settings.decide.js';
import { SETTINGS } from '../aggregate.js';
import { CommandExecutor } from '../execute.js';
import { answer, PipeledgerCommand, type CommandAnswer } from './command.js';
import type { SettingsBody } from './settings.bodies.js';

/** Changes one policy; which one is said by the body. */
export class ChangeSettingsCommand extends PipeledgerCommand<SettingsBody> {}

@CommandHandler(ChangeSettingsCommand)
export class ChangeSettingsHandler implements ICommandHandler<ChangeSettingsCommand> {
  constructor(private readonly commands: CommandExecutor) {}

  async execute({ target, body, request }: ChangeSettingsCommand): Promise<CommandAnswer> {
    const command = body.command();
    return answer(
      await this.commands.execute(SETTINGS, target, request, (state, context) =>
        decideSettings(state, command, context),
      ),
    );
  }
}

export const SETTINGS_HANDLERS = [ChangeSettingsHandler];
