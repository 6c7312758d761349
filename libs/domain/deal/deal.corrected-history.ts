import type { Recorded } from '../shared/decision.js';
import type { Money } from '../shared/money.js';
import type { Amendment, DealCorrected } from './deal.correction-events.js';
import type { DealEvent } from './deal.events.js';

type History = readonly Recorded<DealEvent>[];

/**
 * The history of a deal as if all its events had been right: corrected ones say what they should have said, withdrawn
 * ones are missing, and the corrections themselves change nothing any more. Of a history without corrections it is the
 * same.
 */
export function correctedHistory(events: History): History {
  const corrections = events.filter(isCorrection);
  if (corrections.length === 0) return events;
  const told = events.map((event): Recorded<DealEvent> =>
    isCorrection(event) ? { ...event, data: { ...event.data, standing: null } } : event,
  );
  return corrections.reduce<History>((history, { data }) => withAmendments(history, data.amended), told);
}

export function withAmendments(events: History, amended: readonly Amendment[]): History {
  const byRevision = new Map(amended.map((amendment) => [amendment.revision, amendment]));
  return events.flatMap((event) => {
    const amendment = byRevision.get(event.revision);
    if (amendment === undefined) return [event];
    return amendment.withdrawn === true ? [] : [amend(event, amendment)];
  });
}

function isCorrection(event: Recorded<DealEvent>): event is Recorded<DealCorrected> {
  return event.type === 'DealCorrected';
}

function amend(event: Recorded<DealEvent>, amendment: Amendment): Recorded<DealEvent> {
  const { occurredAt, value, move, from, stage } = amendment;
  const timed = occurredAt === undefined ? event : { ...event, occurredAt: Date.parse(occurredAt) };
  switch (timed.type) {
    case 'DealOpened':
      return value === undefined ? timed : { ...timed, data: { ...timed.data, value } };
    case 'DealValueChanged':
      return value === undefined ? timed : { ...timed, data: { value } };
    case 'DealStageMoved':
      return move === undefined ? timed : { ...timed, data: { ...timed.data, ...move } };
    case 'DealPipelineSwitched':
      return from === undefined ? timed : { ...timed, data: { ...timed.data, from } };
    case 'DealWon':
      return { ...timed, data: { ...timed.data, ...closing(amendment) } };
    case 'DealLost':
      return { ...timed, data: { ...timed.data, ...closing(amendment) } };
    case 'DealReopened':
      if (stage === undefined) return timed;
      return { ...timed, data: { ...timed.data, toStageId: stage.stageId, rank: stage.rank } };
    default:
      return timed;
  }
}

/** What a win and a loss have in common. */
function closing({ value, stage }: Amendment): { readonly value?: Money | null; readonly stageId?: string } {
  return {
    ...(value === undefined ? {} : { value }),
    ...(stage === undefined ? {} : { stageId: stage.stageId }),
  };
}
