import { escaped, InvalidMapping } from './json-fields.js';
import type { ImportMapping } from './mapping.js';

const PLACE = /\{([^{}]+)\}/gu;

/** A column that the mapping reads, and where the mapping names it. */
export interface NamedColumn {
  readonly column: string;
  /** JSON pointer into the mapping. */
  readonly path: string;
}

/** The columns in the `{column}` places of a title. */
export function placesIn(template: string): readonly string[] {
  return [...template.matchAll(PLACE)].flatMap(([, column]) => column ?? []);
}

/** Puts a text into every `{column}` place of a title. */
export function fillPlaces(template: string, textOf: (column: string) => string): string {
  return template.replaceAll(PLACE, (_, column: string) => textOf(column));
}

/** Every column that the mapping reads. */
export function columnsOf(mapping: ImportMapping): readonly NamedColumn[] {
  const named: NamedColumn[] = [
    ...placesIn(mapping.title).map((column) => ({ column, path: '/title' })),
    ...mapping.labels.map((column, index) => ({ column, path: `/labels/${index}` })),
    ...Object.keys(mapping.replace).map((column) => ({ column, path: `/replace/${escaped(column)}` })),
  ];
  const add = (path: string, column: string | null): void => {
    if (column !== null) named.push({ column, path });
  };
  add('/owner', mapping.owner);
  add('/organization', mapping.organization);
  if (mapping.kind === 'opportunities') {
    add('/identity', mapping.identity);
    add('/openedAt', mapping.openedAt);
    add('/closedAt', mapping.closedAt);
    add('/value', mapping.value);
    add('/stage/column', mapping.stage.column);
  } else {
    add('/case', mapping.case);
    add('/sequence', mapping.sequence);
    add('/activity', mapping.activity);
    add('/at', mapping.at);
  }
  return named;
}

/** The names in the header row of a file. */
export class Header {
  readonly #places: ReadonlyMap<string, number>;
  readonly names: readonly string[];

  /**
   * @throws InvalidMapping a column that the mapping reads is not there, or is there twice
   */
  constructor(names: readonly string[], mapping: ImportMapping) {
    this.names = names.map((name) => name.trim());
    this.#places = new Map(this.names.map((name, index) => [name, index]));
    for (const { column, path } of columnsOf(mapping)) {
      if (!this.#places.has(column)) {
        const present = this.names.map((name) => JSON.stringify(name)).join(', ');
        throw new InvalidMapping(`${path} names the column ${JSON.stringify(column)}; the file has ${present}`);
      }
      if (this.names.indexOf(column) !== this.#places.get(column)) {
        throw new InvalidMapping(`${path} names the column ${JSON.stringify(column)}; the file has it twice`);
      }
    }
  }

  /** Index of a column that the mapping reads. */
  place(column: string): number {
    const place = this.#places.get(column);
    if (place === undefined) throw new Error(`the mapping does not read the column ${column}`);
    return place;
  }
}
