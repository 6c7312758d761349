import { setTimeout as pause } from 'node:timers/promises';
import type { ViewReads, ViewSchema } from '#view-store/port.js';

const FIRST_PAUSE_MS = 2;
const LONGEST_PAUSE_MS = 25;

export type WaitOutcome =
  | { readonly ok: true }
  /** The view that is behind, and where it is (null: nowhere yet). */
  | { readonly ok: false; readonly view: string; readonly position: bigint | null };

/**
 * Waits until all views have folded in the event at `position`, so that a client reads what it has written.
 * @throws errors of the view store
 */
export async function waitForPosition(
  views: Pick<ViewReads, 'checkpoint'>,
  schemas: readonly ViewSchema[],
  position: bigint,
  timeoutMs: number,
): Promise<WaitOutcome> {
  const deadline = performance.now() + timeoutMs;
  let pauseMs = FIRST_PAUSE_MS;
  for (const schema of schemas) {
    for (;;) {
      const reached = (await views.checkpoint(schema))?.position ?? null;
      if (reached !== null && reached >= position) break;
      const left = deadline - performance.now();
      if (left <= 0) return { ok: false, view: schema.view, position: reached };
      await pause(Math.min(pauseMs, left));
      pauseMs = Math.min(LONGEST_PAUSE_MS, pauseMs * 1.5);
    }
  }
  return { ok: true };
}
