import type { DealEvent } from '#domain/deal/deal.events.js';
import type { DealStatus } from '#domain/deal/deal.events.js';
import type { DurationSpec } from '#domain/pipeline/pipeline.events.js';
import type { EpochMs } from '#domain/shared/decision.js';
import { monthsOf } from '#domain/shared/duration.js';
import type { FollowUpOccasion } from '#domain/settings/settings.events.js';
import { decode } from '#event-store/codec.js';
import type { RecordedEvent } from '#event-store/event.js';
import { categoryOf } from '#event-store/streams.js';
import { BusinessTime } from '#reports/business-time.js';
import { runsOutAt } from '#reports/stall/threshold.js';
import { isDealEvent } from '#views/domain-event.js';
import type { CommandExecutor } from '../execute.js';
import { planOnDeal } from './plan-on-deal.js';
import type { Reactor } from './run-reactor.js';
import { SettingsInLog } from './settings-in-log.js';

const NAME = 'plan-follow-ups';

/** What a deal is while the occasion still stands. */
const STANDING: Readonly<Record<FollowUpOccasion, DealStatus>> = {
  win: 'won',
  loss: 'lost',
  churn: 'churned',
  conversion: 'open',
};

/**
 * Plans what the settings ask for after a win, a loss, a churn or a conversion, on the deal, for its owner; due so long
 * after the occasion, in the organisation's zone. The plan is the one in force where the event stands in the log, so
 * that it does not matter when the reactor comes to it. An occasion that no longer stands is left alone, and imported
 * history is none.
 */
export function planFollowUps(commands: CommandExecutor): Reactor {
  const inLog = new SettingsInLog(commands.streams.events);
  return {
    name: NAME,
    failing: 'a follow-up is not planned yet',
    concerns: (event) =>
      SettingsInLog.isChangedBy(event) || (categoryOf(event.stream) === 'deal' && occasionOf(event) !== null),
    async react(event) {
      inLog.met(event);
      const occasion = categoryOf(event.stream) === 'deal' ? occasionOf(event) : null;
      if (occasion === null) return null;
      const settings = await inLog.at(event.position);
      const time = BusinessTime.of(settings);
      const from = Date.parse(event.metadata.occurredAt);
      let latest: bigint | null = null;
      for (const [index, { kind, subject, after }] of settings.followUpPlans[occasion].entries()) {
        const step = { index, kind, subject, dueAt: dueAfter(from, after, time) };
        const stands = ({ status }: { status: DealStatus }) => status === STANDING[occasion];
        latest = await planOnDeal(commands, NAME, 'follow-up', event, step, stands);
      }
      return latest;
    },
  };
}

function occasionOf(event: RecordedEvent): FollowUpOccasion | null {
  const decoded = decode(event);
  return isDealEvent(decoded) && decoded.actor.kind !== 'import' ? occasionBy(decoded) : null;
}

function occasionBy(event: DealEvent): FollowUpOccasion | null {
  switch (event.type) {
    case 'DealWon':
      return 'win';
    case 'DealLost':
      return 'loss';
    case 'CustomerChurned':
      return 'churn';
    case 'DealOpened':
      return event.data.leadId === null ? null : 'conversion';
    default:
      return null;
  }
}

function dueAfter(from: EpochMs, after: DurationSpec, time: BusinessTime): EpochMs {
  const months = typeof after === 'string' ? monthsOf(after) : null;
  return months === null ? runsOutAt(from, after, time) : time.monthsAfter(from, months);
}
