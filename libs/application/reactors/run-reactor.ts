import { setTimeout as sleep } from 'node:timers/promises';
import type { RecordedEvent } from '#event-store/event.js';
import type { EventStore } from '#event-store/port.js';
import type { ReactorCheckpoint, WorkStore } from '#platform/work-store/port.js';
import { isInLog } from '#projection/log-check.js';
import { CommandRejected } from '../errors.js';

/** A checkpoint is saved after this time without a reaction, too, so that a restart has little to re-read. */
const IDLE_SAVE_MS = 2_000;

/** Where reactors keep how far they have got. */
export type Checkpoints = Pick<WorkStore, 'checkpoint' | 'saveCheckpoint' | 'forgetCheckpoint'>;

/** What is done, some time later but surely, because an event is in the log. */
export interface Reactor {
  /** Names its checkpoint in the work store: fixed for ever. */
  readonly name: string;
  /** What the log says when it fails: a sentence for the operator. */
  readonly failing: string;
  /** Whether the event may ask for anything: most events ask nothing of most reactors, and are met by no more than this. */
  concerns(event: RecordedEvent): boolean;
  /** Where its checkpoint is, if not in the work store. */
  readonly checkpoints?: Checkpoints;
  /**
   * Does what the event asks for. It may meet an event any number of times, and doing it again must change nothing.
   * Answers the position of the last event that it appended or found appended; null when there is none.
   * @throws CommandRejected what is refused now would be refused again: it is reported, and the reactor goes on
   * @throws any other error: it is tried again, for ever; later events wait
   */
  react(event: RecordedEvent, signal: AbortSignal): Promise<bigint | null>;
}

/** Runs a reactor over the log from its own checkpoint, until the signal. Never throws. */
export async function runReactor(
  reactor: Reactor,
  events: EventStore,
  workStore: Checkpoints,
  signal: AbortSignal,
  onError: (error: unknown) => void,
): Promise<void> {
  const work = reactor.checkpoints ?? workStore;
  for (let failures = 0; !signal.aborted;) {
    try {
      const saved = await checkpointInLog(reactor.name, events, work);
      let savedAt = performance.now();
      let due = false;
      let effectsUpTo = 0n;
      for await (const batch of events.subscribe(saved?.position ?? null, signal)) {
        for (const event of batch.events) {
          if (!reactor.concerns(event)) continue;
          const effect = await react(reactor, event, signal, onError);
          if (effect === null) continue;
          if (effect > effectsUpTo) effectsUpTo = effect;
          due = true;
        }
        const last = batch.events.at(-1);
        // Only behind its effects: a log that still holds the event of the checkpoint then holds them as well.
        const isBehindEffects = last !== undefined && last.position >= effectsUpTo;
        if (isBehindEffects && (due || performance.now() - savedAt > IDLE_SAVE_MS)) {
          await work.saveCheckpoint(reactor.name, { position: last.position, hash: last.metadata.hash });
          savedAt = performance.now();
          due = false;
        }
        failures = 0;
      }
    } catch (error) {
      if (signal.aborted) return;
      onError(error);
      failures += 1;
      await sleep(Math.min(5_000, 50 * 2 ** failures) * (0.5 + Math.random() / 2), undefined, { signal }).catch(
        () => undefined,
      );
    }
  }
}

async function react(
  reactor: Reactor,
  event: RecordedEvent,
  signal: AbortSignal,
  onError: (error: unknown) => void,
): Promise<bigint | null> {
  try {
    return await reactor.react(event, signal);
  } catch (error) {
    if (!(error instanceof CommandRejected)) throw error;
    onError(error);
    return null;
  }
}

/**
 * A log that lost its end (a torn file, an older backup) gives the positions out anew, to other events: the checkpoint
 * would hide some among them that ask for something, so the reactor begins at the first event again.
 */
async function checkpointInLog(name: string, events: EventStore, work: Checkpoints): Promise<ReactorCheckpoint | null> {
  const saved = await work.checkpoint(name);
  if (saved === null || (await isInLog(events, saved))) return saved;
  await work.forgetCheckpoint(name, saved);
  return null;
}
