import { GENESIS_HASH } from '#event-store/envelope.js';
import type { EventData, RecordedEvent } from '#event-store/event.js';
import { NO_STREAM, type AppendResult, type EventStore } from '#event-store/port.js';
import { parseStoredTime } from '#event-store/stored-time.js';
import type { EpochMs } from '#domain/shared/decision.js';
import type { Aggregate } from './aggregate.js';
import { Lru } from './lru.js';
import type { PersonalTexts } from './personal/personal-texts.js';

/** What a command left in its stream. */
export interface CommandRecord {
  readonly fingerprint: string;
  readonly firstRevision: number;
  readonly lastRevision: number;
  /** Position of its last event. */
  readonly position: bigint;
}

/** A stream, folded to its end. Personal strings are in the state as the events have them: sealed. */
export interface Loaded<State> {
  readonly stream: string;
  readonly state: State | null;
  /** NO_STREAM when there is none. */
  readonly revision: number;
  readonly position: bigint | null;
  readonly hash: string;
  readonly recordedAt: EpochMs;
  /** By command id. Shared between the folds of one stream: entries are only ever added, and are true for ever. */
  readonly commands: Map<string, CommandRecord>;
}

function empty<State>(stream: string): Loaded<State> {
  return {
    stream,
    state: null,
    revision: NO_STREAM,
    position: null,
    hash: GENESIS_HASH,
    recordedAt: 0,
    commands: new Map(),
  };
}

/** Folds streams, keeping a bounded number of them in memory: only the tail after the cached revision is read. */
export class Streams {
  readonly #cache: Lru<string, Loaded<unknown>>;

  constructor(
    readonly events: EventStore,
    readonly personal: PersonalTexts,
    capacity = 10_000,
  ) {
    this.#cache = new Lru(capacity);
  }

  /** The stream as this process last saw it: true, but perhaps not the newest. */
  cached<State>(aggregate: Aggregate<State>, id: string): Loaded<State> | undefined {
    // What was put under a stream's name was folded by its category's aggregate.
    return this.#cache.get(aggregate.stream(id)) as Loaded<State> | undefined;
  }

  /** The stream to its present end. */
  async load<State>(aggregate: Aggregate<State>, id: string): Promise<Loaded<State>> {
    const stream = aggregate.stream(id);
    const base = this.cached(aggregate, id) ?? empty<State>(stream);
    const tail = await this.events.readStream(stream, { from: base.revision + 1 });
    return tail.length === 0 ? base : this.#advance(aggregate, id, base, tail);
  }

  /** Takes in what was just appended, without reading it back. */
  appended<State>(
    aggregate: Aggregate<State>,
    id: string,
    base: Loaded<State>,
    events: readonly EventData[],
    result: AppendResult,
  ): Loaded<State> {
    const recorded = events.map(({ id: eventId, type, data, metadata }, index): RecordedEvent => ({
      id: eventId,
      type,
      data,
      metadata,
      stream: base.stream,
      revision: base.revision + 1 + index,
      // Only the last one's place is known, and only the last one's is ever asked for.
      position: result.position,
    }));
    return this.#advance(aggregate, id, base, recorded);
  }

  #advance<State>(
    aggregate: Aggregate<State>,
    id: string,
    base: Loaded<State>,
    events: readonly RecordedEvent[],
  ): Loaded<State> {
    let state = base.state;
    for (const event of events) {
      state = aggregate.evolve(state, id, event);
      const { commandId, request } = event.metadata;
      const known = base.commands.get(commandId);
      if (known === undefined || known.lastRevision < event.revision) {
        base.commands.set(commandId, {
          fingerprint: request,
          firstRevision: known?.firstRevision ?? event.revision,
          lastRevision: event.revision,
          position: event.position,
        });
      }
    }
    const last = events[events.length - 1];
    if (last === undefined) return base;
    const loaded: Loaded<State> = {
      stream: base.stream,
      state,
      revision: last.revision,
      position: last.position,
      hash: last.metadata.hash,
      recordedAt: parseStoredTime(last.metadata.recordedAt),
      commands: base.commands,
    };
    this.#cache.set(base.stream, loaded);
    return loaded;
  }
}
