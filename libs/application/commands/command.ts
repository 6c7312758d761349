import { Command } from '@nestjs/cqrs';
import type { Outcome } from '../execute.js';
import type { CommandRequest } from '../request.js';

/** What a command answers, over whatever entrance it came. */
export interface CommandAnswer {
  /** 201 for a creation, else 200. */
  readonly status: 200 | 201;
  readonly body: { readonly id: string; readonly revision: number; readonly position: string } & Record<
    string,
    unknown
  >;
  /** Path of what was created. */
  readonly location: string | null;
  readonly replayed: boolean;
}

/** A command on its way through the bus: which resource, what, by whom. */
export abstract class PipeledgerCommand<Body extends object> extends Command<CommandAnswer> {
  constructor(
    /** Null on a creation whose id is to be made. */
    readonly id: string | null,
    readonly body: Body,
    readonly request: CommandRequest,
  ) {
    super();
  }

  /** Id of the resource that the command is for. */
  get target(): string {
    if (this.id === null) throw new Error(`${this.constructor.name} needs a resource`);
    return this.id;
  }
}

export function answer(outcome: Outcome<unknown>, more: Record<string, unknown> = {}): CommandAnswer {
  return {
    status: 200,
    body: { id: outcome.id, revision: outcome.revision, position: String(outcome.position), ...more },
    location: null,
    replayed: outcome.replayed,
  };
}

export function created(outcome: Outcome<unknown>, location: string): CommandAnswer {
  return { ...answer(outcome), status: 201, location };
}
