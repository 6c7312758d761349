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

const ms = Date.parse;

function segments(...happenings: Happening[]) {
  return folded(DEAL_HISTORY_VIEW, recorded('deal-d1', happenings)).rows('segment');
}

/** The segments as `from day – to day: …columns`, days of March 2026. */
function told(columns: readonly string[], ...happenings: Happening[]): readonly string[] {
  const day = (at: unknown): string => (at === FOREVER ? '…' : String(new Date(Number(at)).getUTCDate()));
  return segments(...happenings).map(
    (row) =>
      `${day(row['from'])}–${day(row['to'])}: ${columns
        .map((column) => JSON.stringify(row[column]))
        .join(' ')
        .replaceAll('"', '')}`,
  );
}

const march = (day: number): string => `2026-03-${String(day).padStart(2, '0')}T09:00:00.000Z`;
const quietly = { actor: { id: 'robot', kind: 'reactor' } } as const;

describe('the segments of a deal', () => {
  it('begin with one that has no end', () => {
    const [segment, ...rest] = segments(
      opened(march(1), {
        value: eur('1000.00'),
        probability: 0.25,
        forecastCategory: 'commit',
        source: 'fair',
        labels: ['hot'],
        expectedClose: '2026-06-30',
        visibility: 'team',
        lineItems: [{ productId: 'p1', quantity: '1', unitPrice: eur('1000.00'), discount: 0 }],
      }),
    );
    const at = ms(march(1));
    expect(rest).toEqual([]);
    expect(segment).toEqual({
      id: 'd1#0',
      stage: 'prospecting',
      status: 'open',
      board: 'new-business',
      owner: 'ann',
      team: 'north',
      audience: 'team:north',
      source: 'fair',
      labels: ['hot'],
      products: ['p1'],
      currency: 'EUR',
      value: 100_000,
      expectedClose: '2026-06-30',
      ownProbability: 2500,
      ownCategory: 'commit',
      clockFrom: at,
      stayFrom: at,
      snoozedUntil: null,
      stayed: null,
      dues: null,
      firstDue: null,
      lastDue: null,
      from: at,
      to: FOREVER,
    });
    const columns = Object.keys(DEAL_HISTORY_VIEW.schema.tables['segment']?.columns ?? {});
    expect(Object.keys(segment ?? {}).sort()).toEqual(['id', ...columns].sort());
  });

  it('follow the stages, skips and steps back included', () => {
    expect(
      told(
        ['stage'],
        opened(march(1)),
        moved(march(3), 'prospecting', 'negotiation'),
        moved(march(7), 'negotiation', 'demo'),
      ),
    ).toEqual(['1–3: prospecting', '3–7: negotiation', '7–…: demo']);
  });

  it('have no stay and no board while the deal is lost', () => {
    expect(
      told(
        ['status', 'stage', 'board'],
        opened(march(1)),
        lost(march(4), 'prospecting', 'price'),
        reopened(march(9), 'prospecting'),
      ),
    ).toEqual([
      '1–4: open prospecting new-business',
      '4–9: lost prospecting null',
      '9–…: open prospecting new-business',
    ]);
  });

  it('stay on the board in post-sale stages', () => {
    expect(
      told(
        ['status', 'stage', 'board'],
        opened(march(1)),
        won(march(4), 'prospecting', null, 'onboarding'),
        moved(march(9), 'onboarding', 'referral'),
      ),
    ).toEqual([
      '1–4: open prospecting new-business',
      '4–9: won onboarding new-business',
      '9–…: won referral new-business',
    ]);
  });

  it('end on the board with a win where no post-sale stage is', () => {
    expect(told(['status', 'board'], opened(march(1)), won(march(4), 'prospecting', null))).toEqual([
      '1–4: open new-business',
      '4–…: won null',
    ]);
  });

  it('change the owner at the time at which it happened, though other things were recorded before', () => {
    expect(
      told(
        ['stage', 'owner', 'audience'],
        opened(march(1), { visibility: 'owner' }),
        moved(march(8), 'prospecting', 'demo', quietly),
        assigned(march(5), 'bob', null, { recordedAt: march(10), ...quietly }),
      ),
    ).toEqual(['1–5: prospecting ann user:ann', '5–8: prospecting bob user:bob', '8–…: demo bob user:bob']);
  });

  it('take a value change in the past into the stages that it fell into', () => {
    expect(
      told(
        ['stage', 'value'],
        opened(march(1), { value: eur('10.00') }),
        moved(march(6), 'prospecting', 'demo'),
        valued(march(4), eur('20.00'), { recordedAt: march(9) }),
      ),
    ).toEqual(['1–4: prospecting 1000', '4–6: prospecting 2000', '6–…: demo 2000']);
  });

  it('are split by a note that was recorded late, and touched from the time at which it was written', () => {
    const life = [opened(march(1)), noted(march(10), 'called')];
    const touches = (...happenings: Happening[]): unknown[] =>
      segments(...happenings).map((row) => only(['from', 'to', 'clockFrom'], row));
    const segment = (from: number, to: number): object => ({ from, to, clockFrom: from });
    expect(touches(...life)).toEqual([segment(ms(march(1)), ms(march(10))), segment(ms(march(10)), FOREVER)]);
    expect(touches(...life, noted(march(5), 'met', { recordedAt: march(12) }))).toEqual([
      segment(ms(march(1)), ms(march(5))),
      segment(ms(march(5)), ms(march(10))),
      segment(ms(march(10)), FOREVER),
    ]);
  });

  it('are not touched by what happened before the opening', () => {
    const life = [opened(march(5)), noted(march(2), 'met at the fair', { recordedAt: march(6) })];
    expect(segments(...life)).toEqual(segments(opened(march(5))));
  });

  it('are touched no later than the touch was recorded, once it has happened', () => {
    const early = { recordedAt: '2026-03-03T08:59:30.000Z' };
    expect(
      segments(opened(march(1)), moved(march(3), 'prospecting', 'demo', early)).map((row) =>
        only(['from', 'stage', 'clockFrom'], row),
      ),
    ).toEqual([
      { from: ms(march(1)), stage: 'prospecting', clockFrom: ms(march(1)) },
      { from: ms(march(3)), stage: 'demo', clockFrom: ms(early.recordedAt) },
    ]);
  });

  it('are not touched by a word on an activity before it was planned', () => {
    const said = { occurredAt: march(3), recordedAt: '2026-03-03T08:59:30.000Z' };
    const plan = { activityId: 'a1', kind: 'call', subject: 'Call', dueAt: march(9), assigneeId: 'ann' };
    expect(
      segments(
        opened(march(1)),
        { type: 'ActivityPlanned', data: plan, ...said },
        { type: 'ActivityCompleted', data: { activityId: 'a1', note: null }, ...said },
      ).map((row) => only(['from', 'clockFrom'], row)),
    ).toEqual([
      { from: ms(march(1)), clockFrom: ms(march(1)) },
      { from: ms(march(3)), clockFrom: ms(said.recordedAt) },
    ]);
  });

  it('are one where the deal comes back to its stage as a snooze ends, which its clocks tell already', () => {
    const life = [
      opened(march(1)),
      { type: 'DealSnoozed', data: { until: march(2) }, occurredAt: march(1) },
      moved(march(2), 'prospecting', 'demo'),
      moved(march(2), 'demo', 'prospecting'),
    ];
    expect(told(['stage'], ...life)).toEqual(['1–…: prospecting']);
  });

  it('leave out what lasted no time', () => {
    expect(
      told(
        ['stage', 'owner'],
        opened(march(1)),
        moved(march(3), 'prospecting', 'demo'),
        moved(march(3), 'demo', 'proposal'),
        assigned(march(3), 'bob', null),
      ),
    ).toEqual(['1–3: prospecting ann', '3–…: proposal bob']);
  });

  it('are joined where nothing differs', () => {
    const life = [
      opened(march(1), { value: eur('10.00') }),
      valued(march(3), eur('20.00'), quietly),
      valued(march(3), eur('10.00'), quietly),
      unknown(march(4)),
    ];
    expect(told(['value'], ...life)).toEqual(['1–…: 1000']);
  });

  it('are changed in two rows at most by an event of today', () => {
    const life = [opened(march(1)), moved(march(2), 'prospecting', 'demo'), assigned(march(3), 'bob', null)];
    const before = segments(...life);
    const after = segments(...life, noted(march(5), 'called'));
    expect(after).toHaveLength(before.length + 1);
    expect(after.slice(0, before.length - 1)).toEqual(before.slice(0, -1));
    expect(after.map(({ id }) => id)).toEqual(['d1#0', 'd1#1', 'd1#2', 'd1#3']);
  });
});
