import { setTimeout as sleep } from 'node:timers/promises';

/** What a test can make the stand-in suffer. The counted ones hit the next appends, each once. */
export class Faults {
  /** Calls are taken but neither done nor answered; pings of the connection are answered as ever. */
  hang = false;
  /** Milliseconds before each answer. */
  delayMs = 0;
  /** All writes and reads are answered as by a node that is still starting. */
  notReady = false;
  /** Appends before which all connections are cut: nothing is written. */
  dropBeforeWrite = 0;
  /** Appends after which all connections are cut: written, but nobody is told. */
  dropAfterWrite = 0;
  /** Appends that are written but never answered, as a resend is whose first write is not yet replicated. */
  swallowAnswers = 0;
  /** Appends that time out on the server, which does not know whether they will be written; they are. */
  timeOut = 0;
  /** Subscriptions that end as too slow on their way to live. */
  abortTransitions = 0;
  /** How long a consumer may keep the server waiting while more than 64 live events wait for it. */
  slowConsumerMs = 200;

  /** True, once for each that was asked for. */
  take(fault: 'dropBeforeWrite' | 'dropAfterWrite' | 'swallowAnswers' | 'timeOut' | 'abortTransitions'): boolean {
    if (this[fault] === 0) return false;
    this[fault] -= 1;
    return true;
  }

  /** Resolves when an answer may go out; never while the server hangs. */
  async pass(): Promise<void> {
    if (this.delayMs > 0) await sleep(this.delayMs);
    while (this.hang) await sleep(5);
  }

  get active(): boolean {
    return this.hang || this.delayMs > 0;
  }

  clear(): void {
    Object.assign(this, new Faults());
  }
}
