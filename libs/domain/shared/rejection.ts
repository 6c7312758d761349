import type { Candidate } from '../contact/contact.match.js';

/**
 * Why a decider refuses. A closed union: `code` is stable and for programs, `detail` is a sentence for people, `data`
 * is what a program needs to go on. It knows nothing of HTTP.
 */
export type Rejection = { readonly detail: string } & (
  | { readonly code: 'id-already-used'; readonly data: null }
  | { readonly code: 'not-found'; readonly data: null }
  | { readonly code: 'occurred-in-future'; readonly data: null }
  | { readonly code: 'unknown-revision'; readonly data: null }
  | { readonly code: 'out-of-order'; readonly data: { revision: number; type: string; occurredAt: string } }
  | { readonly code: 'wrong-status'; readonly data: { status: string; allowed: readonly string[] } }
  // lead
  | { readonly code: 'no-contact'; readonly data: null }
  | { readonly code: 'criteria-not-met'; readonly data: { missing: readonly string[] } }
  | { readonly code: 'unknown-reason'; readonly data: null }
  | { readonly code: 'date-in-past'; readonly data: null }
  | { readonly code: 'duplicate-contact'; readonly data: DuplicateContacts }
  | { readonly code: 'already-converted'; readonly data: { dealId: string } }
  | { readonly code: 'deal-moved-on'; readonly data: null }
  // deal
  | { readonly code: 'same-stage'; readonly data: null }
  | { readonly code: 'wrong-stage-kind'; readonly data: null }
  | { readonly code: 'unknown-pipeline'; readonly data: null }
  | { readonly code: 'pipeline-retired'; readonly data: null }
  | { readonly code: 'unknown-stage'; readonly data: null }
  | { readonly code: 'stage-retired'; readonly data: null }
  | {
      readonly code: 'skip-forbidden' | 'step-back-forbidden';
      readonly data: { fromStageId: string; toStageId: string };
    }
  | { readonly code: 'gate-not-met'; readonly data: { stageId: string; missing: readonly MissingGate[] } }
  | { readonly code: 'override-not-allowed'; readonly data: null }
  | { readonly code: 'unknown-product'; readonly data: null }
  | { readonly code: 'negative-value' | 'value-from-line-items'; readonly data: null }
  | { readonly code: 'unknown-proposal' | 'unknown-option'; readonly data: null }
  | { readonly code: 'already-accepted'; readonly data: { optionId: string } }
  | { readonly code: 'already-won-back'; readonly data: { dealId: string } }
  | { readonly code: 'proposal-expired'; readonly data: { validUntil: string } }
  // contact
  | { readonly code: 'already-merged'; readonly data: null }
  | { readonly code: 'unknown-activity' | 'activity-done' | 'already-confirmed'; readonly data: null }
  // pipeline
  | { readonly code: 'invalid-request'; readonly data: null; readonly path: string }
);

/** Registered contacts that are likely those of the lead; null: nothing is to be resolved. */
export interface DuplicateContacts {
  readonly person: { readonly candidates: readonly Candidate[] } | null;
  readonly organization: { readonly candidates: readonly Candidate[] } | null;
}

/** A gate that is not met, as the pipeline states it. */
export type MissingGate =
  | { readonly type: 'field'; readonly field: string }
  | { readonly type: 'activity'; readonly kind: string }
  | { readonly type: 'contact'; readonly kind: string }
  | { readonly type: 'criteria'; readonly min: number }
  | { readonly type: 'evidence'; readonly kind: string }
  | { readonly type: 'proposal'; readonly status: string };

export type RejectionCode = Rejection['code'];

/** Every code of the union; one that is missing here does not compile. */
export const REJECTION_CODES: Readonly<Record<RejectionCode, true>> = {
  'id-already-used': true,
  'not-found': true,
  'occurred-in-future': true,
  'unknown-revision': true,
  'out-of-order': true,
  'wrong-status': true,
  'no-contact': true,
  'criteria-not-met': true,
  'unknown-reason': true,
  'date-in-past': true,
  'duplicate-contact': true,
  'already-confirmed': true,
  'already-converted': true,
  'deal-moved-on': true,
  'same-stage': true,
  'wrong-stage-kind': true,
  'unknown-pipeline': true,
  'pipeline-retired': true,
  'unknown-stage': true,
  'stage-retired': true,
  'skip-forbidden': true,
  'step-back-forbidden': true,
  'gate-not-met': true,
  'override-not-allowed': true,
  'unknown-product': true,
  'negative-value': true,
  'value-from-line-items': true,
  'unknown-proposal': true,
  'unknown-option': true,
  'already-accepted': true,
  'proposal-expired': true,
  'already-won-back': true,
  'unknown-activity': true,
  'activity-done': true,
  'already-merged': true,
  'invalid-request': true,
};
