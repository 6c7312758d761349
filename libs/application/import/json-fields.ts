/** The mapping is wrong; the message names the field. */
export class InvalidMapping extends Error {
  override readonly name = 'InvalidMapping';
}

/** Typed access to the fields of a JSON object, with the place in every complaint: a JSON pointer. */
export class JsonFields {
  readonly #fields: ReadonlyMap<string, unknown>;
  readonly #asked = new Set<string>();

  /** @throws InvalidMapping it is no object */
  constructor(
    value: unknown,
    private readonly path: string,
  ) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) this.#fail('', 'must be an object');
    this.#fields = new Map(Object.entries(value));
  }

  names(): readonly string[] {
    return [...this.#fields.keys()];
  }

  /** Whether it is given; null counts as left out. */
  has(name: string): boolean {
    return (this.#get(name) ?? null) !== null;
  }

  /** A text that is not blank, of at most `max` characters. */
  text(name: string, max = 255): string {
    const value = this.#get(name);
    if (typeof value !== 'string' || value.trim() === '') this.fail(name, 'must be a text');
    if ([...value].length > max) this.fail(name, `must have at most ${max} characters`);
    return value;
  }

  optionalText(name: string): string | null {
    return this.has(name) ? this.text(name) : null;
  }

  number(name: string): number {
    const value = this.#get(name);
    return typeof value === 'number' ? value : this.fail(name, 'must be a number');
  }

  object(name: string): JsonFields {
    return new JsonFields(this.#get(name), `${this.path}/${escaped(name)}`);
  }

  /** A list of objects. */
  objects(name: string): readonly JsonFields[] {
    return this.#list(name).map((item, index) => new JsonFields(item, `${this.path}/${escaped(name)}/${index}`));
  }

  /** A list of texts; none when it is left out. */
  texts(name: string): readonly string[] {
    if (!this.has(name)) return [];
    return this.#list(name).map((item, index) =>
      typeof item === 'string' && item.trim() !== '' ? item : this.#fail(`${escaped(name)}/${index}`, 'must be a text'),
    );
  }

  oneOf<T extends string>(name: string, allowed: readonly T[]): T {
    const value = this.#get(name);
    return allowed.find((one) => one === value) ?? this.fail(name, `must be one of ${allowed.join(', ')}`);
  }

  /** Complains about a field that was never asked for: it would be misspelt. */
  end(): void {
    const unknown = this.names().find((name) => !this.#asked.has(name));
    if (unknown !== undefined) this.fail(unknown, 'is not a known field');
  }

  /** @throws InvalidMapping */
  fail(name: string, message: string): never {
    return this.#fail(escaped(name), message);
  }

  #get(name: string): unknown {
    this.#asked.add(name);
    return this.#fields.get(name);
  }

  #list(name: string): readonly unknown[] {
    const value = this.#get(name);
    return Array.isArray(value) ? (value as unknown[]) : this.fail(name, 'must be a list');
  }

  #fail(name: string, message: string): never {
    throw new InvalidMapping(`${this.path}${name === '' ? '' : `/${name}`} ${message}`.trim());
  }
}

/** As a part of a JSON pointer (RFC 6901). */
export function escaped(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1');
}
