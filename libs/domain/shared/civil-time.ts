import type { EpochMs } from './decision.js';

/** What a clock on the wall shows. */
export interface LocalTime {
  /** Civil date, `2026-03-02`. */
  readonly date: string;
  /** `09:00:00.000` */
  readonly time: string;
}

/** Clocks of IANA time zones, handed in: the domain has no database of them. */
export interface CivilTime {
  localOf(instant: EpochMs, zone: string): LocalTime;
  /** A local time that does not exist that day is shifted past the gap; of two the first. */
  instantOf(local: LocalTime, zone: string): EpochMs;
}
