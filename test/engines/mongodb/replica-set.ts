import { Long, ObjectId } from 'bson';
import type { Document } from './documents.js';

/** A replica set of one node, as its primary tells of it. */
export class ReplicaSet {
  private processId = new ObjectId();
  private counter = 0;
  private electionId = new ObjectId('7fffffff0000000000000001');
  private elections = 1;
  private secondaryUntil = 0;
  private timer: NodeJS.Timeout | undefined;
  private watchers = new Set<() => void>();

  constructor(readonly address: () => string) {}

  get isPrimary(): boolean {
    return Date.now() >= this.secondaryUntil;
  }

  /** No primary for so long; then the same node is elected again. */
  stepDown(forMs: number): void {
    this.secondaryUntil = Date.now() + forMs;
    this.changed();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.secondaryUntil = 0;
      this.elections += 1;
      this.electionId = new ObjectId(`7fffffff${this.elections.toString(16).padStart(16, '0')}`);
      this.changed();
    }, forMs);
  }

  restarted(): void {
    this.processId = new ObjectId();
    this.counter = 0;
    this.changed();
  }

  stop(): void {
    clearTimeout(this.timer);
    this.changed();
  }

  /** https://github.com/mongodb/specifications/blob/master/source/server-discovery-and-monitoring/server-discovery-and-monitoring.md */
  describe(): Document {
    const address = this.address();
    const primary = this.isPrimary;
    return {
      hosts: [address],
      setName: 'rs0',
      setVersion: 1,
      isWritablePrimary: primary,
      ismaster: primary,
      secondary: !primary,
      ...(primary ? { primary: address, electionId: this.electionId } : {}),
      me: address,
      lastWrite: { lastWriteDate: new Date(), majorityWriteDate: new Date() },
    };
  }

  topologyVersion(): Document {
    return { processId: this.processId, counter: Long.fromNumber(this.counter) };
  }

  isCurrent(version: Document): boolean {
    return String(version['processId']) === String(this.processId) && Number(version['counter']) === this.counter;
  }

  /** Resolves when the description changes, and after so long at the latest. */
  async change(withinMs: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        this.watchers.delete(done);
        resolve();
      };
      const timer = setTimeout(done, withinMs);
      this.watchers.add(done);
    });
  }

  private changed(): void {
    this.counter += 1;
    for (const watcher of [...this.watchers]) watcher();
  }
}
