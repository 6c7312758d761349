import { setTimeout as pause } from 'node:timers/promises';

/** How the next commands fail. Without `commands`: all but those of the handshake and the monitoring. */
export interface CommandFault {
  readonly commands?: readonly string[];
  /** How many commands fail; default 1. */
  readonly times?: number | 'always';
  /** How many go well before; default 0. */
  readonly skip?: number;
  /** Only for clients of this name. */
  readonly appName?: string;
  /** The command is not run and answers with this error; without `labels` with those that the server would give. */
  readonly error?: { readonly code: number; readonly message?: string; readonly labels?: readonly string[] };
  /** Run, and answered with this beside. */
  readonly writeConcernError?: {
    readonly code: number;
    readonly message?: string;
    readonly labels?: readonly string[];
  };
  /** The connection is dropped, `before` the command is run or `after`, in place of its answer. */
  readonly drop?: 'before' | 'after';
  /** The command is not run and not answered until `clear`, when its connection is dropped. */
  readonly hang?: boolean;
  /** Answered only after so many milliseconds. */
  readonly delayMs?: number;
}

/** Thrown to drop a connection in the middle of a command. */
export class ConnectionLost extends Error {}

interface ActiveFault {
  readonly fault: CommandFault;
  skipped: number;
  done: number;
}

const HANDSHAKE = new Set(['hello', 'isMaster', 'ismaster', 'configureFailPoint']);

/** What a test makes go wrong. */
export class Faults {
  private active: ActiveFault[] = [];
  private failPoint: ActiveFault | null = null;
  private writeFault: { readonly when: 'before' | 'after'; skip: number; times: number } | null = null;
  private release: () => void = () => undefined;
  private released = this.untilReleased();
  private answersAsStandalone = false;
  private refuses = false;

  /** @param changed called when something changes that open connections feel */
  constructor(private readonly changed: () => void) {}

  fail(fault: CommandFault): void {
    this.active.push({ fault, skipped: 0, done: 0 });
  }

  /** The one fail point that `configureFailPoint` sets. Null: off. */
  setFailPoint(fault: CommandFault | null): void {
    this.failPoint = fault === null ? null : { fault, skipped: 0, done: 0 };
  }

  /**
   * Drops the connection before or after each of so many statements of retryable writes, after `skip` that go well.
   * Null: off.
   */
  failStatements(fault: { readonly when: 'before' | 'after'; skip: number; times: number } | null): void {
    this.writeFault = fault;
  }

  /** @throws ConnectionLost */
  meetStatement(when: 'before' | 'after'): void {
    const fault = this.writeFault;
    if (fault === null || fault.when !== when || fault.times < 1) return;
    if (fault.skip > 0) {
      fault.skip -= 1;
      return;
    }
    fault.times -= 1;
    throw new ConnectionLost();
  }

  /** Connections are dropped, and new ones at once. */
  refuse(): void {
    this.refuses = true;
    this.changed();
  }

  /** Answers as a server that is in no replica set: no sessions' numbers, no transactions. */
  standAlone(): void {
    this.answersAsStandalone = true;
    this.changed();
  }

  /** Nothing goes wrong any more. What hangs is dropped. */
  clear(): void {
    this.active = [];
    this.failPoint = null;
    this.writeFault = null;
    this.answersAsStandalone = false;
    this.refuses = false;
    this.release();
    this.released = this.untilReleased();
  }

  get isStandalone(): boolean {
    return this.answersAsStandalone;
  }

  get isRefusing(): boolean {
    return this.refuses;
  }

  /** The fault that this command meets, which is thereby used up once. */
  take(command: string, appName: string | null): CommandFault | null {
    const all = this.failPoint === null ? this.active : [...this.active, this.failPoint];
    for (const active of all) {
      const { fault } = active;
      if (!(fault.commands?.includes(command) ?? !HANDSHAKE.has(command))) continue;
      if (fault.appName !== undefined && fault.appName !== appName) continue;
      if (active.skipped < (fault.skip ?? 0)) {
        active.skipped += 1;
        continue;
      }
      const times = fault.times ?? 1;
      if (times !== 'always' && active.done >= times) continue;
      active.done += 1;
      return fault;
    }
    return null;
  }

  async delay(fault: CommandFault): Promise<void> {
    if (fault.hang === true) await this.released;
    if (fault.delayMs !== undefined) await pause(fault.delayMs);
  }

  private untilReleased(): Promise<void> {
    return new Promise((resolve) => {
      this.release = resolve;
    });
  }
}
