import type { StoredCollection } from './collection.js';
import { WriteUnit } from './write-unit.js';

/** https://www.mongodb.com/docs/manual/core/transactions/ */
export class Transaction {
  state: 'in progress' | 'committed' | 'aborted' = 'in progress';
  readonly unit: WriteUnit;
  /** Collections that exist for this transaction only, by namespace, until it is committed. */
  readonly created = new Map<string, StoredCollection>();
  readonly startedAt = Date.now();
  readonly decided: Promise<void>;
  private decide: () => void = () => undefined;

  constructor(
    readonly number: bigint,
    snapshot: bigint,
  ) {
    this.unit = new WriteUnit(snapshot, this);
    this.decided = new Promise((resolve) => {
      this.decide = resolve;
    });
  }

  /** @param store makes what was written visible */
  commit(store: () => void): void {
    store();
    this.end('committed');
  }

  abort(): void {
    if (this.state === 'in progress') this.end('aborted');
  }

  private end(state: 'committed' | 'aborted'): void {
    this.state = state;
    this.unit.unlock();
    this.decide();
  }
}
