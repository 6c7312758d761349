import { reject } from '../shared/decision.js';
import type { Recorded } from '../shared/decision.js';
import { formatInstant } from '../shared/instant.js';
import { invalidRequest } from '../shared/refusals.js';
import type { Refused } from '../shared/refusals.js';
import type { Amendment, CorrectedField } from './deal.correction-events.js';
import type { DealEvent } from './deal.events.js';

/** What a correction amends, by revision; nothing when all is right as it is. */
export type Amended = { readonly ok: true; readonly amended: readonly Amendment[] } | Refused;

export function unknownRevision(revision: number): Refused {
  const detail = `The deal has no event of revision ${revision} that could be corrected.`;
  return reject({ code: 'unknown-revision', detail, data: null });
}

export function notCorrectable(type: string, field: CorrectedField): Refused {
  return invalidRequest('/field', `Of ${type} ${field} cannot be corrected.`);
}

/** `event`: what would no longer come where it is in the order of the deal's events. */
export function breaksOrder({ type, revision, occurredAt }: Recorded<DealEvent>): Refused {
  const instant = formatInstant(occurredAt);
  const detail = `The correction would break the order with ${type} of ${instant}.`;
  return reject({ code: 'out-of-order', detail, data: { revision, type, occurredAt: instant } });
}
