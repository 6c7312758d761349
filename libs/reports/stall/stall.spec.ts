import fc from 'fast-check';
import type { DurationSpec } from '#domain/pipeline/pipeline.events.js';
import { DEFAULT_SETTINGS } from '#domain/settings/settings.js';
import { BusinessTime } from '../business-time.js';
import { at, DAY } from '../testing/play.js';
import { cutoffs, stallOf } from './stall.js';
import type { StagePolicyInForce, StallInput } from './stall.js';

const UTC = BusinessTime.of(DEFAULT_SETTINGS);
const BERLIN = BusinessTime.of(DEFAULT_SETTINGS, 'Europe/Berlin');
const TOUCHED = at('2026-03-02T09:00:00Z');

function input(given: Partial<StallInput> = {}): StallInput {
  return { clockFrom: TOUCHED, stayFrom: TOUCHED, snoozedUntil: null, lastTouch: null, planned: [], ...given };
}

function policy(rottenAfter: DurationSpec | null, maxStay: DurationSpec | null = null): StagePolicyInForce {
  return { policyVersion: 2, rottenAfter, maxStay, coverHorizon: null };
}

describe('a deal stalls', () => {
  it('at the very instant when its threshold has passed since the last touch', () => {
    const rotAt = TOUCHED + 14 * DAY;
    expect(stallOf(input(), policy('P14D'), rotAt - 1, UTC)).toMatchObject({ stalled: false, stale: false });
    expect(stallOf(input(), policy('P14D'), rotAt, UTC)).toMatchObject({
      stalled: true,
      stale: true,
      rotAt: '2026-03-16T09:00:00.000Z',
      rottenAfter: 'P14D',
      policyVersion: 2,
    });
  });

  it('never in a stage without a threshold', () => {
    expect(stallOf(input(), policy(null), TOUCHED + 9999 * DAY, UTC)).toMatchObject({ stalled: false, rotAt: null });
  });

  it('by the policy in force now: a shorter threshold applies at once', () => {
    const now = TOUCHED + 8 * DAY;
    expect(stallOf(input(), policy('P14D'), now, UTC).stalled).toBe(false);
    expect(stallOf(input(), policy('P7D'), now, UTC).stalled).toBe(true);
  });

  it('only a full threshold after a snooze has ended', () => {
    const snoozedUntil = TOUCHED + 30 * DAY;
    const snoozed = input({ clockFrom: snoozedUntil, snoozedUntil });
    expect(stallOf(snoozed, policy('P7D'), snoozedUntil - 1, UTC)).toMatchObject({
      stalled: false,
      snoozedUntil: '2026-04-01T09:00:00.000Z',
    });
    expect(stallOf(snoozed, policy('P7D'), snoozedUntil + 6 * DAY, UTC)).toMatchObject({
      stalled: false,
      snoozedUntil: null,
    });
    expect(stallOf(snoozed, policy('P7D'), snoozedUntil + 7 * DAY, UTC).stalled).toBe(true);
  });

  it('after business days, which a weekend does not have', () => {
    const friday = input({ clockFrom: at('2026-03-06T16:00:00Z') });
    const twoDays = policy({ businessDays: 2 });
    expect(stallOf(friday, twoDays, at('2026-03-10T15:59:59Z'), UTC).stalled).toBe(false);
    expect(stallOf(friday, twoDays, at('2026-03-10T16:00:00Z'), UTC)).toMatchObject({
      stalled: true,
      rotAt: '2026-03-10T16:00:00.000Z',
    });
  });

  it('after business days, which holidays do not have, while the stay counts them alike', () => {
    const friday = input({ clockFrom: at('2026-03-06T16:00:00Z'), stayFrom: at('2026-03-06T16:00:00Z') });
    const twoDays = policy({ businessDays: 2 }, { businessDays: 2 });
    const calendar = new BusinessTime('UTC', { workingDays: [1, 2, 3, 4, 5], holidays: ['2026-03-09'] });
    const [before, after] = [at('2026-03-11T15:59:59.999Z'), at('2026-03-11T16:00:00Z')];
    expect(stallOf(friday, twoDays, before, calendar)).toMatchObject({ stalled: false, overstayed: false });
    expect(stallOf(friday, twoDays, after, calendar)).toMatchObject({
      stalled: true,
      overstayed: true,
      rotAt: '2026-03-11T16:00:00.000Z',
    });
  });
});

describe('a deal overstays', () => {
  it('however often it is touched', () => {
    const now = TOUCHED + 30 * DAY;
    const touched = input({ clockFrom: now });
    expect(stallOf(touched, policy('P14D', 'P30D'), now, UTC)).toMatchObject({
      stalled: false,
      overstayed: true,
      stayDays: 30,
      maxStay: 'P30D',
    });
    expect(stallOf(touched, policy('P14D', 'P30D'), now - 1, UTC).overstayed).toBe(false);
  });
});

describe('what is stalled', () => {
  const duration = fc.oneof(
    fc.constantFrom('P1D', 'PT36H', 'P14D'),
    fc.integer({ min: 1, max: 9 }).map((businessDays) => ({ businessDays })),
  );

  it('is below the cutoff of its stage, and past its rotAt, alike', () => {
    fc.assert(
      fc.property(duration, fc.integer({ min: -2000, max: 2000 }), (rottenAfter, hours) => {
        const now = TOUCHED + hours * 3_600_000;
        const stall = stallOf(input(), policy(rottenAfter), now, BERLIN);
        const latest = cutoffs(policy(rottenAfter), now, BERLIN).clockFrom ?? -Infinity;
        expect(stall.stalled).toBe(TOUCHED <= latest);
        expect(stall.stalled).toBe(Date.parse(stall.rotAt ?? '') <= now);
      }),
    );
  });

  it('stays so until it is touched', () => {
    fc.assert(
      fc.property(duration, fc.nat(2000), fc.nat(2000), (rottenAfter, hours, later) => {
        const now = TOUCHED + hours * 3_600_000;
        const before = stallOf(input(), policy(rottenAfter), now, BERLIN).stalled;
        const after = stallOf(input(), policy(rottenAfter), now + later * 3_600_000, BERLIN).stalled;
        expect(before && !after).toBe(false);
      }),
    );
  });
});
