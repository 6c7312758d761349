import type { ViewSchema } from '../../port.js';

/** The collection that holds one record for each view and version. */
export const VIEWS = '_views';

/** `deals_v1`: what a view and version is known by. */
export function viewKey({ view, version }: Pick<ViewSchema, 'view' | 'version'>): string {
  return `${view.replaceAll('-', '_')}_v${version}`;
}

/** The version that a key is of, if it is of this view. */
export function versionIn(key: string, view: string): number | null {
  const version = Number(/\d+$/.exec(key)?.[0]);
  return viewKey({ view, version }) === key ? version : null;
}

/**
 * Names of the collections of one generation of a view: `deals_v1_card`, and after the view was dropped once
 * `deals_v1_card.g2`. A name is never used for two generations, so that whoever still removes an old one, or still
 * writes to it, cannot meet the new one.
 */
export class CollectionNames {
  private readonly prefix: string;
  private readonly suffix: string;

  constructor(
    private readonly schema: ViewSchema,
    readonly generation: number,
  ) {
    this.prefix = `${viewKey(schema)}_`;
    this.suffix = generation === 1 ? '' : `.g${generation}`;
  }

  get states(): string {
    return `${this.prefix}_states${this.suffix}`;
  }

  table(table: string): string {
    return `${this.prefix}${table}${this.suffix}`;
  }

  /** The doubled underscore keeps the name apart from every table's. */
  counter(counter: string): string {
    return `${this.prefix}_counter_${counter}${this.suffix}`;
  }

  all(): readonly string[] {
    return [
      this.states,
      ...Object.keys(this.schema.tables).map((table) => this.table(table)),
      ...Object.keys(this.schema.counters).map((counter) => this.counter(counter)),
    ];
  }
}

/** The field that holds a column: a row's id is the document's. */
export function fieldOf(column: string): string {
  return column === 'id' ? '_id' : column;
}
