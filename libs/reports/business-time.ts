import { Temporal } from 'temporal-polyfill';
import type { BusinessCalendar } from '#domain/settings/settings.events.js';
import type { Settings } from '#domain/settings/settings.js';

const DAY_MS = 86_400_000;
/** 1970-01-01 was a Thursday: the week of day 0 began three days before. */
const MONDAY_OFFSET = 3;

/**
 * Business days of an organisation: its working weekdays without its holidays, in an IANA zone. Days are counted with
 * arithmetic on day numbers, so that a thousand of them cost no more than one.
 */
export class BusinessTime {
  #days: BusinessDays | null = null;

  constructor(
    readonly zone: string,
    private readonly calendar: BusinessCalendar,
  ) {}

  /** As the settings say; `tz` in place of the organisation's zone, if it is given. */
  static of({ timeZone, businessCalendar }: Settings, tz: string | null = null): BusinessTime {
    return new BusinessTime(tz ?? timeZone, businessCalendar);
  }

  /**
   * `count` business days after the instant, at the same local time; a local time that does not exist that day is
   * shifted past the gap. A day off has no business time: any instant of it counts as the beginning of the next
   * business day, so that who is touched later never falls due earlier.
   */
  after(instant: number, count: number): number {
    const local = localTime(instant, this.zone);
    const day = dayNumber(local);
    const target = this.days.nth(this.days.before(day) + count);
    return toInstant(onDay(this.days.has(day) ? local : startOfDay(local), target), this.zone);
  }

  /**
   * The latest instant from which `count` business days are over by `instant`, the counterpart of `after`:
   * after(t, n) <= now exactly when t <= latestBefore(now, n). On a business day that is the same local time so many
   * business days before, on a day off the last millisecond of the day that the last business day comes from.
   * (Where clocks change on a business day, the hour around the change may differ.)
   */
  latestBefore(instant: number, count: number): number {
    const local = localTime(instant, this.zone);
    const day = dayNumber(local);
    const before = this.days.before(day);
    if (this.days.has(day)) return toInstant(onDay(local, this.days.nth(before - count)), this.zone);
    return toInstant(onDay(startOfDay(local), this.days.nth(before - 1 - count) + 1), this.zone) - 1;
  }

  /** The same local time so many calendar months later, on the last day of a month that is too short. */
  monthsAfter(instant: number, months: number): number {
    return toInstant(localTime(instant, this.zone).add({ months }), this.zone);
  }

  private get days(): BusinessDays {
    return (this.#days ??= new BusinessDays(this.calendar));
  }
}

/** Business days by number: day 0 is 1970-01-01. */
class BusinessDays {
  /** Monday first. */
  readonly #works: readonly boolean[];
  /** Of a week that begins on Monday: for each day how many working days come before it, and for the whole week. */
  readonly #inWeekBefore: readonly number[];
  readonly #perWeek: number;
  /** Those that fall on a working weekday, ascending. */
  readonly #holidays: readonly number[];

  constructor({ workingDays, holidays }: BusinessCalendar) {
    const works = Array.from({ length: 7 }, (_, index) => workingDays.includes(index + 1));
    this.#inWeekBefore = works.map((_, index) => works.slice(0, index).filter(Boolean).length);
    this.#perWeek = works.filter(Boolean).length;
    this.#works = works;
    const days = holidays.map((date) => Date.parse(date) / DAY_MS).filter((day) => works[weekday(day)]);
    this.#holidays = [...new Set(days)].sort((a, b) => a - b);
  }

  has(day: number): boolean {
    return this.#works[weekday(day)] === true && this.#holidays[this.#holidaysBefore(day)] !== day;
  }

  /** Business days before a day, counted from a fixed one. */
  before(day: number): number {
    const weeks = Math.floor((day + MONDAY_OFFSET) / 7);
    return weeks * this.#perWeek + (this.#inWeekBefore[weekday(day)] ?? 0) - this.#holidaysBefore(day);
  }

  /** The business day that has so many before it. */
  nth(count: number): number {
    // Holidays only ever put it off, each by one working day at most.
    let first = Math.floor(count / this.#perWeek) * 7 - MONDAY_OFFSET;
    let last = (Math.floor((count + this.#holidays.length) / this.#perWeek) + 1) * 7 - MONDAY_OFFSET;
    while (first < last) {
      const middle = Math.floor((first + last) / 2);
      if (this.before(middle + 1) > count) last = middle;
      else first = middle + 1;
    }
    return first;
  }

  #holidaysBefore(day: number): number {
    let [low, high] = [0, this.#holidays.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#holidays[middle] ?? Infinity) < day) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** Monday is 0. */
function weekday(day: number): number {
  return (((day + MONDAY_OFFSET) % 7) + 7) % 7;
}

function localTime(instant: number, zone: string): Temporal.PlainDateTime {
  return Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(zone).toPlainDateTime();
}

function toInstant(local: Temporal.PlainDateTime, zone: string): number {
  return local.toZonedDateTime(zone, { disambiguation: 'compatible' }).epochMilliseconds;
}

function startOfDay(local: Temporal.PlainDateTime): Temporal.PlainDateTime {
  return local.withPlainTime();
}

function dayNumber({ year, month, day }: Temporal.PlainDateTime): number {
  return Date.UTC(year, month - 1, day) / DAY_MS;
}

function onDay(local: Temporal.PlainDateTime, day: number): Temporal.PlainDateTime {
  return local.add({ days: day - dayNumber(local) });
}
