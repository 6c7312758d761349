import fc from 'fast-check';
import { formatInstant } from '#domain/shared/instant.js';
import { decideStandalone, type StandaloneActivityCommand } from '#domain/standalone-activity/standalone.decide.js';
import { evolveStandalone } from '#domain/standalone-activity/standalone.evolve.js';
import type { StandaloneActivity } from '#domain/standalone-activity/standalone.state.js';
import type { RecordedEvent } from '#event-store/event.js';
import { CIVIL_TIME } from '../civil-time.js';
import { dealLives } from './deal-histories.js';
import { leadLives } from './lead-histories.js';
import { interleaved, recorded, type Happening } from './recorded.js';

const DAY = 86_400_000;
const START = Date.parse('2026-03-23T08:00:00.000Z');
const NOW = START + 40 * DAY;
const actor = { id: 'u-1', kind: 'user' } as const;
const date = (day: number): string => formatInstant(START + day * DAY).slice(0, 10);

const plans: fc.Arbitrary<StandaloneActivityCommand> = fc.record({
  type: fc.constant('PlanStandaloneActivity' as const),
  id: fc.constant('1'),
  kind: fc.constantFrom('call' as const, 'task' as const),
  subject: fc.constant('Prospecting'),
  dueAt: fc.constant(formatInstant(START)),
  assigneeId: fc.constantFrom(null, 'u-2'),
  targetCount: fc.constantFrom(null, 60),
  recurrence: fc.constantFrom(
    null,
    { days: [1, 2, 3, 4, 5], zone: 'Europe/Berlin', until: null },
    { days: [1, 4], zone: 'Europe/Berlin', until: date(14) },
  ),
  civil: fc.constant(CIVIL_TIME),
});
const said = { outcome: 'reached', note: null, count: 3, civil: CIVIL_TIME };
const days = fc.oneof(fc.constant(null), fc.nat(12).map(date));
const changes: fc.Arbitrary<StandaloneActivityCommand> = fc.oneof(
  days.map((occurrence) => ({ type: 'CompleteOccurrence' as const, occurrence, ...said })),
  fc.nat(12).map((day) => ({
    ...{ type: 'CancelOccurrence' as const, occurrence: date(day), reason: null },
    civil: CIVIL_TIME,
  })),
  fc.nat(48).map((hours) => ({
    ...{ type: 'RescheduleOccurrence' as const, dueAt: formatInstant(START + hours * 3_600_000) },
    civil: CIVIL_TIME,
  })),
);
const ending: StandaloneActivityCommand = {
  ...{ type: 'CancelOccurrence', occurrence: null, reason: 'enough' },
  civil: CIVIL_TIME,
};

/** What happens to one activity that stands alone: what the rules allow of random commands. */
const standaloneLives: fc.Arbitrary<readonly Happening[]> = fc
  .tuple(plans, fc.array(changes, { maxLength: 8 }), fc.boolean())
  .map(([plan, rest, ends]) => {
    let state: StandaloneActivity | null = null;
    const happenings: Happening[] = [];
    for (const command of [plan, ...rest, ...(ends ? [ending] : [])]) {
      const decision = decideStandalone(state, command, { now: NOW, actor });
      for (const event of decision.ok ? decision.events : []) {
        const revision = happenings.length;
        state = evolveStandalone(state, { ...event, revision, recordedAt: NOW, actor }, '1');
        happenings.push({ ...event, recordedAt: NOW, actor });
      }
    }
    return happenings;
  });

/** An announcement of an activity that may be there, at a time at which it may be due. */
const announcements: fc.Arbitrary<readonly Happening[]> = fc
  .record({
    of: fc.constantFrom({ dealId: '1', leadId: null }, { dealId: null, leadId: '1' }, { dealId: null, leadId: null }),
    day: fc.nat(12),
    activity: fc.integer({ min: 1, max: 3 }),
  })
  .map(({ of, day, activity }) => {
    const alone = of.dealId === null && of.leadId === null;
    const dueAt = formatInstant(START + day * DAY);
    const about = { activityId: alone ? '1' : `activity-${activity}`, kind: 'call', assigneeId: 'u-1', dueAt };
    const data = { ...of, ...about, occurrence: alone ? date(day) : null };
    return [{ type: 'ActivityDue', data, occurredAt: NOW }];
  });

/** One log of deals, leads and activities of neither, with announcements among them. */
export const activityHistories: fc.Arbitrary<readonly RecordedEvent[]> = fc
  .tuple(
    fc.array(dealLives, { maxLength: 2 }),
    fc.array(leadLives, { maxLength: 2 }),
    fc.array(standaloneLives, { minLength: 1, maxLength: 2 }),
    fc.array(announcements, { maxLength: 4 }),
    fc.array(fc.nat(20)),
  )
  .map(([deals, leads, alone, announced, picks]) =>
    interleaved(
      [
        ...deals.map((life, index) => recorded(`deal-${index + 1}`, life)),
        ...leads.map((life, index) => recorded(`lead-${index + 1}`, life)),
        ...alone.map((life, index) => recorded(`activity-${index + 1}`, life)),
        ...announced.map((life, index) => recorded(`alert-${index + 1}`, life)),
      ],
      picks,
    ),
  );
