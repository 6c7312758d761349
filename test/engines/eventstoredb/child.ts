import { fileURLToPath } from 'node:url';
import { StandInProcess } from '../orders.js';
import type { Faults } from './faults.js';

/** What the stand-in can be told to do. */
export type EventStoreOrder =
  | { readonly kind: 'refuse' }
  | { readonly kind: 'accept' }
  | { readonly kind: 'restart' }
  /** From now on; see `Faults`. */
  | { readonly kind: 'suffer'; readonly faults: Partial<Omit<Faults, 'take' | 'pass' | 'clear' | 'active'>> }
  | { readonly kind: 'recover' };

export type EventStoreProcess = StandInProcess<EventStoreOrder>;

/** Starts the stand-in as a process of its own. */
export function startStandInProcess(): Promise<EventStoreProcess> {
  return StandInProcess.start(fileURLToPath(new URL('./serve.js', import.meta.url)));
}
