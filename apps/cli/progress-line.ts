/** How often progress is shown where it goes into a file, milliseconds. */
const EVERY_MS = { terminal: 200, file: 5_000 };

/** On standard error: one line that is written over on a terminal; a line now and then elsewhere. */
export class ProgressLine {
  readonly #every = process.stderr.isTTY ? EVERY_MS.terminal : EVERY_MS.file;
  #shown = performance.now();

  show(text: () => string): void {
    if (performance.now() - this.#shown < this.#every) return;
    this.#shown = performance.now();
    process.stderr.write(process.stderr.isTTY ? `\r\u001b[K${text()}` : `${text()}\n`);
  }

  end(): void {
    if (process.stderr.isTTY) process.stderr.write('\r\u001b[K');
  }
}
