import type { RecordedEvent } from '#event-store/event.js';
import { foldView } from '#projection/fold.js';
import type { View } from '#projection/view.js';
import type { Increment, Row } from '#view-store/port.js';

export interface Folded {
  /** Rows of one table, in the order in which the view gives them. */
  readonly rows: (table: string) => readonly Row[];
  readonly counters: readonly Increment[];
}

/** What a view makes of a log in one clean fold. */
export function folded<State extends object>(view: View<State>, log: readonly RecordedEvent[]): Folded {
  const { rows, counters } = foldView(view, log);
  return {
    rows: (table) => [...rows.values()].filter((row) => row.table === table).map(({ row }) => row),
    counters: [...counters.values()].map(({ counter, dimensions, measures }) => ({
      counter,
      dimensions,
      measures: Object.fromEntries(Object.entries(measures).map(([name, sum]) => [name, Number(sum)])),
    })),
  };
}

/** A row cut down to some columns, for a spec that is about these alone. */
export function only(columns: readonly string[], row: Row | undefined): Record<string, unknown> {
  return Object.fromEntries(columns.map((column) => [column, row?.[column]]));
}
