import type { Type } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { CommandContext, Decision, DomainEvent } from '#domain/shared/decision.js';
import type { Aggregate } from '../aggregate.js';
import { CommandExecutor } from '../execute.js';
import type { CommandRequest } from '../request.js';
import { answer, type CommandAnswer, type PipeledgerCommand } from './command.js';

type CommandClass<Body extends object> = new (
  id: string | null,
  body: Body,
  request: CommandRequest,
) => PipeledgerCommand<Body>;

/**
 * Makes the handlers of commands that an aggregate decides from its own state alone: all that is left to say is which
 * command a body asks for, and what is answered beside id, revision and position.
 */
export function handlersOf<State, Command>(
  aggregate: Aggregate<State>,
  decide: (state: State | null, command: Command, context: CommandContext) => Decision<DomainEvent>,
) {
  return <Body extends object, C extends Command>(
    type: CommandClass<Body>,
    commandOf: (body: Body, request: CommandRequest) => C,
    more: (command: C) => Record<string, unknown> = () => ({}),
  ): Type<ICommandHandler<PipeledgerCommand<Body>>> => {
    @CommandHandler(type)
    class OwnStateHandler implements ICommandHandler<PipeledgerCommand<Body>> {
      constructor(private readonly commands: CommandExecutor) {}

      async execute({ target, body, request }: PipeledgerCommand<Body>): Promise<CommandAnswer> {
        const command = commandOf(body, request);
        const outcome = await this.commands.execute(aggregate, target, request, (state, context) =>
          decide(state, command, context),
        );
        return answer(outcome, more(command));
      }
    }
    return OwnStateHandler;
  };
}
