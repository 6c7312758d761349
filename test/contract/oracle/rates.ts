import { amount, days, halfEven, type Money, ratio } from './exact.js';
import { everyDeal, type Filter, type Member, type Window } from './flows.js';
import { type Deal, dealAt, type PipelineModel } from './model.js';

export interface Close {
  readonly won: boolean;
  readonly value: Money | null;
  readonly cycle: number;
}

/** Effective closes in [from, to): the last close of deals that are closed as of the time. */
export function closes(
  pipeline: PipelineModel,
  deals: readonly Deal[],
  { from, to, asOf }: Window,
  filter: Filter = everyDeal,
): Close[] {
  return deals.flatMap((deal) => {
    const then = dealAt(pipeline, deal, asOf);
    const close = then?.closes.at(-1);
    if (!then || !close || then.status === 'open' || close.at < from || close.at >= to) return [];
    if (!filter(dealAt(pipeline, deal, close.at)!)) return [];
    const { value } = dealAt(pipeline, deal, Infinity, close.revision + 1)!;
    return [{ won: close.type === 'won', value, cycle: close.at - deal.changes[0]!.at }];
  });
}

const codes = (of: readonly Close[]): string[] =>
  [...new Set(of.flatMap(({ value }) => (value === null ? [] : [value.currency])))].sort();
const values = (of: readonly Close[], currency: string): bigint[] =>
  of.flatMap(({ value }) => (value?.currency === currency ? [value.minor] : []));
const sum = (of: readonly bigint[]): bigint => of.reduce((total, one) => total + one, 0n);

function median(of: readonly bigint[]): bigint {
  const sorted = [...of].sort((a, b) => (a < b ? -1 : 1));
  return halfEven(sorted[Math.floor((sorted.length - 1) / 2)]! + sorted[Math.ceil((sorted.length - 1) / 2)]!, 2n);
}

/** The performance of a window of whole days; what is of all its pipelines is put together by the caller. */
export function performance(
  members: readonly Member[],
  now: readonly Close[],
  before: readonly Close[],
  length: number,
) {
  const won = now.filter((close) => close.won);
  const lost = now.filter((close) => !close.won);
  const wonNow = members.filter((one) => one.then.status === 'won').length;
  const wonBefore = before.filter((close) => close.won);
  return {
    n: now.length,
    winRate: {
      closed: { ratio: ratio(won.length, now.length), won: won.length, lost: lost.length },
      cohort: {
        ratio: ratio(wonNow, members.length),
        won: wonNow,
        opened: members.length,
        stillOpen: ratio(members.filter((one) => one.then.status === 'open').length, members.length),
      },
      value: codes(now).map((currency) => {
        const [gain, loss] = [sum(values(won, currency)), sum(values(lost, currency))];
        return {
          currency,
          ratio: ratio(gain, gain + loss),
          won: amount(gain, currency),
          lost: amount(loss, currency),
        };
      }),
    },
    dealSize: codes(won).map((currency) => {
      const of = values(won, currency);
      const mean = amount(halfEven(sum(of), BigInt(of.length)), currency);
      return { currency, n: of.length, mean, median: amount(median(of), currency) };
    }),
    withoutValue: won.filter((close) => close.value === null).length,
    salesCycle: days(won.map((close) => close.cycle)),
    realised: codes(won).map((currency) => {
      const gain = sum(values(won, currency));
      const perDay = amount(halfEven(gain, BigInt(length)), currency);
      return { currency, perDay, wonValue: amount(gain, currency), days: length };
    }),
    revenueGrowth: codes([...won, ...wonBefore]).map((currency) => {
      const [current, previous] = [sum(values(won, currency)), sum(values(wonBefore, currency))];
      return {
        currency,
        ratio: ratio(current - previous, previous),
        current: amount(current, currency),
        previous: amount(previous, currency),
      };
    }),
  };
}

/**
 * Open deals x win rate x mean deal size / mean cycle, a day, for each currency that was won in; null under five wins.
 * Each input is of the currency; deals without value count in every one, and in no mean of values.
 */
export function potential(open: readonly (Money | null)[], recent: readonly Close[]): object[] {
  const won = recent.filter((close) => close.won);
  return codes(won).map((currency) => {
    const ours = (value: Money | null) => value === null || value.currency === currency;
    const wins = won.filter((close) => ours(close.value));
    const losses = recent.filter((close) => !close.won && ours(close.value)).length;
    const openDeals = open.filter(ours).length;
    const [n, sizes] = [BigInt(wins.length), values(wins, currency)];
    const cycles = wins.reduce((total, close) => total + BigInt(close.cycle), 0n);
    const divisor = (n + BigInt(losses)) * BigInt(sizes.length) * cycles;
    const gain = BigInt(openDeals) * n * sum(sizes) * n * 86_400_000n;
    return {
      currency,
      perDay: n < 5n || divisor === 0n ? null : amount(halfEven(gain, divisor), currency),
      inputs: {
        openDeals,
        winRate: ratio(wins.length, wins.length + losses),
        wins: wins.length,
        losses,
        meanDealSize: amount(halfEven(sum(sizes), BigInt(sizes.length)), currency),
        meanCycleDays: days(wins.map((close) => close.cycle)).meanDays,
      },
    };
  });
}
