import type { CommandContext } from '../shared/decision.js';
import { invalidRequest } from '../shared/refusals.js';
import type { Refused } from '../shared/refusals.js';
import type { Override } from './deal.commands.js';
import { overrideNotAllowed } from './deal.refusals.js';

/** Why imported history goes past gates and move rules: it happened, whatever the rules say now. */
export const IMPORT_REASON = 'imported history';

/**
 * Lets past what a rule refuses, or gives that refusal back. An override needs the right to it and a reason; an import
 * has both by being one.
 */
export function letPast(
  refused: Refused,
  override: Override | null,
  context: CommandContext,
): { readonly ok: true; readonly reason: string } | Refused {
  const imported = context.actor.kind === 'import';
  if (override === null) return imported ? { ok: true, reason: IMPORT_REASON } : refused;
  if (context.mayOverride !== true && !imported) return overrideNotAllowed();
  if (override.reason.trim() === '') return invalidRequest('/override/reason', 'An override needs a reason.');
  return { ok: true, reason: override.reason };
}
