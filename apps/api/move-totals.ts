import { setTimeout as sleep } from 'node:timers/promises';
import type { CommandAnswer } from '#application/commands/command.js';
import type { BoardQuery } from '#application/queries/board.query.js';
import type { DealQuery } from '#application/queries/deal.query.js';
import { waitForPosition } from '#projection/wait-for.js';
import type { ReportFilters } from '#reports/filters.js';
import type { ColumnTotals } from '#reports/board/column-totals.js';
import { ViewStoreUnavailable, type ViewReads } from '#view-store/port.js';
import { DEALS } from '#views/deals/deals.schema.js';

/** A move that asks for the new totals waits this long for the board. */
const WAIT_MS = 250;
/** The move is stored: its answer is not held up for longer by a view store that is in trouble. */
const GIVE_UP_MS = 1_000;

/** The totals of both columns of a move, once the board has seen it. */
export class MoveTotals {
  constructor(
    private readonly views: ViewReads,
    private readonly boards: BoardQuery,
    private readonly deals: DealQuery,
  ) {}

  /** [from, to], or null when the board has not reached the move in time, or cannot be asked. */
  async after(moved: CommandAnswer['body'], filters: ReportFilters): Promise<readonly ColumnTotals[] | null> {
    const leaving = new AbortController();
    const late = sleep(GIVE_UP_MS, null, { signal: leaving.signal }).catch(() => null);
    try {
      return await Promise.race([this.#totals(moved, filters), late]);
    } catch (error) {
      if (error instanceof ViewStoreUnavailable) return null;
      throw error;
    } finally {
      leaving.abort();
    }
  }

  async #totals(moved: CommandAnswer['body'], filters: ReportFilters): Promise<readonly ColumnTotals[] | null> {
    const waited = await waitForPosition(this.views, [DEALS], BigInt(moved.position), WAIT_MS);
    if (!waited.ok) return null;
    const { state } = await this.deals.stateAt(moved.id, moved.revision);
    return this.boards.totals(state.pipelineId, [stageOf(moved['from']), stageOf(moved['to'])], filters);
  }
}

function stageOf(place: unknown): string {
  if (typeof place === 'object' && place !== null && 'stageId' in place) return String(place.stageId);
  throw new Error('a move without its stages');
}
