import { setTimeout as sleep } from 'node:timers/promises';
import { currentSchema } from '#event-store/codec.js';
import { sealEvent } from '#event-store/envelope.js';
import type { EventData, JsonObject, RecordedEvent } from '#event-store/event.js';
import { NO_STREAM, StoreUnavailable, WrongExpectedRevision, type AppendResult } from '#event-store/port.js';
import type { CommandContext, Decided, Decision, DomainEvent, EpochMs } from '#domain/shared/decision.js';
import type { Aggregate } from './aggregate.js';
import { Deadline } from './deadline.js';
import { CommandConflict, CommandRejected, IdempotencyKeyReused, OutcomeUnknown, StaleRevision } from './errors.js';
import { Lru } from './lru.js';
import { SealedForms } from './personal/personal-texts.js';
import type { CommandRequest } from './request.js';
import type { CommandRecord, Loaded, Streams } from './streams.js';

const ATTEMPTS = 5;
/** A command answers within this time, or says that its outcome is unknown. */
export const DEADLINE_MS = 5_000;
/** At most this many events are named in a stale answer. */
const SINCE_LIMIT = 100;

/** What a command did. */
export interface Outcome<State> {
  readonly id: string;
  readonly state: State;
  readonly revision: number;
  readonly position: bigint;
  /** The events of this command, also when it is a replay; none when it changed nothing. */
  readonly events: readonly (EventData & { readonly revision: number })[];
  readonly replayed: boolean;
}

type Decide<State> = (
  state: State | null,
  context: CommandContext,
) => Decision<DomainEvent> | Promise<Decision<DomainEvent>>;

/** Whether something was sent of which it is not known if it is, or will be, stored. */
interface Sent {
  unknown: boolean;
}

/** The load-decide-append loop: one for all commands. */
export class CommandExecutor {
  /**
   * Fingerprints of keyed commands by their ids: catches a key that is used again for another stream while this process
   * remembers.
   */
  readonly #recent = new Lru<string, string>(50_000);

  constructor(
    readonly streams: Streams,
    private readonly clock: () => EpochMs = Date.now,
    /** A command is answered within this time. */
    readonly deadlineMs = DEADLINE_MS,
  ) {}

  /**
   * Runs one command on one stream.
   * @throws CommandRejected, StaleRevision, IdempotencyKeyReused, CommandConflict, OutcomeUnknown, StoreUnavailable
   */
  async execute<State>(
    aggregate: Aggregate<State>,
    id: string,
    request: CommandRequest,
    decide: Decide<State>,
  ): Promise<Outcome<State>> {
    const known = request.keyed ? this.#recent.get(request.commandId) : undefined;
    if (known !== undefined && known !== request.fingerprint) throw new IdempotencyKeyReused();
    const deadline = new Deadline(this.deadlineMs);
    const sent: Sent = { unknown: false };
    try {
      return await deadline.within(this.#run(aggregate, id, request, decide, deadline, sent));
    } catch (error) {
      if (sent.unknown && error instanceof StoreUnavailable) throw new OutcomeUnknown({ cause: error });
      throw error;
    }
  }

  async #run<State>(
    aggregate: Aggregate<State>,
    id: string,
    request: CommandRequest,
    decide: Decide<State>,
    deadline: Deadline,
    sent: Sent,
  ): Promise<Outcome<State>> {
    // What is remembered may be behind. A decision that appends is checked by the store; any other is taken anew.
    let remembered = this.streams.cached(aggregate, id);
    let refused: StoreUnavailable | null = null;
    const forms = new SealedForms();
    const { personal } = this.streams;
    for (let attempt = 1; ;) {
      const loaded = remembered ?? (await this.streams.load(aggregate, id));
      const record = loaded.commands.get(request.commandId);
      if (record !== undefined) return await this.#replay(id, loaded, request, record);
      // The stream has gone on without what was sent, so that it can never be stored any more.
      if (remembered === undefined) sent.unknown = false;
      if (refused !== null) throw refused;
      if (attempt > ATTEMPTS) throw new CommandConflict(loaded.stream);

      const now = this.clock();
      const state = aggregate.opens ? await personal.open(loaded.state, forms) : loaded.state;
      const decision = isStale(loaded, request) ? null : await decide(state, contextOf(request, now));
      if (remembered !== undefined && (decision === null || !decision.ok || decision.events.length === 0)) {
        remembered = undefined;
        continue;
      }
      if (decision === null) throw await this.#staleRevision(loaded, request);
      if (!decision.ok) throw new CommandRejected(decision.rejection);
      if (decision.events.length === 0) return settled(id, loaded, []);

      const decided = await personal.seal(loaded.stream, decision.events, forms);
      const events = seal(loaded, decided, request, now);
      let result: AppendResult | null = null;
      try {
        result = await this.#append(loaded, events, deadline, sent);
      } catch (error) {
        // That nothing is written is said only of a stream that was looked at: an earlier try may have been stored.
        if (remembered === undefined || sent.unknown || !(error instanceof StoreUnavailable)) throw error;
        refused = error;
      }
      if (result === null) {
        if (refused === null) await sleep(Math.random() * 5 * attempt);
        attempt += 1;
        remembered = undefined;
        continue;
      }
      if (request.keyed) this.#recent.set(request.commandId, request.fingerprint);
      const after = this.streams.appended(aggregate, id, loaded, events, result);
      return settled(id, after, withRevisions(events, loaded.revision + 1));
    }
  }

  async #replay<State>(
    id: string,
    loaded: Loaded<State>,
    request: CommandRequest,
    record: CommandRecord,
  ): Promise<Outcome<State>> {
    if (record.fingerprint !== request.fingerprint) throw new IdempotencyKeyReused();
    const events = await this.streams.events.readStream(loaded.stream, {
      from: record.firstRevision,
      limit: record.lastRevision - record.firstRevision + 1,
    });
    return {
      ...settled(
        id,
        loaded,
        events.filter((event) => event.metadata.commandId === request.commandId),
      ),
      revision: record.lastRevision,
      position: record.position,
      replayed: true,
    };
  }

  async #staleRevision(loaded: Loaded<unknown>, request: CommandRequest): Promise<StaleRevision> {
    const expected = request.ifMatch ?? NO_STREAM;
    const since = await this.streams.events.readStream(loaded.stream, {
      from: expected + 1,
      limit: SINCE_LIMIT,
    });
    return new StaleRevision(expected, loaded.revision, since.map(summary));
  }

  /**
   * Resends the same bytes while the outcome is unknown; both stores answer a resend of stored events with success.
   * @returns null when the stream is elsewhere
   */
  async #append(
    loaded: Loaded<unknown>,
    events: readonly EventData[],
    deadline: Deadline,
    sent: Sent,
  ): Promise<AppendResult | null> {
    for (let attempt = 1; ; attempt++) {
      if (deadline.left === 0) throw new StoreUnavailable('there was no time left to append', true);
      const before = sent.unknown;
      sent.unknown = true;
      try {
        return await this.streams.events.append(loaded.stream, loaded.revision, events);
      } catch (error) {
        sent.unknown = before || (error instanceof StoreUnavailable && !error.nothingWritten);
        if (error instanceof WrongExpectedRevision) return null;
        if (!(error instanceof StoreUnavailable) || !sent.unknown) throw error;
        const pause = Math.min(500, 20 * 2 ** attempt) * (0.5 + Math.random() / 2);
        if (pause >= deadline.left) throw error;
        await sleep(pause);
      }
    }
  }
}

/** A stream that does not exist has no revision to be stale: its decider says what is wrong. */
function isStale(loaded: Loaded<unknown>, { ifMatch }: CommandRequest): boolean {
  return ifMatch !== undefined && loaded.revision !== NO_STREAM && ifMatch !== loaded.revision;
}

function contextOf({ caller, occurredAt }: CommandRequest, now: EpochMs): CommandContext {
  const context = { now, actor: caller.actor, mayOverride: caller.mayOverride };
  return occurredAt === undefined ? context : { ...context, occurredAt };
}

function seal(
  loaded: Loaded<unknown>,
  events: readonly Decided<DomainEvent>[],
  request: CommandRequest,
  now: EpochMs,
): EventData[] {
  // A clock that was set back does not take the stream back with it.
  const recorded = Math.max(now, loaded.recordedAt);
  const recordedAt = new Date(recorded).toISOString();
  const sealed: EventData[] = [];
  let prevHash = loaded.hash;
  for (const [index, event] of events.entries()) {
    const next = sealEvent(loaded.stream, loaded.revision + 1 + index, prevHash, {
      type: event.type,
      // Domain payloads are plain JSON by construction; canonicalising throws on anything else.
      data: event.data as JsonObject,
      metadata: {
        commandId: request.commandId,
        request: request.fingerprint,
        correlationId: request.correlationId,
        causationId: request.causationId ?? request.commandId,
        actor: request.caller.actor,
        occurredAt: event.occurredAt === recorded ? recordedAt : new Date(event.occurredAt).toISOString(),
        recordedAt,
        schema: currentSchema(event.type),
      },
    });
    sealed.push(next);
    prevHash = next.metadata.hash;
  }
  return sealed;
}

function withRevisions(events: readonly EventData[], first: number): (EventData & { revision: number })[] {
  return events.map(({ id, type, data, metadata }, index) => ({ id, type, data, metadata, revision: first + index }));
}

/** @param events of the command */
function settled<State>(id: string, loaded: Loaded<State>, events: Outcome<State>['events']): Outcome<State> {
  const { stream, state, revision, position } = loaded;
  if (state === null || position === null) throw new Error(`${stream} is empty after a command`);
  return { id, state, revision, position, events, replayed: false };
}

function summary(event: RecordedEvent) {
  return {
    revision: event.revision,
    type: event.type,
    actor: event.metadata.actor,
    occurredAt: event.metadata.occurredAt,
  };
}
