/** Pauses between attempts: doubling, and random within their upper half, so that many do not come back at once. */
export class Backoff {
  #attempts = 0;

  constructor(
    private readonly firstMs: number,
    private readonly longestMs: number,
  ) {}

  /** Milliseconds to wait before the next attempt. */
  next(): number {
    const full = Math.min(this.longestMs, this.firstMs * 2 ** Math.min(this.#attempts, 30));
    this.#attempts += 1;
    return full * (0.5 + Math.random() / 2);
  }

  reset(): void {
    this.#attempts = 0;
  }
}
