import { eur, lost, opened, valued, won } from '../testing/deal-happenings.js';
import { folded } from '../testing/folded.js';
import { recorded } from '../testing/histories.js';
import type { Happening } from '../testing/histories.js';
import { DEALS_VIEW } from './deals.view.js';

function totals(...happenings: Happening[]) {
  return folded(DEALS_VIEW, recorded('deal-d1', happenings)).counters;
}

describe('the totals of the columns', () => {
  it('count a deal with its value where it stands', () => {
    const life = [opened('2026-03-01T09:00:00Z'), valued('2026-03-02T09:00:00Z', eur('300.00'))];
    expect(totals(...life)).toEqual([
      {
        counter: 'column',
        dimensions: {
          board: 'new-business',
          stage: 'prospecting',
          owner: 'ann',
          audience: 'everyone',
          currency: 'EUR',
          ownProbability: null,
        },
        measures: { count: 1, withoutValue: 0, value: 30_000 },
      },
    ]);
  });

  it('count a deal without value apart', () => {
    expect(totals(opened('2026-03-01T09:00:00Z')).map(({ measures }) => measures)).toEqual([
      { count: 1, withoutValue: 1, value: 0 },
    ]);
    expect(totals(opened('2026-03-01T09:00:00Z', { value: eur('0.00') })).map(({ measures }) => measures)).toEqual([
      { count: 1, withoutValue: 0, value: 0 },
    ]);
  });

  it('leave out a deal that is closed, but for one in a post-sale stage', () => {
    const life = [opened('2026-03-01T09:00:00Z')];
    expect(totals(...life, lost('2026-03-02T09:00:00Z', 'prospecting', 'price'))).toEqual([]);
    expect(totals(...life, won('2026-03-02T09:00:00Z', 'prospecting', null))).toEqual([]);
    expect(totals(...life, won('2026-03-02T09:00:00Z', 'prospecting', null, 'onboarding'))).toMatchObject([
      { dimensions: { stage: 'onboarding' }, measures: { count: 1 } },
    ]);
  });
});
