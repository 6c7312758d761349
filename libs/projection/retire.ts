import type { ViewSchema, ViewStore } from '#view-store/port.js';

/**
 * Removes a version of a view that nobody needs any more: under its lease, so that nobody writes what is dropped.
 * @param view name and version are enough
 * @returns false: another process leads it, and it stays
 */
export async function retire(
  views: Pick<ViewStore, 'acquireLease' | 'drop' | 'releaseLease'>,
  view: ViewSchema,
  holder: string,
  ttlMs: number,
): Promise<boolean> {
  if ((await views.acquireLease(view, holder, ttlMs)) === null) return false;
  try {
    await views.drop(view);
  } finally {
    await views.releaseLease(view, holder);
  }
  return true;
}
