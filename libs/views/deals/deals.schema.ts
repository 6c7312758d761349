import type { ViewSchema } from '#view-store/port.js';

/**
 * One card for each deal. Times in epoch milliseconds, money in minor units of `currency` (null: no value),
 * `ownProbability` in ten-thousandths (null: as the stage), `expectedClose` a civil date.
 */
export const DEALS: ViewSchema = {
  view: 'deals',
  version: 2,
  tables: {
    card: {
      id: 'string',
      columns: {
        pipeline: 'string',
        stage: 'string',
        status: 'string',
        /** The pipeline on whose board the deal is: open, or won in a post-sale stage; null otherwise. */
        board: 'string',
        title: 'string',
        owner: 'string',
        team: 'string',
        /** Together with owner and team it makes the audience. */
        visibility: 'string',
        audience: 'string',
        source: 'string',
        labels: 'strings',
        products: 'strings',
        /** Person, else organisation, that the card names. */
        contactKind: 'string',
        contactId: 'string',
        currency: 'string',
        value: 'integer',
        ownProbability: 'integer',
        ownCategory: 'string',
        expectedClose: 'string',
        revision: 'integer',
        openedAt: 'integer',
        /** Beginning of the current visit. */
        enteredAt: 'integer',
        touch: 'integer',
        /** max(touch, snoozedUntil): the stall clock starts here. */
        clockFrom: 'integer',
        /** `enteredAt` put off by the time that was snoozed away: the stay clock starts here. */
        stayFrom: 'integer',
        /** When the last snooze ended, or will end. */
        snoozedUntil: 'integer',
        /** How long the stay has lasted, while the deal sleeps. */
        stayed: 'integer',
        /** For the fold: what the clocks do not tell of a deal that was ever snoozed. */
        sleep: 'json',
        /** When planned activities fall due, and the first and the last of these times; null without any. */
        dues: 'integers',
        firstDue: 'integer',
        lastDue: 'integer',
        /** The planned activities themselves: a list of {activityId, kind, subject, dueAt}; null without any. */
        planned: 'json',
        /** Touch, for the explanation: {type, actor, occurredAt, revision}. */
        lastTouch: 'json',
      },
      indexes: [
        // Counting stalled and overdue deals is done on this one alone.
        ['board', 'stage', 'clockFrom', 'lastDue', 'firstDue'],
        ['board', 'stage', 'stayFrom', 'snoozedUntil', 'stayed'],
        ['board', 'stage', 'value'],
        ['board', 'stage', 'expectedClose'],
        ['board', 'owner', 'stage', 'clockFrom'],
        ['openedAt'],
        ['status', 'openedAt'],
        ['pipeline', 'openedAt'],
        ['owner', 'openedAt'],
      ],
    },
  },
  counters: {
    /** What is on the boards. `value` sums the deals that have one. */
    column: {
      dimensions: {
        board: 'string',
        stage: 'string',
        owner: 'string',
        audience: 'string',
        currency: 'string',
        ownProbability: 'integer',
      },
      measures: ['count', 'withoutValue', 'value'],
    },
  },
};
