import type { ViewSchema } from '#view-store/port.js';

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
 * units, `ownProbability` in ten-thousandths.
 */
export const DEAL_HISTORY: ViewSchema = {
  view: 'deal-history',
  version: 1,
  tables: {
    /** A longest interval [from, to) of one deal's life in which everything below is constant. */
    segment: {
      id: 'string',
      columns: {
        deal: 'string',
        pipeline: 'string',
        stage: 'string',
        status: 'string',
        /** As on the card: the pipeline on whose board the deal was in this segment. */
        board: 'string',
        ...attributes,
        ownProbability: 'integer',
        ownCategory: 'string',
        enteredAt: 'integer',
        touch: 'integer',
        clockFrom: 'integer',
        stayFrom: 'integer',
        snoozedUntil: 'integer',
        visitNo: 'integer',
        from: 'integer',
        to: 'integer',
      },
      indexes: [['board', 'to', 'from']],
    },
    /**
     * One for each deal and pipeline that it has been in. The attributes are those at the first visit there.
     * `path` is a JourneyPath (journey.ts): all visits, wins and losses of the deal, in the order of the stream.
     */
    journey: {
      id: 'string',
      columns: { deal: 'string', pipeline: 'string', firstEnteredAt: 'integer', ...attributes, path: 'json' },
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
