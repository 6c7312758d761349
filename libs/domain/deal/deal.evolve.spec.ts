import { ADA, IMPORT, REACTOR, day, given, recorded, unknownEvent } from '../shared/testing/given.js';
import type { Told } from '../shared/testing/given.js';
import { assigned, deal, euro, lost, moved, noted, opened, reopened, valued, won } from '../shared/testing/deals.js';
import { dealEventsAsOf } from './deal.as-of.js';
import type { DealEvent } from './deal.events.js';
import { evolveDeal, foldDeal } from './deal.evolve.js';

type History = readonly Told<DealEvent>[];
const state = (history: History) => given(deal, history).state();
const visits = (history: History) =>
  state(history).visits.map((visit) => [visit.visitNo, visit.stageId, visit.entry, visit.exit]);

describe('a deal', () => {
  it('is what it was opened as', () => {
    const data = opened({
      personId: 'p-1',
      organizationId: 'o-1',
      leadId: 'plant-2',
      capturedAt: '2026-02-01T00:00:00.000Z',
      labels: ['hot'],
      criteria: ['need'],
    });
    expect(state([data])).toMatchObject({
      id: 'boiler',
      revision: 0,
      status: 'open',
      stageId: 'prospect',
      lastOpenStageId: 'prospect',
      contacts: [
        { kind: 'person', id: 'p-1', role: 'primary' },
        { kind: 'organization', id: 'o-1', role: 'primary' },
      ],
      capturedAt: Date.UTC(2026, 1, 1),
      openedAt: day(0),
      closedAt: null,
      labels: ['hot'],
      criteria: ['need'],
    });
  });

  it('takes its value, owner and team from the last change', () => {
    const changed = state([opened(), valued(euro('7.00')), assigned('u-bo'), valued(null)]);
    expect(changed).toMatchObject({ value: null, ownerId: 'u-bo', revision: 3 });
    expect(changed.last).toEqual({
      stage: { at: day(0), revision: 0, type: 'DealOpened' },
      owner: { at: day(2), revision: 2, type: 'DealAssigned' },
      value: { at: day(3), revision: 3, type: 'DealValueChanged' },
      snooze: { at: day(0), revision: 0, type: 'DealOpened' },
    });
  });

  it('is closed by a loss, with its reason, until it is reopened', () => {
    const history = [opened(), moved('prospect', 'demo'), lost('demo', 'timing')];
    expect(state(history)).toMatchObject({
      status: 'lost',
      stageId: 'demo',
      closedAt: day(2),
      loss: { reason: 'timing', note: null, competitor: null, stageId: 'demo' },
    });
    expect(state([...history, reopened('demo')])).toMatchObject({
      status: 'open',
      stageId: 'demo',
      closedAt: null,
      loss: null,
    });
  });

  it('is in the post-sale stage after a win, and remembers its last open stage', () => {
    const history = [opened(), moved('prospect', 'demo'), won('demo'), moved('onboarding', 'care')];
    expect(state(history)).toMatchObject({ status: 'won', stageId: 'care', lastOpenStageId: 'demo', closedAt: day(2) });
  });
});

describe('visits', () => {
  it('follow the deal through its stages', () => {
    const history = [opened(), moved('prospect', 'proposal'), moved('proposal', 'demo'), won('demo', null)];
    expect(visits(history)).toEqual([
      [1, 'prospect', 'opened', 'forward'],
      [2, 'proposal', 'forward', 'backward'],
      [3, 'demo', 'backward', 'won'],
    ]);
  });

  it('begin at the entry and end at the exit', () => {
    const [first, second] = state([opened(), moved('prospect', 'demo')]).visits;
    expect(first).toMatchObject({ enteredAt: day(0), exitedAt: day(1), exit: 'forward' });
    expect(second).toMatchObject({ enteredAt: day(1), exitedAt: null, exit: null });
  });

  it('go on after the win, and a reopening ends them there', () => {
    const history = [opened(), won('prospect'), moved('onboarding', 'care'), reopened('prospect')];
    expect(visits(history)).toEqual([
      [1, 'prospect', 'opened', 'won'],
      [2, 'onboarding', 'won', 'forward'],
      [3, 'care', 'forward', 'reopened'],
      [4, 'prospect', 'reopened', null],
    ]);
  });

  it('leave out the time that a deal was lost', () => {
    const history = [opened(), lost('prospect'), { ...reopened('prospect'), occurredAt: day(30) }];
    expect(visits(history)).toEqual([
      [1, 'prospect', 'opened', 'lost'],
      [2, 'prospect', 'reopened', null],
    ]);
    expect(state(history).visits.map(({ enteredAt, exitedAt }) => [enteredAt, exitedAt])).toEqual([
      [day(0), day(1)],
      [day(30), null],
    ]);
  });
});

describe('the touch', () => {
  const touch = (...history: History) => state(history).touch;

  it.each<[string, Told<DealEvent>]>([
    ['a move', moved('prospect', 'demo')],
    ['a win into a post-sale stage', won('prospect')],
    ['a new owner', assigned('u-bo')],
    ['a new value', valued(null)],
    ['a note', noted()],
  ])('is %s', (_, event) => {
    expect(touch(opened(), event)).toEqual({
      at: day(1),
      type: event.type,
      actor: ADA,
      occurredAt: day(1),
      revision: 1,
    });
  });

  it('is the reopening', () => {
    expect(touch(opened(), lost('prospect'), reopened('prospect'))).toMatchObject({ type: 'DealReopened', at: day(2) });
  });

  it.each<[string, Told<DealEvent>]>([
    ['a loss', lost('prospect')],
    ['a win that ends the way', won('prospect', null)],
    ['what let a move past a gate', { type: 'GateOverridden', data: { stageId: null, missing: [], reason: 'x' } }],
    ['what a reactor did', { ...assigned('u-bo'), actor: REACTOR }],
    ['an imported note', { ...noted(), actor: IMPORT }],
    ['an imported owner', { ...assigned('u-bo'), actor: IMPORT }],
  ])('is not %s', (_, event) => {
    expect(touch(opened(), event)).toMatchObject({ type: 'DealOpened', at: day(0) });
  });

  it('never goes back: what was done earlier and recorded late does not win', () => {
    expect(touch(opened(), moved('prospect', 'demo'), { ...noted(), occurredAt: day(0) + 1 })).toMatchObject({
      revision: 1,
    });
  });

  it('of two at the same time is the later in the stream', () => {
    expect(touch(opened(), noted(), { ...noted(), occurredAt: day(1) })).toMatchObject({ revision: 2 });
  });

  it('is not later than when it was recorded', () => {
    const hasty = { ...noted(), occurredAt: day(1) + 60_000, recordedAt: day(1) };
    expect(touch(opened(), hasty)).toMatchObject({ at: day(1), occurredAt: day(1) + 60_000 });
  });

  it('of an imported deal is its imported last activity', () => {
    const at = (days: number) => ({ actor: IMPORT, occurredAt: day(days), recordedAt: day(100) });
    const history = [
      { ...opened(), ...at(-50) },
      { ...moved('prospect', 'demo'), ...at(-20) },
    ];
    expect(touch(...history)).toMatchObject({ at: day(-20), type: 'DealStageMoved' });
    expect(touch(...history, { ...noted(), ...at(100) })).toMatchObject({ at: day(-20) });
  });

  it('of an imported deal without dates is the time of the import', () => {
    expect(touch({ ...opened(), actor: IMPORT, occurredAt: day(100) })).toMatchObject({ at: day(100), actor: IMPORT });
  });

  it('of a deal that a reactor opened is the opening', () => {
    expect(touch({ ...opened(), actor: REACTOR })).toMatchObject({ type: 'DealOpened', at: day(0) });
  });
});

describe('a deal as of an instant', () => {
  const history = recorded<DealEvent>([
    opened(),
    { ...moved('prospect', 'demo'), occurredAt: day(4) },
    { ...noted(), occurredAt: day(-3), recordedAt: day(5) },
    { ...valued(null), occurredAt: day(2), recordedAt: day(6) },
    { ...lost('demo'), occurredAt: day(8) },
  ]);
  const revisions = (days: number) => dealEventsAsOf(history, day(days)).map(({ revision }) => revision);

  it('is not there before the opening', () => {
    expect(revisions(-1)).toEqual([]);
    expect(foldDeal([], 'boiler')).toBeNull();
  });

  it('takes changes from when they occurred, whenever they were recorded', () => {
    expect(revisions(0)).toEqual([0, 2]);
    expect(revisions(2)).toEqual([0, 2, 3]);
    expect(revisions(4)).toEqual([0, 1, 2, 3]);
    expect(revisions(8)).toEqual([0, 1, 2, 3, 4]);
  });

  it('keeps the revisions of the stream', () => {
    expect(foldDeal(dealEventsAsOf(history, day(3)), 'boiler')).toMatchObject({ revision: 3, stageId: 'prospect' });
  });
});

describe('a history that was never decided', () => {
  const at = { occurredAt: day(0), recordedAt: day(0), revision: 0, actor: ADA };

  it('is not folded', () => {
    expect(() => evolveDeal(null, { ...noted(), ...at }, 'boiler')).toThrow(/before DealOpened/);
    expect(() => state([opened(), opened()])).toThrow(/again/);
    const unknown = unknownEvent<DealEvent>('DealPainted');
    expect(() => state([opened(), unknown])).toThrow(/unknown event/);
    expect(() => dealEventsAsOf([{ ...unknown, ...at }], day(1))).toThrow(/unknown event/);
  });
});
