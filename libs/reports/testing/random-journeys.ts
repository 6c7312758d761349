import fc from 'fast-check';
import type { Step } from './journeys.js';

/** Stages of the pipeline `sales` that random deals walk through; `other` has one stage. */
export const WALKED = ['s1', 's2', 's3', 's4'] as const;

interface Choice {
  readonly act: 'move' | 'win' | 'lose' | 'value' | 'switch' | 'merge' | 'void' | 'churn';
  readonly pick: number;
  readonly wait: number;
}

const choices = fc.array(
  fc.record({
    act: fc.constantFrom<Choice['act']>(
      'move',
      'move',
      'move',
      'move',
      'win',
      'lose',
      'value',
      'switch',
      'merge',
      'void',
      'churn',
    ),
    pick: fc.nat(11),
    wait: fc.constantFrom(0, 0, 1, 3_600_000, 86_400_000, 5 * 86_400_000),
  }),
  { maxLength: 12 },
);

/** A deal's steps from `start` on: skips, steps back, ties in time, closes, reopenings, switches, merges and voids. */
export function walks(start: number): fc.Arbitrary<readonly Step[]> {
  return fc.tuple(fc.nat(40), fc.nat(3), choices).map(([day, first, list]) => {
    let at = start + day * 86_400_000;
    const steps: Step[] = [{ to: WALKED[first] ?? 's1', at }];
    let place = first;
    let closed: 'won' | 'lost' | null = null;
    let elsewhere = false;
    for (const { act, pick, wait } of list) {
      at += wait;
      if (act === 'value') steps.push({ value: pick === 0 ? null : pick * 1000, at });
      else if (act === 'win' || act === 'lose') {
        if (closed !== null) continue;
        closed = act === 'win' ? 'won' : 'lost';
        steps.push({ turn: closed, at });
      } else if (act === 'churn') {
        if (closed !== 'won') continue;
        steps.push({ turn: 'churned', at });
        break;
      } else if (act === 'merge') {
        if (closed !== null || pick > 2) continue;
        steps.push({ turn: 'merged', at });
        break;
      } else if (act === 'void') {
        if (pick > 2) continue;
        steps.push({ turn: 'voided', at });
        break;
      } else if (closed !== null) {
        steps.push({ to: elsewhere ? 'o1' : (WALKED[place] ?? 's1'), at });
        closed = null;
      } else if (act === 'switch') {
        if (pick > 3) continue;
        elsewhere = !elsewhere;
        place = pick;
        steps.push(
          elsewhere ? { to: 'o1', at, pipeline: 'other' } : { to: WALKED[place] ?? 's1', at, pipeline: 'sales' },
        );
      } else if (!elsewhere && pick % 4 !== place) {
        const backward = pick % 4 < place;
        place = pick % 4;
        steps.push({ to: WALKED[place] ?? 's1', at, backward });
      }
    }
    return steps;
  });
}
