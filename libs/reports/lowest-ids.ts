/** Counts all that come, in any order, and keeps the lowest ids after `after`: a page, at the cost of two pages. */
export class LowestIds<Value> {
  n = 0;
  #kept: (readonly [id: string, value: Value])[] = [];
  #more = false;

  constructor(
    private readonly after: string | null,
    private readonly limit: number,
  ) {}

  add(id: string, value: Value): void {
    this.n++;
    if (this.after !== null && id <= this.after) return;
    this.#kept.push([id, value]);
    if (this.#kept.length > this.limit * 2) this.#cut();
  }

  result(): { readonly items: readonly (readonly [id: string, value: Value])[]; readonly isLast: boolean } {
    this.#cut();
    return { items: this.#kept, isLast: !this.#more };
  }

  #cut(): void {
    this.#kept.sort(([a], [b]) => (a < b ? -1 : Number(a > b)));
    if (this.#kept.length <= this.limit) return;
    this.#kept.length = this.limit;
    this.#more = true;
  }
}
