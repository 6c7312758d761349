/**
 * Runs tasks side by side, but those of one lane one after another and in order. `add` waits while too many are under
 * way, so that a source of a million is read no faster than it is worked off.
 */
export class Lanes {
  readonly #tails = new Map<string, Promise<void>>();
  readonly #waiting: (() => void)[] = [];
  #underWay = 0;
  #failure: { readonly error: unknown } | null = null;

  constructor(private readonly limit: number) {}

  /** @throws the error of a task that failed before */
  async add(lane: string, task: () => Promise<void>): Promise<void> {
    while (this.#underWay >= this.limit) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    if (this.#failure !== null) throw this.#failure.error;
    this.#underWay += 1;
    const tail = (this.#tails.get(lane) ?? Promise.resolve()).then(async () => {
      try {
        if (this.#failure === null) await task();
      } catch (error) {
        this.#failure ??= { error };
      } finally {
        this.#underWay -= 1;
        if (this.#tails.get(lane) === tail) this.#tails.delete(lane);
        this.#waiting.shift()?.();
      }
    });
    this.#tails.set(lane, tail);
  }

  /** Waits for all of them. @throws the error of the first that failed */
  async done(): Promise<void> {
    await Promise.all(this.#tails.values());
    if (this.#failure !== null) throw this.#failure.error;
  }
}
