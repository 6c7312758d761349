import { decode } from '#event-store/codec.js';
import type { RecordedEvent } from '#event-store/event.js';
import type { EventStore } from '#event-store/port.js';
import { categoryOf } from '#event-store/streams.js';
import type { Recorded } from '#domain/shared/decision.js';
import type { SettingsEvent } from '#domain/settings/settings.events.js';
import { evolveSettings } from '#domain/settings/settings.evolve.js';
import type { Settings } from '#domain/settings/settings.js';
import { settingsNow, type SettingsState } from '#domain/settings/settings.state.js';
import { SETTINGS } from '../aggregate.js';
import { MAIN } from '../policies.js';

/**
 * The settings as they were at a place in the log, for a reactor that meets every event of it: read when they are first
 * asked for, and again only after an event of their own. Clocks of several processes do not matter.
 */
export class SettingsInLog {
  #events: readonly RecordedEvent[] | null = null;
  /** The fold of so many events. */
  #folded: { readonly count: number; readonly settings: Settings } | null = null;

  constructor(private readonly store: Pick<EventStore, 'readStream'>) {}

  /** Whether the event has to be met. */
  static isChangedBy(event: RecordedEvent): boolean {
    return categoryOf(event.stream) === SETTINGS.category;
  }

  /** To be told of every event that changes settings, before anything is asked about those after it. */
  met(event: RecordedEvent): void {
    if (SettingsInLog.isChangedBy(event)) this.#events = null;
  }

  /** In force at a position that was met. */
  async at(position: bigint): Promise<Settings> {
    this.#events ??= await this.store.readStream(SETTINGS.stream(MAIN));
    const later = this.#events.findIndex((event) => event.position > position);
    const count = later < 0 ? this.#events.length : later;
    if (this.#folded?.count !== count) {
      this.#folded = { count, settings: settingsNow(foldSettings(this.#events.slice(0, count))) };
    }
    return this.#folded.settings;
  }
}

/** The stream's name says which union its events are of. */
function foldSettings(events: readonly RecordedEvent[]): SettingsState | null {
  return events.reduce<SettingsState | null>(
    (state, event) => evolveSettings(state, decode(event) as Recorded<SettingsEvent>),
    null,
  );
}
