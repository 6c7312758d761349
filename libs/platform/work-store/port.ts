/** The last event that a reactor has handled: its position, and its hash, as another log may hold another event there. */
export interface ReactorCheckpoint {
  readonly position: bigint;
  readonly hash: string;
}

/** Where reactors keep how far they have got. Durable: it is not rebuilt from anything. */
export interface WorkStore {
  /** Null before the first. */
  checkpoint(reactor: string): Promise<ReactorCheckpoint | null>;
  /** Moves forward only: a position before the stored one is ignored. */
  saveCheckpoint(reactor: string, checkpoint: ReactorCheckpoint): Promise<void>;
  /** Forgets this checkpoint, so that the reactor begins anew; one that has been moved meanwhile stays. */
  forgetCheckpoint(reactor: string, checkpoint: ReactorCheckpoint): Promise<void>;
  close(): Promise<void>;
}
