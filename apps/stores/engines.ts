import type { Configuration, EventEngine, ViewEngine } from '#platform/configuration.js';
import { dataFiles, type DataFiles } from '../api/embedded-stores.js';

/** The engines that a process runs on; may be handed to another thread. */
export interface Engines {
  readonly eventStore: EventEngine;
  readonly viewStore: ViewEngine;
  readonly lostKeys: Configuration['lostKeys'];
  /** What the embedded ones keep on disk; null when there are none, and nothing is. */
  readonly files: DataFiles | null;
}

/**
 * The engines that are configured. Makes the data folder if one of them is embedded.
 * @throws UnusableDataFolder
 */
export function enginesOf({ eventStore, viewStore, lostKeys, dataDir }: Configuration): Engines {
  const embedded = eventStore.kind === 'sqlite' || viewStore.kind === 'sqlite';
  return { eventStore, viewStore, lostKeys, files: embedded ? dataFiles(dataDir) : null };
}

/** The files of an embedded engine. */
export function filesOf({ files }: Engines): DataFiles {
  if (files === null) throw new Error('no engine is embedded: there is no data folder');
  return files;
}
