import type { TableRow } from './view.js';

/** Rows of a view, found by table and id. */
export class RowsById {
  private readonly tables = new Map<string, Map<string | number, TableRow>>();

  /** @returns false when there is one with its id, which stays */
  add(row: TableRow): boolean {
    const { id } = row.row;
    let rows = this.tables.get(row.table);
    if (rows === undefined) {
      rows = new Map();
      this.tables.set(row.table, rows);
    }
    if (rows.has(id)) return false;
    rows.set(id, row);
    return true;
  }

  /** Takes out the row with the id of this one. */
  take({ table, row }: TableRow): TableRow | undefined {
    const rows = this.tables.get(table);
    const found = rows?.get(row.id);
    if (found !== undefined) rows?.delete(row.id);
    return found;
  }

  list(): readonly TableRow[] {
    return [...this.tables.values()].flatMap((rows) => [...rows.values()]);
  }
}
