import type { CommandContext, Decision, EpochMs, Recorded } from '../shared/decision.js';
import { accept } from '../shared/decision.js';
import { formatInstant } from '../shared/instant.js';
import { isNegative, sameMoney } from '../shared/money.js';
import type { Money } from '../shared/money.js';
import { FUTURE_TOLERANCE_MS, occurrence } from '../shared/occurrence.js';
import { inFuture, negativeValue, wrongStatus } from '../shared/refusals.js';
import { fieldsOf } from './deal.as-of.js';
import type { CorrectDeal } from './deal.commands.js';
import type { Amendment, CorrectedStanding, DealCorrected } from './deal.correction-events.js';
import { breaksOrder, notCorrectable, unknownRevision, type Amended } from './deal.correction-refusals.js';
import { correctedHistory, withAmendments } from './deal.corrected-history.js';
import type { DealEvent } from './deal.events.js';
import { foldDeal } from './deal.evolve.js';
import { overrideOf, restaged, withdrawn } from './deal.restage.js';
import { LIVING } from './deal.state.js';
import type { DealState } from './deal.state.js';
import { isTouch, touchBy } from './deal.touch.js';

type History = readonly Recorded<DealEvent>[];

/** What changes the stage, the owner or the value by somebody's decision; what reactors and other deals do stays. */
const TIMED: ReadonlySet<DealEvent['type']> = new Set([
  'DealOpened',
  'DealStageMoved',
  'DealWon',
  'DealLost',
  'DealReopened',
  'DealPipelineSwitched',
  'CustomerChurned',
  'DealValueChanged',
  'DealAssigned',
]);

/**
 * Corrects one event of the deal, and with it what follows from it, as long as all events stay in their order. The
 * event carries the consequences, so that folds which keep no past can follow.
 */
export function correctDeal(state: DealState, command: CorrectDeal, context: CommandContext): Decision<DealEvent> {
  if (!LIVING.includes(state.status)) return wrongStatus('deal', state.status, LIVING);
  const before = correctedHistory(command.history);
  const event = before.find(({ revision }) => revision === command.revision);
  if (event === undefined) return unknownRevision(command.revision);
  const decided = amendments(before, event, command, context);
  if (!decided.ok) return decided;
  if (decided.amended.length === 0) return accept();
  const when = occurrence(context);
  if (!when.ok) return when;

  const after = withAmendments(before, decided.amended);
  const corrected = foldDeal(after, state.id);
  if (corrected === null) throw new Error(`deal ${state.id}: nothing is left after a correction`);
  const { revision, field, reason } = command;
  const correction: DealCorrected = {
    type: 'DealCorrected',
    data: {
      revision,
      field,
      value: command.field === 'occurredAt' ? formatInstant(command.value) : command.value,
      reason,
      amended: decided.amended.map((amendment) => touched(amendment, before, after)),
      standing: standingOf(corrected),
    },
  };
  return accept<DealEvent>({ ...correction, occurredAt: when.at });
}

function amendments(
  before: History,
  event: Recorded<DealEvent>,
  command: CorrectDeal,
  context: CommandContext,
): Amended {
  switch (command.field) {
    case 'occurredAt':
      return retimed(before, event, command.value, context.now);
    case 'value':
      return revalued(before, event, command.value);
    case 'toStageId':
      if (event.type !== 'DealStageMoved') return notCorrectable(event.type, command.field);
      return restaged(before, event, command.value, command.pipelines);
    case 'withdrawn':
      if (event.type !== 'DealStageMoved') return notCorrectable(event.type, command.field);
      return withdrawn(before, event, command.pipelines);
  }
}

/** Between its neighbours of each group that it changes; an opening, besides, before everything else. */
function retimed(before: History, event: Recorded<DealEvent>, at: EpochMs, now: EpochMs): Amended {
  if (!TIMED.has(event.type)) return notCorrectable(event.type, 'occurredAt');
  if (at > now + FUTURE_TOLERANCE_MS) return inFuture();
  if (at === event.occurredAt) return { ok: true, amended: [] };
  const override = overrideOf(before, event);
  const others = before.filter((other) => other !== event && other !== override);
  if (event.type === 'DealOpened') {
    const first = Math.max(at, event.occurredAt);
    const early = others.find((other) => fieldsOf(other).length > 0 && other.occurredAt < first);
    if (early !== undefined) return breaksOrder(early);
  }
  for (const field of fieldsOf(event)) {
    const group = others.filter((other) => other.type === 'DealOpened' || fieldsOf(other).includes(field));
    const previous = group.findLast(({ revision }) => revision < event.revision);
    const next = group.find(({ revision }) => revision > event.revision);
    if (previous !== undefined && at < previous.occurredAt) return breaksOrder(previous);
    if (next !== undefined && at > next.occurredAt) return breaksOrder(next);
  }
  const occurredAt = formatInstant(at);
  const revisions = override === null ? [event.revision] : [override.revision, event.revision].sort((a, b) => a - b);
  return { ok: true, amended: revisions.map((revision) => ({ revision, occurredAt })) };
}

/** Up to the next change of value, and at every close until then. */
function revalued(before: History, event: Recorded<DealEvent>, value: Money | null): Amended {
  if (event.type !== 'DealValueChanged' && event.type !== 'DealOpened') return notCorrectable(event.type, 'value');
  if (event.type === 'DealOpened' && event.data.lineItems.length > 0) return notCorrectable(event.type, 'value');
  if (isNegative(value)) return negativeValue();
  if (sameMoney(value, event.data.value)) return { ok: true, amended: [] };
  const amended: Amendment[] = [{ revision: event.revision, value }];
  for (const later of before.filter(({ revision }) => revision > event.revision)) {
    if (fieldsOf(later).includes('value')) break;
    if (later.type === 'DealWon' || later.type === 'DealLost') amended.push({ revision: later.revision, value });
  }
  return { ok: true, amended };
}

/**
 * With the change that the amendment makes to the touches of the deal, if it makes one. A time that is clamped to the
 * recording may stay as it is: the touch still counts from another time on.
 */
function touched(amendment: Amendment, before: History, after: History): Amendment {
  const [was, is] = [before, after].map((history) => {
    const event = history.find(({ revision }) => revision === amendment.revision);
    return event !== undefined && isTouch(event) ? touchBy(event).at : null;
  });
  const stays = was === is && amendment.occurredAt === undefined;
  return was === undefined || was === null || is === undefined || stays
    ? amendment
    : { ...amendment, touch: { was, is } };
}

function standingOf(state: DealState): CorrectedStanding {
  const { pipelineId, pipelineVersion, stageId, rank, lastOpenStageId, value, openedAt, closedAt } = state;
  const { loss, visits, touch, snoozes, last } = state;
  return {
    pipelineId,
    pipelineVersion,
    stageId,
    rank,
    lastOpenStageId,
    value,
    openedAt,
    closedAt,
    lossStageId: loss?.stageId ?? null,
    visits,
    touch,
    snoozes,
    last,
  };
}
