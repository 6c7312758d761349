import { pathOf } from '../testing/journeys.js';
import type { Step } from '../testing/journeys.js';
import { changed, pipeline, stage } from '../testing/play.js';
import { currentVersion } from '#domain/pipeline/pipeline.policy.js';
import { pathAt } from './journey-at.js';
import { ladderOf } from './ladder.js';
import { measure } from './measure.js';
import type { Facts } from './measure.js';

const SALES = pipeline('sales', [
  stage('demo'),
  stage('proposal'),
  stage('closing'),
  stage('care', { kind: 'post-sale' }),
]);
const LADDER = ladderOf(SALES, currentVersion(SALES));

function facts(steps: readonly Step[], asOf = Infinity): Facts {
  const measured = measure(pathAt(pathOf(steps, 'sales'), asOf), 'sales', LADDER, 'current');
  if (measured === null) throw new Error('not in the pipeline');
  return measured;
}

const held = (milestones: Facts['reached']): readonly boolean[] => milestones.map((milestone) => milestone !== null);

describe('a deal in the funnel', () => {
  it('that skips a stage has reached it, but not entered it', () => {
    const skipped = facts([
      { to: 'demo', at: 0 },
      { to: 'closing', at: 10 },
    ]);
    expect(held(skipped.reached)).toEqual([true, true, true]);
    expect(held(skipped.entered)).toEqual([true, false, true]);
    expect(skipped.toNext).toEqual([10, null, null]);
    expect(held(skipped.strict)).toEqual([true, false, false]);
  });

  it('that goes back has reached no less', () => {
    const back = facts([
      { to: 'demo', at: 0 },
      { to: 'proposal', at: 1 },
      { to: 'demo', at: 2, backward: true },
    ]);
    expect(back).toMatchObject({ furthest: 2, backwardFrom: [0, 1, 0], reentries: [1, 0, 0] });
  });

  it('that enters a stage again counts once', () => {
    const again = facts([
      { to: 'demo', at: 0 },
      { to: 'proposal', at: 1 },
      { to: 'demo', at: 2, backward: true },
      { to: 'proposal', at: 8 },
    ]);
    expect(again).toMatchObject({ reentries: [1, 1, 0], furthest: 2 });
    expect(again.entered[1]?.at).toBe(1);
  });

  it('opened in a later stage has reached those before, which it started beyond', () => {
    const later = facts([{ to: 'proposal', at: 0 }]);
    expect(held(later.reached)).toEqual([true, true, false]);
    expect(later.firstPlace).toBe(2);
    expect(held(later.strict)).toEqual([false, false, false]);
  });

  it('won from the first stage has reached all, entered one, and is not won in order', () => {
    const won = facts([
      { to: 'demo', at: 0 },
      { turn: 'won', at: 5 },
    ]);
    expect(won).toMatchObject({ outcome: 'won', win: { at: 5 }, strictWin: null, toNext: [5, null, null] });
    expect(held(won.reached)).toEqual([true, true, true]);
    expect(held(won.entered)).toEqual([true, false, false]);
  });

  it('that was lost and reopened is open again, without a re-entry', () => {
    const reopened = facts([
      { to: 'demo', at: 0 },
      { turn: 'lost', at: 1 },
      { to: 'demo', at: 2 },
    ]);
    expect(reopened).toMatchObject({ outcome: 'open', loss: null, reentries: [0, 0, 0] });
  });

  it('that was won, reopened and lost stays reached, and is lost', () => {
    const lost = facts([
      { to: 'demo', at: 0 },
      { turn: 'won', at: 1 },
      { to: 'demo', at: 2 },
      { turn: 'lost', at: 3 },
    ]);
    expect(lost).toMatchObject({ outcome: 'lost', win: { at: 1 }, loss: { place: 1, milestone: { at: 3 } } });
    expect(held(lost.reached)).toEqual([true, true, true]);
  });

  it('moved to another pipeline is switched here, and a win there is none here', () => {
    const switched = facts([
      { to: 'demo', at: 0 },
      { to: 'offer', at: 1, pipeline: 'renewals' },
      { turn: 'won', at: 2 },
    ]);
    expect(switched).toMatchObject({ outcome: 'switched', win: null, furthest: 1, switchedBy: { at: 1 } });
  });

  it('that was merged leaves as merged, not lost', () => {
    expect(
      facts([
        { to: 'demo', at: 0 },
        { turn: 'merged', at: 1 },
      ]),
    ).toMatchObject({ outcome: 'merged', loss: null });
  });

  it('is told as it stood: what came later has not happened', () => {
    const steps: Step[] = [
      { to: 'demo', at: 0 },
      { to: 'closing', at: 10 },
      { turn: 'won', at: 20 },
    ];
    expect(facts(steps, 9)).toMatchObject({ outcome: 'open', furthest: 1, toNext: [null, null, null] });
    expect(facts(steps, 10)).toMatchObject({ outcome: 'open', furthest: 3, win: null });
    expect(facts(steps, 20)).toMatchObject({ outcome: 'won' });
  });

  it('keeps the order of its stream where times are equal', () => {
    const tied = facts([
      { to: 'demo', at: 7 },
      { to: 'proposal', at: 7 },
      { to: 'closing', at: 7 },
      { turn: 'won', at: 7 },
    ]);
    expect(held(tied.strict)).toEqual([true, true, true]);
    expect(tied).toMatchObject({ strictWin: { at: 7 }, toNext: [0, 0, 0] });
  });

  it('is worth, in a stage, what it was worth when it first got there', () => {
    const valued = facts([
      { value: 100, at: 0 },
      { to: 'demo', at: 0 },
      { value: 500, at: 1 },
      { to: 'closing', at: 2 },
      { value: 900, at: 3 },
    ]);
    expect(valued.reached.map((milestone) => milestone?.value)).toEqual([100, 500, 500]);
  });

  it('after its win is in no stage of the funnel', () => {
    const cared = facts([
      { to: 'closing', at: 0 },
      { turn: 'won', at: 1 },
    ]);
    expect(LADDER.place({ stageId: 'care', pipelineVersion: 1 })).toBeNull();
    expect(cared.furthest).toBe(3);
  });
});

describe('a stage that is no longer there', () => {
  const retired = changed(SALES, 100, (stages) =>
    stages.map((each) => (each.id === 'proposal' ? { ...each, retired: true, relocatedTo: 'closing' } : each)),
  );
  const present = currentVersion(retired);

  it('counts where its deals were relocated', () => {
    const ladder = ladderOf(retired, present);
    expect(ladder.stages.map(({ id }) => id)).toEqual(['demo', 'closing']);
    expect(ladder.place({ stageId: 'proposal', pipelineVersion: 1 })).toBe(2);
  });

  it('counts where the nearest stage before it is, if its deals went nowhere', () => {
    const inserted = changed(SALES, 100, ([demo, ...rest]) => [
      ...(demo ? [demo] : []),
      { ...stage('trial'), rank: 0, retired: false, relocatedTo: null },
      { ...stage('early'), rank: 0, retired: false, relocatedTo: null },
      ...rest,
    ]);
    const [first] = inserted.versions;
    if (first === undefined) throw new Error('no version');
    expect(ladderOf(inserted, first).place({ stageId: 'early', pipelineVersion: 2 })).toBe(1);
  });

  it('counts before the first, if none was before it', () => {
    const preceded = changed(SALES, 100, (stages) => [
      { ...stage('lead-in'), rank: 0, retired: false, relocatedTo: null },
      ...stages,
    ]);
    const [first] = preceded.versions;
    if (first === undefined) throw new Error('no version');
    expect(ladderOf(preceded, first).place({ stageId: 'lead-in', pipelineVersion: 2 })).toBe(0);
  });

  it('makes no re-entry of the relocation', () => {
    const path = pathOf(
      [
        { to: 'demo', at: 0 },
        { to: 'proposal', at: 1 },
        { to: 'closing', at: 2 },
      ],
      'sales',
    );
    const relocated = {
      ...path,
      visits: path.visits.map((visit) =>
        visit.stageId === 'closing' ? { ...visit, entry: 'relocated' as const, pipelineVersion: 2 } : visit,
      ),
    };
    expect(measure(relocated, 'sales', ladderOf(retired, present), 'current')).toMatchObject({ reentries: [0, 0] });
    expect(measure(relocated, 'sales', LADDER, 'as-was')).toMatchObject({ furthest: 2 });
    expect(measure(relocated, 'sales', LADDER, 'current')).toMatchObject({ furthest: 3 });
  });
});

describe('a voided deal', () => {
  it('is in no funnel', () => {
    const path = pathOf([{ to: 'demo', at: 0 }], 'sales');
    const voided = {
      ...path,
      visits: path.visits.map((visit) => ({ ...visit, exit: 'voided' as const, exitedAt: 1 })),
    };
    expect(measure(pathAt(voided, 5), 'sales', LADDER, 'current')).toBeNull();
    expect(measure(pathAt(voided, 0), 'sales', LADDER, 'current')).toMatchObject({ outcome: 'open' });
  });
});
