export const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

/** Times as a story tells them: so many days before the run, so that every run tells the same story. */
export class Calendar {
  readonly now: number;

  constructor(now: number) {
    this.now = Math.floor(now / MINUTE_MS) * MINUTE_MS;
  }

  /** RFC 3339, whole minutes. Negative days are in the future. */
  instant(daysAgo: number): string {
    return `${this.#at(daysAgo).slice(0, 16)}:00Z`;
  }

  /** Civil date in UTC. */
  date(daysAgo: number): string {
    return this.#at(daysAgo).slice(0, 10);
  }

  #at(daysAgo: number): string {
    return new Date(this.now - daysAgo * DAY_MS).toISOString();
  }
}

/** Where one story has got to. It never goes back, and never beyond the present. */
export class StoryTime {
  #daysAgo: number;

  constructor(
    readonly calendar: Calendar,
    daysAgo: number,
  ) {
    this.#daysAgo = daysAgo;
  }

  get daysAgo(): number {
    return this.#daysAgo;
  }

  /** The body field of what happens now in the story. */
  get occurredAt(): string {
    return this.calendar.instant(this.#daysAgo);
  }

  /** Civil date, counted from here on. */
  dateIn(days: number): string {
    return this.calendar.date(this.#daysAgo - days);
  }

  /** Goes on; false, without a step, when that would be later than the present. */
  pass(days: number): boolean {
    if (this.#daysAgo - days <= 0) return false;
    this.#daysAgo -= days;
    return true;
  }

  /** The same moment, for another story that goes on from here. */
  fork(): StoryTime {
    return new StoryTime(this.calendar, this.#daysAgo);
  }
}
