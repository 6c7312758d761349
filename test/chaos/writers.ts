import type { Answer, Client } from '../support/client.js';
import type { Ledger, SentCommand } from './ledger.js';
import type { Random } from './random.js';
import { randomCommand } from './traffic.js';

/** Something that must never be happened. The message says what, and where. */
export class Violation extends Error {
  override readonly name = 'Violation';
}

export interface Writing {
  /** Each command goes to one of them, by chance. */
  readonly clients: readonly Client[];
  readonly ledger: Ledger;
  readonly random: Random;
  readonly writers: number;
  /** All writers together send at most this many. */
  readonly commands: number;
}

/** Sends commands from many writers at once, each waiting for its answers, until all are sent or no server answers. */
export async function write({ clients, ledger, random, writers, commands }: Writing): Promise<void> {
  let left = commands;
  const writer = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      const answered = await send(random.pick(clients), ledger, randomCommand(random, ledger));
      // With one server that is its end; with several the next command may meet another one.
      if (!answered && clients.length === 1) return;
    }
  };
  await Promise.all(Array.from({ length: writers }, writer));
}

/**
 * Sends a command, for the first time or again, and notes the answer.
 * @returns whether its outcome is known
 * @throws Violation the answer is one that a healthy server never gives
 */
export async function send(client: Client, ledger: Ledger, command: SentCommand): Promise<boolean> {
  const answer = await post(client, command);
  if (answer === null || isUnknown(answer)) return false;
  if (answer.status >= 500 || answer.status === 429 || answer.status === 400) {
    const said = JSON.stringify(answer.body);
    throw new Violation(`${command.path} under ${command.key} was answered ${answer.status}: ${said}`);
  }
  ledger.answered(command, answer);
  return true;
}

/** Null when the connection broke before the whole answer was there. */
export async function post(client: Client, { path, body, key }: SentCommand): Promise<Answer | null> {
  try {
    return await client.post(path, body, { headers: { 'Idempotency-Key': key } });
  } catch {
    return null;
  }
}

function isUnknown({ status, body }: Answer): boolean {
  return status === 503 && ['outcome-unknown', 'store-unavailable'].includes(body.code);
}
