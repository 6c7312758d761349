import fc from 'fast-check';
import { correctedHistory } from '#domain/deal/deal.corrected-history.js';
import { foldDeal } from '#domain/deal/deal.evolve.js';
import type { DealEvent } from '#domain/deal/deal.events.js';
import type { Recorded } from '#domain/shared/decision.js';
import { toMinor } from '#domain/shared/money.js';
import { decode } from '#event-store/codec.js';
import type { RecordedEvent } from '#event-store/event.js';
import { idOf } from '#event-store/streams.js';
import type { Row } from '#view-store/port.js';
import { DEALS_VIEW } from '../deals/deals.view.js';
import { isDealEvent } from '../domain-event.js';
import { folded } from '../testing/folded.js';
import { dealHistories } from '../testing/histories.js';
import { dealOfSegmentId, FOREVER } from './deal-history.schema.js';
import { DEAL_HISTORY_VIEW } from './deal-history.view.js';
import { unpackPath } from './packed-path.js';

type Event = Recorded<DealEvent>;

interface Life {
  readonly deal: string;
  readonly events: readonly Event[];
  readonly segments: readonly Row[];
  readonly journeys: readonly Row[];
  readonly closes: readonly Row[];
}

function livesOf(log: readonly RecordedEvent[]): readonly Life[] {
  const view = folded(DEAL_HISTORY_VIEW, log);
  const deals = new Set(log.map(({ stream }) => stream).filter((stream) => stream.startsWith('deal-')));
  return [...deals].map(idOf).map((deal) => ({
    deal,
    events: correctedHistory(
      log
        .filter(({ stream }) => stream === `deal-${deal}`)
        .map(decode)
        .filter(isDealEvent),
    ),
    segments: view.rows('segment').filter((row) => dealOfSegmentId(row.id) === deal),
    journeys: view.rows('journey').filter((row) => row['deal'] === deal),
    closes: view.rows('close').filter((row) => row['deal'] === deal),
  }));
}

/**
 * The deal at an instant, told from the events that were in force then and from nothing else: a plain account that
 * shares no code with the view.
 */
function toldAt(events: readonly Event[], instant: number): object {
  const inForce = events.filter((event) => {
    return Math.max(event.occurredAt, ...earlierOfItsField(events, event)) <= instant;
  });
  let place: object = {};
  let stayFrom: number | null = null;
  let pipeline = '';
  let stage = '';
  let owner: object = {};
  let worth: object = {};
  let said: object = {};
  let labels: readonly string[] = [];
  for (const event of inForce) {
    const visit = (status: string): object => {
      if (event.type !== 'DealRelocated') stayFrom = event.occurredAt;
      return { stage, status, board: pipeline, stayFrom };
    };
    const closed = (status: string): object => {
      return { stage, status, board: null, stayFrom: null };
    };
    if (event.type === 'DealOpened') {
      pipeline = event.data.pipelineId;
      stage = event.data.stageId;
      place = visit('open');
    }
    if (event.type === 'DealStageMoved') {
      stage = event.data.to.stageId;
      place = visit('status' in place && place.status === 'won' ? 'won' : 'open');
    }
    if (event.type === 'DealRelocated' || event.type === 'DealPipelineSwitched') {
      pipeline = event.data.to.pipelineId;
      stage = event.data.to.stageId;
      place = visit('status' in place && place.status === 'won' ? 'won' : 'open');
    }
    if (event.type === 'DealWon') {
      stage = event.data.enters?.stageId ?? stage;
      place = event.data.enters === null ? closed('won') : visit('won');
    }
    if (event.type === 'DealLost') place = closed('lost');
    if (event.type === 'CustomerChurned') place = closed('churned');
    if (event.type === 'DealVoided') place = closed('voided');
    if (event.type === 'DealMergedInto') place = closed('merged');
    if (event.type === 'DealUnmerged') {
      stage = event.data.toStageId;
      place = visit('open');
    }
    if (event.type === 'DealReopened') {
      pipeline = event.data.pipelineId ?? pipeline;
      stage = event.data.toStageId;
      place = visit('open');
    }
    if (event.type === 'DealOpened' || event.type === 'DealAssigned') {
      owner = { owner: event.data.ownerId, team: event.data.teamId };
    }
    if (event.type === 'DealOpened') labels = event.data.labels;
    if (event.type === 'DealLabelled') {
      const { added, removed } = event.data;
      const kept = labels.filter((name) => !removed.includes(name));
      labels = [...kept, ...added.filter((name) => !kept.includes(name))];
    }
    if (event.type === 'DealOpened' || event.type === 'ExpectedCloseSet') {
      said = { ...said, expectedClose: event.data.expectedClose };
    }
    if (event.type === 'DealOpened' || event.type === 'ForecastCategorySet') {
      said = { ...said, ownCategory: event.data.forecastCategory };
    }
    if (event.type === 'LineItemsSet' || event.type === 'ProposalAccepted') {
      said = { ...said, products: productsIn(event) };
    }
    if (isValued(event)) {
      const { value } = event.data;
      worth = { currency: value?.currency ?? null, value: value === null ? null : toMinor(value) };
    }
  }
  const touch = Math.max(...inForce.filter(isTouch).map((event) => Math.min(event.occurredAt, event.recordedAt)));
  const snoozes = sleep(events, instant);
  const last = snoozes.at(-1);
  const began = 'stayFrom' in place && typeof place.stayFrom === 'number' ? place.stayFrom : null;
  const slept = snoozes.reduce((sum, { from, to }) => sum + Math.max(0, to - Math.max(from, began ?? to)), 0);
  const clocks = {
    clockFrom: Math.max(touch, last?.to ?? touch),
    stayFrom: began === null ? null : began + slept,
    snoozedUntil: last?.to ?? null,
    labels: labels.length === 0 ? null : labels,
  };
  return { ...place, ...owner, ...worth, ...said, ...dueAt(events, instant), ...clocks };
}

/** What the event is the last word on, if it is of no group: earlier words, whenever they happened, come before. */
function fieldOf({ type, data }: Event): string | null {
  if ('activityId' in data) return data.activityId;
  if (type === 'DealSnoozed' || type === 'DealWoken') return 'snooze';
  return /^(?:DealLabelled|DealVisibilitySet|ExpectedCloseSet|DealProbabilitySet|ForecastCategorySet)$/.test(type)
    ? type
    : null;
}

/** When what was said before on the field of the event happened, and the opening. */
function earlierOfItsField(events: readonly Event[], event: Event): readonly number[] {
  const field = fieldOf(event);
  if (field === null) return [];
  return events
    .filter((other) => other.revision === 0 || (fieldOf(other) === field && other.revision < event.revision))
    .map(({ occurredAt }) => occurredAt);
}

/** The intervals in which the deal sleeps, as far as is known at the instant. */
function sleep(events: readonly Event[], instant: number): readonly { from: number; to: number }[] {
  const snoozes: { from: number; to: number }[] = [];
  for (const event of events) {
    const at = Math.max(event.occurredAt, ...earlierOfItsField(events, event));
    if (at > instant) continue;
    const last = snoozes.at(-1);
    const ends = ['DealSnoozed', 'DealWoken', 'DealWon', 'DealLost'].includes(event.type);
    if (ends && last !== undefined && last.to > at) last.to = Math.max(last.from, at);
    if (event.type === 'DealSnoozed') snoozes.push({ from: at, to: Math.max(at, Date.parse(event.data.until)) });
  }
  return snoozes;
}

/** When the activities are due that are planned, and not yet over, at the instant. */
function dueAt(events: readonly Event[], instant: number): object {
  const due = new Map<string, number | null>();
  for (const event of events) {
    if (!('activityId' in event.data)) continue;
    if (Math.max(event.occurredAt, ...earlierOfItsField(events, event)) > instant) continue;
    due.set(event.data.activityId, 'dueAt' in event.data ? Date.parse(event.data.dueAt) : null);
  }
  const dues = [...new Set([...due.values()].filter((at) => at !== null))].sort((a, b) => a - b);
  if (dues.length === 0) return { dues: null, firstDue: null, lastDue: null };
  return { dues, firstDue: dues[0], lastDue: dues.at(-1) };
}

function isValued(
  event: Event,
): event is Event & { type: 'DealOpened' | 'DealValueChanged' | 'LineItemsSet' | 'ProposalAccepted' } {
  return /^(?:DealOpened|DealValueChanged|LineItemsSet|ProposalAccepted)$/.test(event.type);
}

function productsIn({ data }: Event & { type: 'LineItemsSet' | 'ProposalAccepted' }): readonly string[] | null {
  return data.lineItems.length === 0 ? null : data.lineItems.map(({ productId }) => productId);
}

function isTouch(event: Event): boolean {
  if (event.type === 'DealOpened' || event.type === 'DealStageMoved' || event.type === 'DealReopened') return true;
  if (event.type === 'DealPipelineSwitched') return true;
  if (event.type === 'DealWon') return event.data.enters !== null;
  if (event.actor.kind === 'import') return false;
  if (/^(?:ExpectedCloseSet|DealKeptAlive|InteractionLogged|FileLinked|LineItemsSet|Proposal\w+)$/.test(event.type))
    return true;
  return ['DealAssigned', 'DealValueChanged', 'NoteAdded', 'ActivityCompleted'].includes(event.type);
}

const logs = dealHistories.map(livesOf);

describe('segments over random histories', () => {
  it('at any instant say what the events in force then say', () => {
    fc.assert(
      fc.property(
        logs,
        fc.array(fc.tuple(fc.nat(), fc.constantFrom(-86_400_000, -1, 0, 0, 1, 86_400_000))),
        (lives, probes) => {
          for (const { events, segments } of lives) {
            const times = events.flatMap(({ occurredAt, recordedAt }) => [occurredAt, recordedAt]);
            const openedAt = Number(times[0]);
            const instants = [
              ...times,
              ...segments.map((row) => Number(row['from'])),
              ...probes.map(([index, offset]) => Number(times[index % times.length]) + offset),
            ];
            for (const instant of instants) {
              const holding = segments.filter((row) => Number(row['from']) <= instant && instant < Number(row['to']));
              expect(holding).toHaveLength(instant < openedAt ? 0 : 1);
              if (instant >= openedAt) expect(holding[0]).toMatchObject(toldAt(events, instant));
            }
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  it('partition the life of each deal, numbered in time, and no two neighbours are equal', () => {
    fc.assert(
      fc.property(logs, (lives) => {
        for (const { deal, events, segments } of lives) {
          expect(segments[0]?.['from']).toBe(events[0]?.occurredAt);
          expect(segments.at(-1)?.['to']).toBe(FOREVER);
          expect(segments.map(({ id }) => id)).toEqual(segments.map((_, index) => `${deal}#${index}`));
          for (const [index, segment] of segments.entries()) {
            const next = segments[index + 1];
            expect(Number(segment['from'])).toBeLessThan(Number(segment['to']));
            if (next === undefined) continue;
            expect(next['from']).toBe(segment['to']);
            const { id: _id, from: _from, to: _to, ...attributes } = segment;
            expect(next).not.toMatchObject(attributes);
          }
        }
      }),
    );
  });

  it('end with what the card shows', () => {
    fc.assert(
      fc.property(dealHistories, (log) => {
        const segments = folded(DEAL_HISTORY_VIEW, log).rows('segment');
        for (const card of folded(DEALS_VIEW, log).rows('card')) {
          const last = segments.findLast((row) => dealOfSegmentId(row.id) === card.id);
          for (const column of Object.keys(card).filter((name) => name !== 'id' && name in (last ?? {}))) {
            // A card's empty set is null in a segment.
            const shown = Array.isArray(card[column]) && card[column].length === 0 ? null : card[column];
            expect([column, last?.[column]]).toEqual([column, shown]);
          }
        }
      }),
    );
  });
});

describe('journeys and closes over random histories', () => {
  it('have the visits of the domain’s fold', () => {
    fc.assert(
      fc.property(logs, (lives) => {
        for (const { deal, events, journeys } of lives) {
          const visits = foldDeal(events, deal)?.visits ?? [];
          expect(new Set(journeys.map((row) => row['pipeline']))).toEqual(
            new Set(visits.map(({ pipelineId }) => pipelineId)),
          );
          for (const journey of journeys) {
            expect(unpackPath(journey['path'] as object)).toMatchObject({
              visits: visits.map(({ visitNo: _visitNo, rank: _rank, ...visit }) => visit),
            });
          }
        }
      }),
    );
  });

  it('close a deal once for each win and loss, until the next turn of the deal', () => {
    fc.assert(
      fc.property(logs, (lives) => {
        for (const { deal, events, closes } of lives) {
          const turns = events.filter(({ type }) => /^Deal(Won|Lost|Reopened|Voided|MergedInto)$/.test(type));
          const expected = turns
            .map((turn, index) => ({ turn, supersededAt: turns[index + 1]?.occurredAt ?? FOREVER }))
            .filter(({ turn }) => turn.type === 'DealWon' || turn.type === 'DealLost')
            .map(({ turn, supersededAt }) => {
              const before = foldDeal(events.slice(0, events.indexOf(turn)), deal);
              const known = events.filter((event) => {
                return (
                  event.occurredAt < turn.occurredAt ||
                  (event.occurredAt === turn.occurredAt && event.revision < turn.revision)
                );
              });
              return {
                id: `${deal}#${turn.revision}`,
                outcome: turn.type === 'DealWon' ? 'won' : 'lost',
                stage: before?.stageId,
                closedAt: turn.occurredAt,
                supersededAt,
                owner: foldDeal(known, deal)?.ownerId,
                currency: before?.value?.currency ?? null,
                value: before === null || before.value === null ? null : toMinor(before.value),
              };
            });
          expect(closes).toHaveLength(expected.length);
          expect(closes).toMatchObject(expected);
        }
      }),
    );
  });
});
