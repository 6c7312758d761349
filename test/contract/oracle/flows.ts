import { days, ratio, totals } from './exact.js';
import { type Deal, dealAt, type DealThen, type PipelineModel } from './model.js';

export interface Window {
  readonly from: number;
  readonly to: number;
  readonly asOf: number;
}

export type Filter = (then: DealThen) => boolean;
export const everyDeal: Filter = () => true;

export interface Member {
  readonly deal: Deal;
  readonly then: DealThen;
  /** Places of the open stages visited, in the order of visits, with what began and ended them. */
  readonly visits: DealThen['visits'];
  readonly everWon: boolean;
  readonly furthest: number;
}

/** Deals whose first visit is in the window, with what is known of them as of a time; filtered as they were opened. */
export function cohort(
  pipeline: PipelineModel,
  deals: readonly Deal[],
  { from, to, asOf }: Window,
  filter: Filter = everyDeal,
): Member[] {
  return deals.flatMap((deal) => {
    const then = dealAt(pipeline, deal, asOf);
    const opened = deal.changes[0]!.at;
    if (then === null || opened < from || opened >= to || !filter(dealAt(pipeline, deal, opened)!)) return [];
    const visits = then.visits.filter((visit) => pipeline.stages[visit.stage]!.open);
    const everWon = then.closes.some((close) => close.type === 'won');
    return [{ deal, then, visits, everWon, furthest: Math.max(...visits.map((visit) => visit.stage)) }];
  });
}

/** The value as folded at the revision where it first held that the deal had reached the place. */
function valueAtReaching({ deal, then, visits }: Member, place: number, pipeline: PipelineModel) {
  const visit = visits.find((one) => one.stage >= place);
  const win = then.closes.find((close) => close.type === 'won');
  const revision = Math.min(visit?.revision ?? Infinity, win?.revision ?? Infinity);
  return dealAt(pipeline, deal, Infinity, revision + 1)!.value;
}

export function funnel(pipeline: PipelineModel, deals: readonly Deal[], window: Window, filter?: Filter): object {
  const members = cohort(pipeline, deals, window, filter);
  const opens = pipeline.stages.filter((stage) => stage.open);
  const reached = (place: number) => members.filter((one) => one.everWon || one.furthest >= place);
  const won = members.filter((one) => one.everWon);
  const counts = [...opens.map((_, place) => reached(place).length), won.length];
  const never = (status: string, place: number) =>
    members.filter((one) => !one.everWon && one.then.status === status && one.furthest === place).length;
  const stages = opens.map(({ id }, place) => {
    const there = members.map((one) => one.visits.filter((visit) => visit.stage === place));
    const entered = there.filter((visits) => visits.length > 0).length;
    const startedLater = members.filter(
      (one) => !one.visits.some((visit) => visit.stage === place) && one.visits[0]!.stage > place,
    ).length;
    return {
      stageId: id,
      rank: place + 1,
      reached: counts[place],
      entered,
      startedLater,
      skipped: counts[place]! - entered - startedLater,
      reentries: there.flatMap((visits) => visits.slice(1).filter((visit) => visit.entry !== 'reopened')).length,
      backwardFrom: there.flat().filter((visit) => visit.exit === 'backward').length,
      lostAt: members.filter((one) => one.then.status === 'lost' && one.then.stage === place).length,
      furthestLost: never('lost', place),
      furthestOpen: never('open', place),
      conversion: {
        step: ratio(counts[place + 1]!, counts[place]!),
        cumulative: ratio(counts[place]!, counts[0]!),
      },
      toNext: toNext(members, place),
      valueAtEntry: totals(reached(place), (one) => valueAtReaching(one, place, pipeline)),
    };
  });
  return {
    n: members.length,
    maturity: ratio(members.filter((one) => one.then.status === 'open').length, members.length),
    stages,
    won: {
      ever: won.length,
      now: won.filter((one) => one.then.status === 'won').length,
      step: ratio(won.length, counts[opens.length - 1]!),
      cumulative: ratio(won.length, counts[0]!),
    },
  };
}

/** From the first entry to the first later visit of higher rank, or win, by revision. */
function toNext(members: readonly Member[], place: number): object {
  const times = members.flatMap(({ visits, then }) => {
    const first = visits.find((visit) => visit.stage === place);
    if (first === undefined) return [];
    const onward = [
      ...visits.filter((visit) => visit.stage > place).map((visit) => ({ ...visit, at: visit.enteredAt })),
      ...then.closes.filter((close) => close.type === 'won'),
    ]
      .filter((later) => later.revision > first.revision)
      .sort((a, b) => a.revision - b.revision)[0];
    return onward === undefined ? [] : [onward.at - first.enteredAt];
  });
  const { n, medianDays, p90Days } = days(times);
  return { n, medianDays, p90Days };
}

/** Of visits that ended in the window: how many, and how many forward or won; by stage, of all deals. */
export function period(pipeline: PipelineModel, deals: readonly Deal[], { from, to, asOf }: Window): object[] {
  const ended = deals
    .flatMap((deal) => dealAt(pipeline, deal, asOf)?.visits ?? [])
    .filter(({ exitedAt }) => exitedAt !== null && exitedAt >= from && exitedAt < to);
  return pipeline.stages.flatMap(({ id, open }, place) => {
    const here = ended.filter((visit) => visit.stage === place);
    const advanced = here.filter((visit) => visit.exit === 'forward' || visit.exit === 'won').length;
    return open ? [{ stageId: id, exits: here.length, advanced, step: ratio(advanced, here.length) }] : [];
  });
}

/** How many visited every stage up to a place in order of first entry; last, how many were won after all of them. */
export function strict(pipeline: PipelineModel, members: readonly Member[]): number[] {
  const opens = pipeline.stages.filter((stage) => stage.open);
  const orders = members.map(({ visits, then }) => {
    const firsts = opens.map((_, place) => visits.find((visit) => visit.stage === place)?.revision ?? Infinity);
    const win = then.closes.findLast((close) => close.type === 'won')?.revision ?? Infinity;
    return [...firsts, win];
  });
  const holds = (order: number[], upTo: number) =>
    order.slice(0, upTo + 1).every((revision, at) => revision < Infinity && revision > (order[at - 1] ?? -1));
  return [...opens, null].map((_, upTo) => orders.filter((order) => holds(order, upTo)).length);
}

/** The from-to matrix as text: where from (null: opened; after a reopening how it was closed), where to, how many, share. */
export function transitions(pipeline: PipelineModel, members: readonly Member[]): string[] {
  const id = (place: number) => pipeline.stages[place]!.id;
  const steps = members.flatMap(({ visits, then }) => {
    const closes = then.closes.map(({ type, revision }) => ({ revision, to: type }));
    const way = [...visits.map(({ revision, stage }) => ({ revision, to: id(stage) })), ...closes];
    way.sort((a, b) => a.revision - b.revision);
    return way.map(({ to }, at) => ({ from: way[at - 1]?.to ?? null, to }));
  });
  const pairs = new Set(steps.map((step) => JSON.stringify([step.from, step.to])));
  return [...pairs]
    .map((pair) => {
      const [from, to] = JSON.parse(pair) as [string | null, string];
      const leaving = steps.filter((step) => step.from === from);
      const count = leaving.filter((step) => step.to === to).length;
      return JSON.stringify([from, to, count, ratio(count, leaving.length)]);
    })
    .sort();
}
