import type { ViewReads, ViewStore } from '../port.js';

/** An engine under test. What several of its stores see is the same data. */
export interface ViewStoreHarness {
  readonly store: ViewStore;
  /** Closes the store (and those of `another`) and opens the same data again. */
  reopen(): Promise<ViewStore>;
  /** A second store over the same data, as another process would have it. */
  readonly another?: () => Promise<ViewStore>;
  /** Reads over the same data that do not go through the store. */
  readonly reads?: ViewReads;
  dispose(): Promise<void>;
}

/** Runs a test on a store of its own. */
export async function withStore(
  open: () => Promise<ViewStoreHarness>,
  test: (harness: ViewStoreHarness) => Promise<void>,
): Promise<void> {
  const harness = await open();
  try {
    await test(harness);
  } finally {
    await harness.dispose();
  }
}
