import {
  assigned,
  eur,
  lost,
  moved,
  noted,
  opened,
  reopened,
  unknown,
  valued,
  won,
} from '../testing/deal-happenings.js';
import { folded, only } from '../testing/folded.js';
import { recorded } from '../testing/histories.js';
import type { Happening } from '../testing/histories.js';
import { FOREVER } from './deal-history.schema.js';
import { DEAL_HISTORY_VIEW } from './deal-history.view.js';
import { unpackPath } from './packed-path.js';

const ms = Date.parse;
const march = (day: number): string => `2026-03-${String(day).padStart(2, '0')}T09:00:00.000Z`;

function table(name: string, happenings: readonly Happening[]) {
  return folded(DEAL_HISTORY_VIEW, recorded('deal-d1', happenings)).rows(name);
}
const journeys = (...happenings: Happening[]) => table('journey', happenings);
const closes = (...happenings: Happening[]) => table('close', happenings);

describe('the journey of a deal', () => {
  it('tells its visits, wins and losses in the order of the stream', () => {
    const rows = journeys(
      opened(march(1), { value: eur('10.00') }),
      valued(march(2), eur('20.00')),
      moved(march(3), 'prospecting', 'demo'),
      lost(march(5), 'demo', 'price'),
      reopened(march(8), 'demo'),
      won(march(9), 'demo', eur('20.00'), 'onboarding'),
    );
    const place = { pipelineId: 'new-business', pipelineVersion: 1 };
    const worth = (value: number): object => ({ currency: 'EUR', value });
    const at = (day: number): number => ms(march(day));
    expect(rows.map(({ path, life: _life, ...row }) => ({ ...row, path: unpackPath(path as object) }))).toEqual([
      {
        id: 'd1#0',
        deal: 'd1',
        pipeline: 'new-business',
        firstEnteredAt: at(1),
        owner: 'ann',
        team: 'north',
        audience: 'everyone',
        source: null,
        labels: null,
        products: null,
        currency: 'EUR',
        value: 1000,
        expectedClose: null,
        path: {
          visits: [
            {
              ...place,
              stageId: 'prospecting',
              entry: 'opened',
              revision: 0,
              enteredAt: at(1),
              exitedAt: at(3),
              exit: 'forward',
              ...worth(1000),
            },
            {
              ...place,
              stageId: 'demo',
              entry: 'forward',
              revision: 2,
              enteredAt: at(3),
              exitedAt: at(5),
              exit: 'lost',
              ...worth(2000),
            },
            {
              ...place,
              stageId: 'demo',
              entry: 'reopened',
              revision: 4,
              enteredAt: at(8),
              exitedAt: at(9),
              exit: 'won',
              ...worth(2000),
            },
            {
              ...place,
              stageId: 'onboarding',
              entry: 'won',
              revision: 5,
              enteredAt: at(9),
              exitedAt: null,
              exit: null,
              ...worth(2000),
            },
          ],
          turns: [
            { kind: 'lost', revision: 3, at: at(5), pipelineId: 'new-business', stageId: 'demo', ...worth(2000) },
            { kind: 'reopened', revision: 4, at: at(8), pipelineId: 'new-business', stageId: 'demo', ...worth(2000) },
            { kind: 'won', revision: 5, at: at(9), pipelineId: 'new-business', stageId: 'demo', ...worth(2000) },
          ],
        },
      },
    ]);
    const columns = Object.keys(DEAL_HISTORY_VIEW.schema.tables['journey']?.columns ?? {});
    expect(Object.keys(rows[0] ?? {}).sort()).toEqual(['id', ...columns].sort());
  });

  it('keeps the owner whom the deal had when it came', () => {
    const [journey] = journeys(
      opened(march(1), { visibility: 'team' }),
      assigned(march(1), 'bob', 'south'),
      assigned(march(4), 'cleo', null),
    );
    expect(only(['owner', 'team', 'audience'], journey)).toEqual({
      owner: 'ann',
      team: 'north',
      audience: 'team:north',
    });
  });

  it('ends a post-sale visit with the reopening', () => {
    const [journey] = journeys(
      opened(march(1)),
      won(march(2), 'prospecting', null, 'onboarding'),
      reopened(march(6), 'prospecting'),
    );
    expect(unpackPath(journey?.['path'] as object)).toMatchObject({
      visits: [
        { stageId: 'prospecting', exit: 'won' },
        { stageId: 'onboarding', entry: 'won', exitedAt: ms(march(6)), exit: 'reopened' },
        { stageId: 'prospecting', entry: 'reopened', exit: null },
      ],
    });
  });

  it('is one for each pipeline, with the attributes of the first visit in each', () => {
    const switched: Happening = {
      type: 'DealPipelineSwitched',
      occurredAt: march(6),
      data: {
        from: { pipelineId: 'new-business', stageId: 'prospecting', rank: 1 },
        to: { pipelineId: 'renewals', stageId: 'notice', rank: 1 },
        pipelineVersion: 4,
      },
    };
    const rows = journeys(opened(march(1)), assigned(march(4), 'bob', null), switched);
    expect(rows.map((row) => only(['id', 'pipeline', 'firstEnteredAt', 'owner'], row))).toEqual([
      { id: 'd1#0', pipeline: 'new-business', firstEnteredAt: ms(march(1)), owner: 'ann' },
      { id: 'd1#1', pipeline: 'renewals', firstEnteredAt: ms(march(6)), owner: 'bob' },
    ]);
    expect(rows[0]?.['path']).toEqual(rows[1]?.['path']);
  });

  it('passes over what a newer version wrote', () => {
    expect(journeys(opened(march(1)), unknown(march(2)))).toEqual(journeys(opened(march(1))));
    expect(() => journeys(unknown(march(2)))).toThrow('deal-d1: begins with DealTeleported');
    expect(() => journeys(noted(march(2), 'early'))).toThrow('deal-d1: NoteAdded before DealOpened');
    expect(() => journeys(opened(march(1)), opened(march(2)))).toThrow('deal-d1: DealOpened again at revision 1');
  });
});

describe('the closes of a deal', () => {
  it('are in force until the reopening, each with its own value', () => {
    const rows = closes(
      opened(march(1), { value: eur('10.00'), visibility: 'owner' }),
      moved(march(2), 'prospecting', 'proposal'),
      lost(march(3), 'proposal', 'price'),
      reopened(march(5), 'proposal'),
      valued(march(6), eur('12.00')),
      assigned(march(7), 'bob', null),
      won(march(9), 'proposal', eur('12.00'), 'onboarding'),
    );
    const common = {
      deal: 'd1',
      pipeline: 'new-business',
      stage: 'proposal',
      firstEnteredAt: ms(march(1)),
      source: null,
      labels: null,
      products: null,
      currency: 'EUR',
      expectedClose: null,
    };
    expect(rows).toEqual([
      {
        ...common,
        id: 'd1#2',
        outcome: 'lost',
        reason: 'price',
        closedAt: ms(march(3)),
        supersededAt: ms(march(5)),
        owner: 'ann',
        team: 'north',
        audience: 'user:ann',
        value: 1000,
      },
      {
        ...common,
        id: 'd1#6',
        outcome: 'won',
        reason: null,
        closedAt: ms(march(9)),
        supersededAt: FOREVER,
        owner: 'bob',
        team: null,
        audience: 'user:bob',
        value: 1200,
      },
    ]);
    const columns = Object.keys(DEAL_HISTORY_VIEW.schema.tables['close']?.columns ?? {});
    expect(Object.keys(rows[0] ?? {}).sort()).toEqual(['id', ...columns].sort());
  });

  it('belong to who owned the deal just before, also when that was recorded afterwards', () => {
    const life = [opened(march(1)), lost(march(5), 'prospecting', 'price')];
    const owners = (...happenings: Happening[]): unknown[] => closes(...happenings).map((row) => row['owner']);
    expect(owners(...life, assigned(march(4), 'bob', null, { recordedAt: march(9) }))).toEqual(['bob']);
    expect(owners(...life, assigned(march(5), 'bob', null, { recordedAt: march(9) }))).toEqual(['ann']);
    expect(owners(...life, assigned(march(6), 'bob', null))).toEqual(['ann']);
  });

  it('belong to the new owner when the deal changed hands in the same instant, but first', () => {
    const rows = closes(opened(march(1)), assigned(march(1), 'bob', null), lost(march(1), 'prospecting', 'price'));
    expect(rows.map((row) => row['owner'])).toEqual(['bob']);
  });

  it('keep the value that the deal had at the closing revision', () => {
    const rows = closes(
      opened(march(1), { value: eur('10.00') }),
      lost(march(5), 'prospecting', 'price'),
      reopened(march(7), 'prospecting'),
      valued(march(3), eur('99.00'), { recordedAt: march(8) }),
    );
    expect(rows.map((row) => row['value'])).toEqual([1000]);
  });
});
