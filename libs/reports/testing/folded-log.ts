import { dealEventsAsOf } from '#domain/deal/deal.as-of.js';
import type { DealEvent } from '#domain/deal/deal.events.js';
import { foldDeal } from '#domain/deal/deal.evolve.js';
import type { DealState } from '#domain/deal/deal.state.js';
import type { Recorded } from '#domain/shared/decision.js';
import { decode } from '#event-store/codec.js';
import type { RecordedEvent } from '#event-store/event.js';
import { categoryOf, idOf } from '#event-store/streams.js';
import { foldView } from '#projection/fold.js';
import type { View } from '#projection/view.js';
import { DEAL_HISTORY_VIEW } from '#views/deal-history/deal-history.view.js';
import { DEALS_VIEW } from '#views/deals/deals.view.js';
import { isDealEvent } from '#views/domain-event.js';
import type { DealsAsOf } from '../stock.js';
import type { ViewContents } from './memory-views.js';

/** What the views of deals hold after a log. */
export function contentsOf(log: readonly RecordedEvent[]): readonly ViewContents[] {
  return [contents(DEALS_VIEW, log), contents(DEAL_HISTORY_VIEW, log)];
}

function contents<State extends object>(view: View<State>, log: readonly RecordedEvent[]): ViewContents {
  const { rows, counters } = foldView(view, log);
  return {
    schema: view.schema,
    rows: [...rows.values()],
    counters: [...counters.values()].map(({ counter, dimensions, measures }) => ({
      counter,
      dimensions,
      measures: Object.fromEntries(Object.entries(measures).map(([name, sum]) => [name, Number(sum)])),
    })),
  };
}

/** Every deal of the log, folded from its events: all of them, or those in force at an instant. */
export function dealsOf(log: readonly RecordedEvent[], asOf: number | null): ReadonlyMap<string, DealState> {
  const streams = new Map<string, Recorded<DealEvent>[]>();
  for (const event of log) {
    if (categoryOf(event.stream) !== 'deal') continue;
    const known = decode(event);
    const events = streams.get(event.stream) ?? [];
    streams.set(event.stream, events);
    if (isDealEvent(known)) events.push(known);
  }
  const deals = new Map<string, DealState>();
  for (const [stream, events] of streams) {
    const id = idOf(stream);
    const deal = foldDeal(asOf === null ? events : dealEventsAsOf(events, asOf), id);
    if (deal !== null) deals.set(id, deal);
  }
  return deals;
}

export function dealsAsOf(log: readonly RecordedEvent[]): DealsAsOf {
  return (ids, asOf) => {
    const all = dealsOf(log, asOf);
    return Promise.resolve(new Map([...all].filter(([id]) => ids.includes(id))));
  };
}
