import fc from 'fast-check';
import { dealHistories } from '../testing/histories.js';
import { DEAL_HISTORY_VIEW } from './deal-history.view.js';
import type { HistoryState } from './history.js';
import { Sweep } from './sweep.js';

/** All states that one deal has had, in the order of its stream. */
const lives = dealHistories.map((log) => {
  const states: HistoryState[] = [];
  for (const event of log) {
    if (event.stream === 'deal-1') states.push(DEAL_HISTORY_VIEW.evolve(states.at(-1) ?? null, event));
  }
  return states;
});

function found({ segments, beginnings, closes, path, packedPath }: Sweep): object {
  return { segments, beginnings, closes, path, packedPath };
}

describe('a sweep over the life of a deal', () => {
  it('goes on, from any state to any later one, to what it finds when it begins anew', () => {
    const ways = { on: 0, anew: 0 };
    fc.assert(
      fc.property(lives, fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1 }), (states, steps) => {
        const [first] = states;
        if (first === undefined) return;
        let sweep = new Sweep(first);
        let index = 0;
        for (const step of steps) {
          const state = states[(index += step)];
          if (state === undefined) return;
          const before = structuredClone(found(sweep));
          const anew = new Sweep(state);
          const goesOn = sweep.goOnTo(state);
          ways[goesOn ? 'on' : 'anew'] += 1;
          expect(found(sweep)).toEqual(goesOn ? found(anew) : before);
          if (!goesOn) sweep = anew;
        }
      }),
      { numRuns: 300 },
    );
    expect(ways.on).toBeGreaterThan(50);
    expect(ways.anew).toBeGreaterThan(50);
  });

  it('begins anew where an event of before was recorded late, or corrected', () => {
    const at = (hour: number): number => Date.UTC(2026, 2, 1, hour);
    const opening: HistoryState = {
      visibility: 'everyone',
      description: {
        source: null,
        labels: [],
        products: [],
        expectedClose: null,
        ownProbability: null,
        ownCategory: null,
      },
      changes: [{ kind: 'owner', revision: 0, at: at(9), owner: 'ann', team: null }],
      touches: [at(9)],
    };
    const touchedAgain = { ...opening, touches: [at(9), at(12)] };
    const goesOn = (later: HistoryState): boolean => new Sweep(touchedAgain).goOnTo(later);
    expect(goesOn({ ...opening, touches: [at(9), at(12), at(13)] })).toBe(true);
    expect(goesOn({ ...opening, touches: [at(9), at(12), at(12)] })).toBe(false);
    expect(goesOn({ ...opening, touches: [at(9), at(11), at(12)] })).toBe(false);
    expect(goesOn(opening)).toBe(false);
    const assigned = { kind: 'owner', revision: 1, owner: 'bob', team: null } as const;
    const after = (...changes: HistoryState['changes']): HistoryState => ({ ...touchedAgain, changes });
    expect(goesOn(after(...opening.changes, { ...assigned, at: at(14) }))).toBe(true);
    expect(goesOn(after(...opening.changes, { ...assigned, at: at(10) }))).toBe(false);
    expect(goesOn(after({ ...assigned, revision: 0, at: at(9) }))).toBe(false);
  });
});
