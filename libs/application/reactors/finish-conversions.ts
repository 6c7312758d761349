import { setTimeout as sleep } from 'node:timers/promises';
import type { EventStore } from '#event-store/port.js';
import type { ReactorCheckpoint, WorkStore } from '#platform/work-store/port.js';
import { isInLog } from '#projection/log-check.js';
import { finishConversion } from '../commands/conversion.js';
import { CommandRejected } from '../errors.js';
import type { Streams } from '../streams.js';

const NAME = 'finish-conversions';
/** A checkpoint is saved after this time without a conversion, too, so that a restart has little to re-read. */
const IDLE_SAVE_MS = 2_000;

/**
 * The durable reactor on LeadConverted: opens the deal if the process died before it could. It runs over the log from
 * its own checkpoint; finishing is idempotent, so it may meet an event any number of times.
 */
export async function finishConversions(
  streams: Streams,
  work: WorkStore,
  signal: AbortSignal,
  onError: (error: unknown) => void,
): Promise<void> {
  for (let failures = 0; !signal.aborted;) {
    try {
      const saved = await checkpointInLog(streams.events, work);
      let savedAt = Date.now();
      let due = false;
      let effectsUpTo = 0n;
      for await (const batch of streams.events.subscribe(saved?.position ?? null, signal)) {
        for (const event of batch.events) {
          if (event.type !== 'LeadConverted') continue;
          try {
            const { deal } = await finishConversion(streams, event);
            if (deal.position > effectsUpTo) effectsUpTo = deal.position;
          } catch (error) {
            // A deal that another command opened stays so: trying again would hold up all later conversions.
            if (!(error instanceof CommandRejected)) throw error;
            onError(error);
          }
          due = true;
        }
        const last = batch.events.at(-1);
        // Only behind its effects: a log that still holds the event of the checkpoint then holds them as well.
        const isBehindEffects = last !== undefined && last.position >= effectsUpTo;
        if (isBehindEffects && (due || Date.now() - savedAt > IDLE_SAVE_MS)) {
          await work.saveCheckpoint(NAME, { position: last.position, hash: last.metadata.hash });
          savedAt = Date.now();
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

/**
 * A log that lost its end (a torn file, an older backup) gives the positions out anew, to other events: the checkpoint
 * would hide conversions among them, so the reactor begins at the first event again.
 */
async function checkpointInLog(events: EventStore, work: WorkStore): Promise<ReactorCheckpoint | null> {
  const saved = await work.checkpoint(NAME);
  if (saved === null || (await isInLog(events, saved))) return saved;
  await work.forgetCheckpoint(NAME, saved);
  return null;
}
