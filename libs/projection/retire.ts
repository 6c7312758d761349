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

/**
 * Removes the versions before this one.
 * @param onRemoved told of each
 * @returns whether none is left; else another process leads one
 */
export async function retireEarlier(
  views: Pick<ViewStore, 'versions' | 'acquireLease' | 'drop' | 'releaseLease'>,
  view: ViewSchema,
  holder: string,
  ttlMs: number,
  onRemoved: (version: number) => void,
): Promise<boolean> {
  let isDone = true;
  for (const version of await views.versions(view)) {
    if (version >= view.version) continue;
    if (await retire(views, { ...view, version }, holder, ttlMs)) onRemoved(version);
    else isDone = false;
  }
  return isDone;
}
