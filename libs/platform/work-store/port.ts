/** Where reactors keep how far they have got. Durable: it is not rebuilt from anything. */
export interface WorkStore {
  /** Position of the last event that the reactor has handled; null before the first. */
  checkpoint(reactor: string): Promise<bigint | null>;
  /** Moves forward only: a position before the stored one is ignored. */
  saveCheckpoint(reactor: string, position: bigint): Promise<void>;
  close(): Promise<void>;
}
