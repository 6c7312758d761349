import { v4, v5, v7 } from 'uuid';
import type { Actor } from '#domain/shared/decision.js';

/** Namespace of all ids that Pipeledger derives (a random UUID, fixed for ever: stored ids depend on it). */
const NAMESPACE = '5b0c8a4e-6f0d-4e5c-9c58-1f2f6f4d7a31';

/** Derives an id from the parts; the same parts give the same id. */
export function derivedId(...parts: readonly string[]): string {
  return v5(JSON.stringify(parts), NAMESPACE);
}

/**
 * The id of a command. Keys are nobody else's: the same key of another actor, method or path is another command.
 * Without a key every request is a command of its own.
 */
export function commandIdOf(actor: Actor, method: string, path: string, idempotencyKey: string | null): string {
  return idempotencyKey === null ? v4() : derivedId('command', actor.kind, actor.id, method, path, idempotencyKey);
}

/**
 * The id of something that a command creates when the client did not choose one: with a key derived from the command,
 * so that a retry meets its own stream; else a UUIDv7.
 */
export function createdId(command: { readonly commandId: string; readonly keyed: boolean }, what: string): string {
  return command.keyed ? derivedId('created', command.commandId, what) : v7();
}
