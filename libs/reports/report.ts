import { filtersEcho } from './filters.js';
import type { ReportFilters } from './filters.js';
import { instantText, intervalOf } from './interval.js';
import type { CivilInterval, Interval } from './interval.js';
import { zoneOf } from './policies.js';
import type { Policies } from './policies.js';

/** What every report over a window is asked with. */
export interface ReportQuestion {
  readonly dates: CivilInterval;
  readonly filters: ReportFilters;
  /** `then`: filters and groups take what changes as it was; `now`: as it is at `asOf`. */
  readonly attributes: 'then' | 'now';
  readonly groupBy: GroupBy | null;
  /** Epoch milliseconds; null: now. */
  readonly asOf: number | null;
  readonly now: number;
  /** IANA zone; null: the organisation's. */
  readonly tz: string | null;
}

export type GroupBy = 'owner' | 'team' | 'source' | 'product';

/** The question with its defaults filled in. */
export interface ReportFrame {
  readonly interval: Interval;
  readonly zone: string;
  readonly asOf: number;
}

/** What every report starts with. */
export interface ReportHeader {
  readonly definition: string;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly interval: { readonly from: string; readonly to: string };
  readonly tz: string;
  readonly asOf: string;
  readonly n: number;
}

/** The rest of a report, or the rest for each group. The groups of owners sum to the whole; those of products need not. */
export type Grouped<Rest> = Rest | { readonly groups: readonly ({ readonly key: string | null } & Rest)[] };

export async function frameOf(policies: Policies, question: ReportQuestion): Promise<ReportFrame> {
  const zone = await zoneOf(policies, question.tz);
  return { zone, interval: intervalOf(question.dates, zone), asOf: question.asOf ?? question.now };
}

/** `own`: the report's own parameters, by their names in the query. */
export function headerOf(
  definition: string,
  own: Readonly<Record<string, unknown>>,
  question: ReportQuestion,
  frame: ReportFrame,
  n: number,
): ReportHeader {
  const { from, to } = question.dates;
  const asOf = instantText(frame.asOf);
  const { attributes, groupBy, filters } = question;
  const parameters = { ...own, from, to, attributes, groupBy, asOf, tz: frame.zone, ...filtersEcho(filters) };
  const interval = { from: instantText(frame.interval.from), to: instantText(frame.interval.to) };
  return { definition, parameters, interval, tz: frame.zone, asOf, n };
}
