import { decode } from '#event-store/codec.js';
import type { RecordedEvent } from '#event-store/event.js';
import { idOf } from '#event-store/streams.js';
import type { AppendResult } from '#event-store/port.js';
import type { CustomerWonBack } from '#domain/deal/deal.customer-events.js';
import { decideDeal } from '#domain/deal/deal.decide.js';
import { DEAL } from '../aggregate.js';
import { derivedId } from '../command-id.js';
import type { Deadline } from '../deadline.js';
import { CommandRejected } from '../errors.js';
import { DEADLINE_MS } from '../execute.js';
import type { Streams } from '../streams.js';
import { appendFirst, finishWithin } from './first-event.js';
import { takeStep } from './second-step.js';

/**
 * The second step of a win-back: opens the deal, all from what CustomerWonBack carries. It re-checks nothing and cannot
 * be refused, and doing it again changes nothing, so the command itself, its replay and the reactor may all do it, at
 * once or one after another. Answers where the new deal's opening is.
 * @throws OutcomeUnknown the store is out of reach or does not answer: the win-back stands and is finished later
 * @throws CommandRejected `id-already-used`: another command took the deal's id at the same moment, and the customer may
 *   be won back under another one
 */
export function finishWinBack(
  streams: Streams,
  wonBack: RecordedEvent,
  deadlineMs = DEADLINE_MS,
): Promise<AppendResult> {
  return finishWithin(deadlineMs, (deadline) => finish(streams, wonBack, deadline));
}

async function finish(streams: Streams, wonBack: RecordedEvent, deadline: Deadline): Promise<AppendResult> {
  // The caller gives an event of type CustomerWonBack; its shape is the stored format of that type.
  const { dealId, deal } = decode(wonBack).data as CustomerWonBack['data'];
  const opened = await appendFirst(streams, DEAL.stream(dealId), 'DealOpened', deal, wonBack, deadline);
  if (opened.causationId === wonBack.id) return { revision: opened.revision, position: opened.position };
  await takeStep(
    streams,
    DEAL,
    idOf(wonBack.stream),
    wonBack,
    // Not under the id of the win-back's own command, which this stream holds already.
    derivedId('abandon win-back', wonBack.id),
    (state, context) => decideDeal(state, { type: 'AbandonWinBack', dealId }, context),
    Math.max(1, deadline.left),
  );
  const detail = `The customer was to be won back by the deal ${dealId}, but another command opened that deal.`;
  throw new CommandRejected({ code: 'id-already-used', detail, data: null });
}
