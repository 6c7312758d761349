import type { ViewSchema } from '#view-store/port.js';

/** Of the id of a segment. */
export function dealOfSegmentId(id: string | number): string {
  const text = String(id);
  return text.slice(0, text.lastIndexOf('#'));
}

/** `to` of what has not ended: the last instant that a Date can hold. */
export const FOREVER = 8_640_000_000_000_000;

const attributes = {
  owner: 'string',
  team: 'string',
  audience: 'string',
  source: 'string',
  labels: 'strings',
  products: 'strings',
  currency: 'string',
  value: 'integer',
  expectedClose: 'string',
} as const;

/**
 * What reports over time are computed from (metrics.md, "Base facts"). Times in epoch milliseconds, money in minor
 * units, `ownProbability` in ten-thousandths. A set that is null is empty.
 */
export const DEAL_HISTORY: ViewSchema = {
  view: 'deal-history',
  version: 3,
  tables: {
    /**
     * A longest interval [from, to) of one deal's life in which everything below is constant. There are as many as
     * events: it has what reports compute with, and the deal as of an instant tells the rest. Its id is the deal's, `#`
     * and a number from 0 in time.
     */
    segment: {
      id: 'string',
      columns: {
        stage: 'string',
        status: 'string',
        /** As on the card: the pipeline on whose board the deal was in this segment. */
        board: 'string',
        ...attributes,
        ownProbability: 'integer',
        ownCategory: 'string',
        /** As on the card: the stall clock and the stay clock start here. */
        clockFrom: 'integer',
        stayFrom: 'integer',
        snoozedUntil: 'integer',
        stayed: 'integer',
        dues: 'integers',
        firstDue: 'integer',
        lastDue: 'integer',
        from: 'integer',
        to: 'integer',
      },
      indexes: [['board', 'to', 'from']],
    },
    /**
     * One for each deal and pipeline that it has been in. The attributes are those at the first visit there.
     * `path` is a JourneyPath (journey.ts, packed): all visits, wins and losses of the deal, in the order of the stream.
     * `life` is what else the fold needs of the deal; null but for the deal's first journey.
     */
    journey: {
      id: 'string',
      columns: {
        deal: 'string',
        pipeline: 'string',
        firstEnteredAt: 'integer',
        ...attributes,
        path: 'json',
        life: 'json',
      },
      indexes: [['pipeline', 'firstEnteredAt']],
    },
    /**
     * One for each close (win or loss). In force in [closedAt, supersededAt): until the reopening or FOREVER.
     * The attributes are those just before the close; value is the fold's at the closing revision.
     */
    close: {
      id: 'string',
      columns: {
        deal: 'string',
        pipeline: 'string',
        stage: 'string',
        /** won | lost */
        outcome: 'string',
        reason: 'string',
        closedAt: 'integer',
        supersededAt: 'integer',
        /** The deal's first visit, of whatever pipeline: the cycle starts here. */
        firstEnteredAt: 'integer',
        ...attributes,
      },
      indexes: [['pipeline', 'closedAt'], ['closedAt']],
    },
  },
  counters: {},
};
