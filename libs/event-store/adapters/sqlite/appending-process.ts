import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** An event whose append was answered to the process. */
export interface Acknowledged {
  readonly stream: string;
  readonly revision: number;
  readonly id: string;
}

/** A process of its own that appends to a log (see append.fixture.ts), for tests. */
export class AppendingProcess {
  readonly #child: ChildProcess;
  readonly #exit: Promise<unknown>;
  #output = '';
  #errors = '';

  constructor(path: string, mode: 'swarm' | 'contend' | 'follow', argument = '') {
    const script = fileURLToPath(new URL('./append.fixture.js', import.meta.url));
    this.#child = spawn(process.execPath, [script, path, mode, argument], { stdio: ['ignore', 'pipe', 'pipe'] });
    this.#child.stdout?.setEncoding('utf8').on('data', (text: string) => (this.#output += text));
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => (this.#errors += text));
    this.#exit = once(this.#child, 'close');
  }

  /** Resolves when the process has acknowledged so many events. */
  async acknowledging(count: number): Promise<void> {
    while (this.acknowledged().length < count) {
      if (this.#child.exitCode !== null) throw new Error(`the process ended early: ${this.#errors}`);
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
  }

  acknowledged(): readonly Acknowledged[] {
    return this.#output
      .slice(0, this.#output.lastIndexOf('\n') + 1)
      .split('\n')
      .slice(1, -1)
      .map((line) => {
        const [stream = '', revision, id = ''] = line.split(' ');
        return { stream, revision: Number(revision), id };
      });
  }

  /** Ends it without a chance to finish anything. */
  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#exit;
  }

  /** Waits until it ends by itself; what it wrote to standard error is the answer. */
  async ended(): Promise<string> {
    await this.#exit;
    return this.#errors;
  }
}
