import type { KeyVault } from '../port.js';
import type { Place } from './place.js';

/** An engine under test. What several of its vaults see is the same keys. */
export interface KeyVaultHarness {
  readonly vault: KeyVault;
  /** What a process of its own opens; absent when no other process can. */
  readonly place?: Place;
  /** A second vault over the same keys, as another process would have it. */
  another(): Promise<KeyVault>;
  /** Closes all that were opened and opens the same keys again. */
  reopen(): Promise<KeyVault>;
  /** All that is on the disk of it, where it is the engine's own to remove. */
  readonly bytesOnDisk?: () => Promise<Buffer>;
  dispose(): Promise<void>;
}

/** Runs a test on a vault of its own. */
export async function withVault(
  open: () => Promise<KeyVaultHarness>,
  test: (harness: KeyVaultHarness) => Promise<void>,
): Promise<void> {
  const harness = await open();
  try {
    await test(harness);
  } finally {
    await harness.dispose();
  }
}
