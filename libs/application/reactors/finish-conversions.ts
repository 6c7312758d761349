import { setTimeout as sleep } from 'node:timers/promises';
import type { WorkStore } from '#platform/work-store/port.js';
import type { Streams } from '../streams.js';
import { finishConversion } from '../commands/conversion.js';

const NAME = 'finish-conversions';
/** A checkpoint is saved after this many batches without a conversion, too, so that a restart has little to re-read. */
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
  for (let failures = 0; !signal.aborted; ) {
    try {
      let saved = await work.checkpoint(NAME);
      let savedAt = Date.now();
      for await (const batch of streams.events.subscribe(saved, signal)) {
        let finished = false;
        for (const event of batch.events) {
          if (event.type !== 'LeadConverted') continue;
          await finishConversion(streams, event);
          finished = true;
        }
        if (batch.position !== null && batch.position !== saved && (finished || Date.now() - savedAt > IDLE_SAVE_MS)) {
          await work.saveCheckpoint(NAME, batch.position);
          saved = batch.position;
          savedAt = Date.now();
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
