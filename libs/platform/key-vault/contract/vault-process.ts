import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Place } from './place.js';

/** A process of its own on a vault (see vault.fixture.ts), for tests. */
export class VaultProcess {
  readonly #child: ChildProcess;
  readonly #exit: Promise<unknown>;
  #output = '';
  #errors = '';

  constructor(place: Place, mode: 'churn' | 'add', ids: readonly string[] = []) {
    const script = fileURLToPath(new URL('./vault.fixture.js', import.meta.url));
    this.#child = spawn(process.execPath, [script, JSON.stringify(place), mode, ...ids], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child.stdout?.setEncoding('utf8').on('data', (text: string) => (this.#output += text));
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => (this.#errors += text));
    this.#exit = once(this.#child, 'close');
  }

  /** Resolves when the process has told so many lines. */
  async telling(count: number): Promise<void> {
    while (this.#lines().length < count) {
      if (this.#child.exitCode !== null) throw new Error(`the process ended early: ${this.#errors}`);
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
  }

  /** What it told with this word: ids, and what stands behind them. */
  told(word: string): ReadonlyMap<string, string> {
    const lines = this.#lines().map((line) => line.split(' '));
    return new Map(lines.filter(([first]) => first === word).map(([, id = '', rest = '']) => [id, rest]));
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

  #lines(): readonly string[] {
    return this.#output.slice(0, this.#output.lastIndexOf('\n') + 1).split('\n');
  }
}
