import type { ImportMapping } from '#application/import/mapping.js';
import type { ImportResult } from '#application/import/run-import.js';

/** What an import has done, a line for each fact. */
export function importSummary(
  { counts, replayed, leftOut }: ImportResult,
  mapping: ImportMapping,
  reportPath: string | null,
  seconds: number,
): string {
  const { rows, deals, leads, events, repeats, refused } = counts;
  const taken = deals + leads + events;
  const lines = [`${rows} ${rows === 1 ? 'row' : 'rows'} read in ${seconds.toFixed(1)} s${rate(rows, seconds)}`];
  if (deals > 0) lines.push(`${deals} are in as deals`);
  if (leads > 0 && mapping.kind === 'opportunities') {
    lines.push(`${leads} are in as leads: ${mapping.openedAt} is blank, so they are in no pipeline and no cohort`);
  }
  if (events > 0) lines.push(`${events} are in as events of their cases`);
  if (repeats > 0) lines.push(`${repeats} dropped: they repeat the stage that the case is in`);
  for (const [activity, count] of leftOut) lines.push(`${count} left out: ${activity} is not a stage`);
  lines.push(`${refused} refused${refused > 0 && reportPath !== null ? `: see ${reportPath}` : ''}`);
  if (replayed > 0) {
    const all = replayed === taken;
    lines.push(all ? `nothing changed: all ${replayed} were in already` : `${replayed} were in already`);
  }
  return `${lines.join('\n')}\n`;
}

function rate(rows: number, seconds: number): string {
  return seconds < 1 ? '' : `, ${Math.round(rows / seconds)} rows/s`;
}
