import type { Increment, Row } from '#view-store/port.js';
import { DEALS } from '#views/deals/deals.schema.js';
import type { ViewContents } from './memory-views.js';

/** A card of an open deal, worth nothing, that was touched and entered its stage at `touched`. */
export function cardRow(id: string, board: string, stage: string, touched: number, given: Partial<Row> = {}): Row {
  return {
    id,
    pipeline: board,
    stage,
    status: 'open',
    board,
    title: `Title ${id}`,
    owner: 'ann',
    team: null,
    audience: 'everyone',
    source: null,
    labels: [],
    products: [],
    contactKind: null,
    contactId: null,
    currency: null,
    value: null,
    ownProbability: null,
    ownCategory: null,
    expectedClose: null,
    revision: 3,
    openedAt: touched,
    enteredAt: touched,
    touch: touched,
    clockFrom: touched,
    stayFrom: touched,
    snoozedUntil: null,
    stayed: null,
    sleep: null,
    dues: null,
    firstDue: null,
    lastDue: null,
    planned: null,
    lastTouch: { type: 'DealOpened', actor: { id: 'ann', kind: 'user' }, occurredAt: touched, revision: 0 },
    ...given,
  };
}

/** The view `deals` with these cards, and what they add to its counter. */
export function dealCards(rows: readonly Row[]): ViewContents {
  const counters = rows.flatMap((row): Increment[] => {
    if (row['board'] === null) return [];
    const dimension = (column: string): string | number | null => {
      const value = row[column];
      return typeof value === 'string' || typeof value === 'number' ? value : null;
    };
    const names = ['board', 'stage', 'owner', 'audience', 'currency', 'ownProbability'];
    const value = Number(row['value'] ?? 0);
    const measures = { count: 1, withoutValue: row['currency'] === null ? 1 : 0, value };
    return [
      { counter: 'column', dimensions: Object.fromEntries(names.map((name) => [name, dimension(name)])), measures },
    ];
  });
  return { schema: DEALS, rows: rows.map((row) => ({ table: 'card', row })), counters };
}
