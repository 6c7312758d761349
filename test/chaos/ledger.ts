import { commandIdOf } from '#application/command-id.js';
import type { Answer } from '../support/client.js';

/** The actor that test servers take the administrator's key for. */
const ACTOR = { id: 'admin', kind: 'api-key' } as const;

export type CommandKind =
  | 'create-pipeline'
  | 'capture'
  | 'qualify'
  | 'note-lead'
  | 'convert'
  | 'open'
  | 'move-stage'
  | 'note-deal'
  | 'change-value'
  | 'assign'
  | 'win'
  | 'lose'
  | 'reopen';

/** A command as it was sent: again and again under one key, until it was answered. */
export interface SentCommand {
  readonly id: string;
  readonly kind: CommandKind;
  readonly path: string;
  readonly key: string;
  readonly body: Readonly<Record<string, unknown>>;
  /** Null: nobody knows what became of it. */
  answer: Answer | null;
}

/** What the writers know: what they sent, what they were answered, which leads and deals there are. */
export class Ledger {
  readonly commands = new Map<string, SentCommand>();
  readonly pipelines: { readonly id: string; readonly stages: readonly string[] }[] = [];
  readonly leads: string[] = [];
  /** Leads that were told to be qualified. */
  readonly qualified: string[] = [];
  readonly deals: string[] = [];
  /** How many commands were acknowledged. */
  answers = 0;
  #keys = 0;

  /** Notes a command that is about to be sent under a new key. */
  sending(kind: CommandKind, path: string, body: Readonly<Record<string, unknown>>): SentCommand {
    const key = `key-${++this.#keys}`;
    const command = { id: commandIdOf(ACTOR, 'POST', path, key), kind, path, key, body, answer: null };
    this.commands.set(command.id, command);
    return command;
  }

  answered(command: SentCommand, answer: Answer): void {
    command.answer = answer;
    if (answer.status >= 300) return;
    this.answers += 1;
    const { id } = answer.body;
    if (command.kind === 'capture') this.leads.push(id);
    if (command.kind === 'qualify') this.qualified.push(id);
    if (command.kind === 'open') this.deals.push(id);
    if (command.kind === 'convert') this.deals.push(answer.body.deal.id);
  }

  /** Commands whose outcome nobody knows. */
  unanswered(): SentCommand[] {
    return [...this.commands.values()].filter(({ answer }) => answer === null);
  }

  acknowledged(): SentCommand[] {
    return [...this.commands.values()].filter(({ answer }) => answer !== null && answer.status < 300);
  }
}
