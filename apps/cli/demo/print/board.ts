import type { Board } from '#reports/board/board.query.js';
import type { Totals } from '#reports/board/column-totals.js';
import type { Api } from '../api.js';
import { count, curl, heading, money, table } from './text.js';

/** A pipeline's columns, each currency on a line of its own. */
export async function boardSection(api: Api, pipeline: string, pipelineId: string): Promise<string[]> {
  const path = `/v1/boards/${pipelineId}?cards=5`;
  const { columns, totals } = await api.get<Board>(path);
  return [
    heading(`Board: ${pipeline}`),
    ...table(
      [
        ['stage', 'left'],
        ['deals', 'right'],
        ['value', 'right'],
        ['weighted', 'right'],
        ['stalled', 'right'],
      ],
      [
        ...columns.flatMap((column) =>
          rows(column.kind === 'post-sale' ? `${column.name} (after the win)` : column.name, column),
        ),
        ...rows('all open stages', totals),
      ],
    ),
    ...curl(path),
  ];
}

function rows(name: string, totals: Totals): string[][] {
  const lines = Math.max(1, totals.value.length, totals.weightedValue.length);
  return Array.from({ length: lines }, (_, index) => {
    const value = totals.value[index];
    const weighted = totals.weightedValue[index];
    return [
      index === 0 ? name : '',
      index === 0 ? count(totals.count) : '',
      value === undefined ? '-' : money(value),
      weighted === undefined ? '-' : money(weighted),
      index === 0 ? count(totals.stalled) : '',
    ];
  });
}
