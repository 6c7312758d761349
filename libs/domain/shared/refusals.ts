import type { LastChange } from './decision.js';
import { formatInstant } from './instant.js';
import type { Rejection } from './rejection.js';

/** The half of a decision that refuses. */
export type Refused = { readonly ok: false; readonly rejection: Rejection };

function refuse(rejection: Rejection): Refused {
  return { ok: false, rejection };
}

/** `subject` is a word for people: lead, deal, pipeline. */
export function notFound(subject: string): Refused {
  return refuse({ code: 'not-found', detail: `There is no such ${subject}.`, data: null });
}

export function idAlreadyUsed(subject: string): Refused {
  return refuse({ code: 'id-already-used', detail: `A ${subject} with this id exists already.`, data: null });
}

export function wrongStatus(subject: string, status: string, allowed: readonly string[]): Refused {
  const detail = `The ${subject} is ${status}; this is possible only when it is ${allowed.join(', ')}.`;
  return refuse({ code: 'wrong-status', detail, data: { status, allowed } });
}

export function negativeValue(): Refused {
  return refuse({ code: 'negative-value', detail: 'A value cannot be below zero.', data: null });
}

export function unknownReason(reason: string, known: readonly string[]): Refused {
  const detail = `The reason ${JSON.stringify(reason)} is none of ${known.join(', ')}.`;
  return refuse({ code: 'unknown-reason', detail, data: null });
}

export function dateInPast(instant: string): Refused {
  return refuse({ code: 'date-in-past', detail: `${instant} is in the past.`, data: null });
}

/** `path` is a JSON pointer into the request's body. */
export function invalidRequest(path: string, detail: string): Refused {
  return refuse({ code: 'invalid-request', detail, data: null, path });
}

export function inFuture(): Refused {
  return refuse({
    code: 'occurred-in-future',
    detail: 'What is to be recorded cannot happen more than 60 seconds from now.',
    data: null,
  });
}

/** `last` is the change that this one would precede. */
export function outOfOrder(last: LastChange): Refused {
  const occurredAt = formatInstant(last.at);
  const detail = `This would come before ${last.type} of ${occurredAt}, which is recorded already.`;
  return refuse({ code: 'out-of-order', detail, data: { revision: last.revision, type: last.type, occurredAt } });
}
