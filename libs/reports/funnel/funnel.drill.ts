import { UnsupportedCombination } from '../filters.js';
import { attributeFilter } from '../attributes.js';
import { instantText } from '../interval.js';
import type { Policies } from '../policies.js';
import type { Keyset, ViewReads } from '#view-store/port.js';
import { InvalidKeyset } from '#view-store/port.js';
import { stringIn } from '../row-values.js';
import { absence, progressOf } from './cohort-tally.js';
import type { FunnelMode } from './cohort-tally.js';
import { openFunnel } from './funnel.params.js';
import type { FunnelParams } from './funnel.params.js';
import { journeys } from './funnel.query.js';
import { pathAt, pathIn } from './journey-at.js';
import { measure } from './measure.js';
import type { Facts, Milestone } from './measure.js';
import { LowestIds } from '../lowest-ids.js';

export const FUNNEL_CELLS = [
  'reached',
  'entered',
  'skipped',
  'startedLater',
  'lostAt',
  'furthestLost',
  'furthestOpen',
  'furthestSwitched',
  'furthestMerged',
  'won',
] as const;
export type FunnelCell = (typeof FUNNEL_CELLS)[number];

export interface FunnelDrillParams extends FunnelParams {
  /** Left out of account by the cell `won`. */
  readonly stageId: string | null;
  readonly cell: FunnelCell;
  readonly limit: number;
  readonly after: Keyset | null;
  /** Titles of the page's deals, by id. */
  readonly titles: (ids: readonly string[]) => Promise<ReadonlyMap<string, string>>;
}

export interface FunnelDrill {
  readonly items: readonly {
    readonly dealId: string;
    readonly title: string | null;
    /** What put the deal in the cell. */
    readonly event: { readonly revision: number; readonly type: string; readonly occurredAt: string };
  }[];
  readonly next: Keyset | null;
  /** The number in the cell. */
  readonly n: number;
}

/**
 * The deals in a cell of the cohort funnel, by id. Null: there is no such pipeline, or the stage is not on its ladder.
 * Throws UnsupportedCombination for another basis and for groups; InvalidKeyset.
 */
export async function funnelDrill(
  views: ViewReads,
  policies: Policies,
  params: FunnelDrillParams,
): Promise<FunnelDrill | null> {
  if (params.basis !== 'cohort' || params.groupBy !== null) {
    throw new UnsupportedCombination('only cells of an ungrouped cohort funnel can be opened');
  }
  const frame = await openFunnel(policies, params);
  if (frame === null) return null;
  const index = frame.ladder.stages.findIndex((stage) => stage.id === params.stageId);
  if (index < 0 && params.cell !== 'won') return null;
  const filter = await attributeFilter(views, params, frame);
  const page = new LowestIds<Milestone>(placeOf(params.after), params.limit);
  const withDeal = { ...filter, columns: ['deal', ...filter.columns] };
  for await (const row of journeys(views, params, frame, withDeal)) {
    if (filter.groupsOf(row).length === 0) continue;
    const facts = measure(pathAt(pathIn(row), frame.asOf), params.pipelineId, frame.ladder, params.restate);
    const event = facts && cellEvent(facts, params.cell, index, params.mode);
    if (event !== null) page.add(stringIn(row, 'deal'), event);
  }
  const { items, isLast } = page.result();
  const titles = await params.titles(items.map(([dealId]) => dealId));
  const lastId = items.at(-1)?.[0];
  return {
    items: items.map(([dealId, { revision, by, at }]) => ({
      dealId,
      title: titles.get(dealId) ?? null,
      event: { revision, type: EVENT_TYPES[by] ?? by, occurredAt: instantText(at) },
    })),
    next: isLast || lastId === undefined ? null : [lastId],
    n: page.n,
  };
}

/** Types of the events that begin visits and turns. */
const EVENT_TYPES: Readonly<Record<string, string>> = {
  opened: 'DealOpened',
  forward: 'DealStageMoved',
  backward: 'DealStageMoved',
  switched: 'DealPipelineSwitched',
  reopened: 'DealReopened',
  unmerged: 'DealUnmerged',
  relocated: 'DealRelocated',
  won: 'DealWon',
  lost: 'DealLost',
};

/** The event that put the deal in the cell; null: it is not in it. */
export function cellEvent(facts: Facts, cell: FunnelCell, index: number, mode: FunnelMode): Milestone | null {
  const { by, furthest, win } = progressOf(facts, mode);
  switch (cell) {
    case 'reached':
      return by[index] ?? null;
    case 'entered':
      return facts.entered[index] ?? null;
    case 'skipped':
      return absence(facts, index) === cell ? (facts.reached[index] ?? null) : null;
    case 'startedLater':
      return absence(facts, index) === cell ? facts.first : null;
    case 'won':
      return win;
    case 'lostAt':
      return facts.loss?.place === index + 1 ? facts.loss.milestone : null;
    case 'furthestLost':
    case 'furthestOpen':
    case 'furthestSwitched':
    case 'furthestMerged': {
      if (facts.win !== null || furthest !== index + 1 || facts.outcome !== FURTHEST[cell]) return null;
      const came = facts.reached[index] ?? facts.first;
      if (cell === 'furthestLost') return facts.loss?.milestone ?? came;
      return cell === 'furthestSwitched' ? (facts.switchedBy ?? came) : came;
    }
  }
}

const FURTHEST = {
  furthestLost: 'lost',
  furthestOpen: 'open',
  furthestSwitched: 'switched',
  furthestMerged: 'merged',
} as const;

function placeOf(after: Keyset | null): string | null {
  if (after === null) return null;
  const [id] = after;
  if (after.length !== 1 || typeof id !== 'string') throw new InvalidKeyset('not a place in a list sorted by deal');
  return id;
}
