import { fileURLToPath } from 'node:url';
import { StandInProcess } from '../orders.js';
import type { CommandFault } from './faults.js';

/** What the stand-in can be told to do. */
export type MongoOrder =
  | { readonly kind: 'refuse' }
  | { readonly kind: 'restart' }
  | { readonly kind: 'step-down'; readonly forMs: number }
  | { readonly kind: 'stand-alone' }
  | { readonly kind: 'suffer'; readonly fault: CommandFault }
  /** Nothing goes wrong any more; connections are taken again. */
  | { readonly kind: 'recover' };

/** Starts the stand-in as a process of its own. */
export function startMongoProcess(): Promise<StandInProcess<MongoOrder>> {
  return StandInProcess.start(fileURLToPath(new URL('./serve.js', import.meta.url)));
}
