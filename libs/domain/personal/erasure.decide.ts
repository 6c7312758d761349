import { accept, reject, type CommandContext, type Decision } from '../shared/decision.js';
import { occurrence, refuseFuture } from '../shared/occurrence.js';
import { invalidRequest } from '../shared/refusals.js';
import type { ErasureCommand } from './erasure.commands.js';
import type { ErasureEvent } from './erasure.events.js';

/** Texts can be taken away from any deal and any lead, whatever became of it. */
export function decideErasure(command: ErasureCommand, context: CommandContext): Decision<ErasureEvent> {
  if (command.type === 'EraseTexts') {
    return accept({ type: 'TextsErased', data: { contact: command.contact }, occurredAt: context.now });
  }
  const future = refuseFuture(context);
  if (future !== null) return future;
  const when = occurrence(context);
  if (!when.ok) return when;
  const { revision, keys } = command;
  if (keys === null) {
    return reject({ code: 'unknown-revision', detail: `There is no event at revision ${revision}.`, data: null });
  }
  if (keys.length === 0) return invalidRequest('/revision', 'names an event without a text that can be taken away');
  return accept({ type: 'TextRedacted', data: { revision, keys: [...keys] }, occurredAt: when.at });
}
