import { decode } from '#event-store/codec.js';
import { formatInstant } from '#domain/shared/instant.js';
import { latestRates, ratesBetween } from '#domain/settings/exchange-rates.js';
import { settingsNow, type SettingsState } from '#domain/settings/settings.state.js';
import { SETTINGS } from '../aggregate.js';
import { civilDateAt } from '../civil-today.js';
import { MAIN } from '../policies.js';
import type { Streams } from '../streams.js';
import { eventAnswer } from './history.query.js';

/** The organisation's settings. */
export class SettingsQuery {
  constructor(private readonly streams: Streams) {}

  /**
   * All policies in force, with the last rate of each currency. `asOf` in epoch milliseconds: what was in force and
   * known then; null: now. Before the first setting the defaults hold, and the revision is null.
   */
  async settings(asOf: number | null) {
    const state = asOf === null ? (await this.streams.load(SETTINGS, MAIN)).state : await this.#stateAsOf(asOf);
    const { exchangeRates, ...policies } = settingsNow(state);
    const today = civilDateAt(asOf ?? Date.now(), policies.timeZone);
    return {
      id: MAIN,
      revision: state?.revision ?? null,
      asOf: asOf === null ? null : formatInstant(asOf),
      ...policies,
      exchangeRates: latestRates(exchangeRates, today),
    };
  }

  /** The rates of all days from `from` until `to`, exclusive. */
  async exchangeRates(from: string, to: string) {
    const { state } = await this.streams.load(SETTINGS, MAIN);
    return { items: ratesBetween(settingsNow(state).exchangeRates, from, to), next: null };
  }

  /** What was changed, verbatim, ascending, after a revision. */
  async events(after: number | null, limit: number) {
    const stream = SETTINGS.stream(MAIN);
    const from = after === null ? 0 : after + 1;
    const events = await this.streams.events.readStream(stream, { from, limit: limit + 1 });
    const items = events.slice(0, limit);
    return {
      items: items.map(eventAnswer),
      next: events.length > limit ? String(items.at(-1)?.revision) : null,
    };
  }

  async #stateAsOf(asOf: number): Promise<SettingsState | null> {
    let state: SettingsState | null = null;
    for (const event of await this.streams.events.readStream(SETTINGS.stream(MAIN))) {
      if (decode(event).occurredAt > asOf) break;
      state = SETTINGS.evolve(state, MAIN, event);
    }
    return state;
  }
}
