import { setTimeout as sleep } from 'node:timers/promises';
import { StoreUnavailable, UnreadableEvent } from '../port.js';

/** A server that is restarted or moved is back within this time. */
const PATIENCE_MS = 60_000;

/**
 * Does the same again while the store is out of reach. What is sent again must be the same, as what was sent before
 * may have been stored.
 * @throws StoreUnavailable it stays out of reach
 */
export async function patiently<T>(work: () => Promise<T>, patienceMs = PATIENCE_MS): Promise<T> {
  const deadline = performance.now() + patienceMs;
  for (let pause = 50; ; pause = Math.min(2_000, pause * 2)) {
    try {
      return await work();
    } catch (error) {
      const passes = error instanceof StoreUnavailable && !(error instanceof UnreadableEvent);
      if (!passes || performance.now() + pause > deadline) throw error;
      await sleep(pause);
    }
  }
}
