import fc from 'fast-check';
import type { Recorded } from '../shared/decision.js';
import { DAY, START } from '../shared/testing/given.js';
import {
  correct,
  dealInItsPipeline as deal,
  euro,
  lose,
  move,
  open,
  relocate,
  renewals,
  reopen,
  switchTo,
  win,
} from '../shared/testing/deals.js';
import { pipelineOf } from '../shared/testing/pipelines.js';
import { churn } from '../shared/testing/customers.js';
import { acceptProposal, propose } from '../shared/testing/proposals.js';
import { walk, type Step } from '../shared/testing/walk.js';
import { dealEventsAsOf, fieldsOf } from './deal.as-of.js';
import { correctedHistory } from './deal.corrected-history.js';
import type { Correction, DealCommand } from './deal.commands.js';
import type { DealEvent } from './deal.events.js';
import { foldDeal } from './deal.evolve.js';
import { lastOpenPlace } from './deal.state.js';
import type { DealState } from './deal.state.js';

type History = readonly Recorded<DealEvent>[];
const STAGES = ['prospect', 'demo', 'proposal', 'onboarding', 'care'];

const PIPELINES = [pipelineOf(), renewals()];
const pipeline = fc.constantFrom(...PIPELINES);

const command: fc.Arbitrary<DealCommand> = fc.oneof(
  { weight: 6, arbitrary: fc.tuple(fc.constantFrom(...STAGES), pipeline).map(([to, p]) => move(to, { pipeline: p })) },
  {
    weight: 2,
    arbitrary: pipeline.chain((p) => fc.constantFrom<DealCommand>(win({ pipeline: p }), lose(), reopen(p), churn())),
  },
  { weight: 1, arbitrary: fc.constantFrom(...PIPELINES).map((p) => switchTo({ pipeline: p })) },
  {
    weight: 2,
    arbitrary: fc
      .tuple(fc.constantFrom('demo', 'onboarding'), fc.constantFrom(...STAGES), pipeline)
      .map(([from, to, p]) => relocate(from, to, { pipeline: p })),
  },
  {
    weight: 2,
    arbitrary: fc.constantFrom('1.00', '2.00').map((v): DealCommand => ({ type: 'ChangeDealValue', value: euro(v) })),
  },
  {
    weight: 2,
    arbitrary: fc
      .constantFrom('u-ada', 'u-bo')
      .map((ownerId): DealCommand => ({ type: 'AssignDeal', ownerId, teamId: null })),
  },
  { weight: 1, arbitrary: fc.constant<DealCommand>({ type: 'AddNote', text: 'called' }) },
  { weight: 2, arbitrary: fc.constantFrom<DealCommand>(propose(), acceptProposal()) },
);

/** A command as it comes, or a correction of the event at a place of the history (modulo its length). */
type Act =
  | { readonly kind: 'command'; readonly command: DealCommand }
  | { readonly kind: 'correct'; readonly place: number; readonly correction: Correction };

const correction: fc.Arbitrary<Correction> = fc.oneof(
  fc.constant<Correction>({ field: 'withdrawn', value: true }),
  fc.constantFrom(...STAGES).map((value): Correction => ({ field: 'toStageId', value })),
  fc.constantFrom(euro('3.00'), null).map((value): Correction => ({ field: 'value', value })),
  fc.integer({ min: -3, max: 40 }).map((days): Correction => ({ field: 'occurredAt', value: START + days * DAY })),
);

const acts: fc.Arbitrary<readonly { readonly act: Act; readonly wait: number }[]> = fc.array(
  fc.record({
    act: fc.oneof(
      { weight: 3, arbitrary: command.map((each): Act => ({ kind: 'command', command: each })) },
      {
        weight: 2,
        arbitrary: fc
          .tuple(fc.nat(24), correction)
          .map(([place, each]): Act => ({ kind: 'correct', place, correction: each })),
      },
    ),
    wait: fc.constantFrom(0, 0, DAY, 3 * DAY),
  }),
  { maxLength: 22 },
);

/** What is stored in the end, and after each accepted correction. */
function lived(path: readonly { readonly act: Act; readonly wait: number }[]): {
  readonly history: History;
  readonly corrections: number;
} {
  const actor = { id: 'u-ada', kind: 'user' } as const;
  const first: Step<DealCommand> = { command: open(), wait: 0, ago: null, actor, mayOverride: false };
  let history: History = walk(deal, [first]).at(-1)?.history ?? [];
  let now = START;
  let corrections = 0;
  for (const { act, wait } of path) {
    now += wait;
    const sent =
      act.kind === 'command'
        ? act.command
        : correct({ ...act.correction, revision: act.place % history.length }, history);
    const decision = deal.decide(foldDeal(history, deal.id), sent, { now, actor });
    if (!decision.ok) continue;
    for (const event of decision.events) {
      if (event.type === 'DealCorrected') corrections++;
      history = [...history, { ...event, revision: history.length, recordedAt: now, actor }];
    }
  }
  return { history, corrections };
}

function always(holds: (history: History) => void): void {
  fc.assert(
    fc.property(acts, (path) => holds(lived(path).history)),
    { numRuns: 600 },
  );
}

describe('a deal that is corrected now and then', () => {
  it('is what it would be had its events been right', () => {
    always((history) => {
      expect(foldDeal(history, deal.id)).toEqual(foldDeal(correctedHistory(history), deal.id));
    });
  });

  it('has a history that could have happened', () => {
    always((history) => {
      const told = correctedHistory(history);
      for (const [index, event] of told.entries()) {
        const before = foldDeal(told.slice(0, index), deal.id);
        if (before === null) continue;
        if ('from' in event.data && 'to' in event.data) {
          const { from, to } = event.data;
          expect([from.pipelineId, from.stageId]).toEqual([before.pipelineId, before.stageId]);
          expect(before.visits.at(-1)?.exit).toBeNull();
          expect([to.pipelineId, to.stageId]).not.toEqual([from.pipelineId, from.stageId]);
        }
        if (event.type === 'DealStageMoved') {
          const { from, to, direction } = event.data;
          expect(direction).toBe(to.rank > from.rank ? 'forward' : 'backward');
        }
        if (event.type === 'DealWon' || event.type === 'DealLost') {
          expect(event.data).toMatchObject({ stageId: before.stageId, value: before.value });
        }
        if (event.type === 'DealReopened') {
          const { toStageId, pipelineId = before.pipelineId } = event.data;
          expect({ pipelineId, stageId: toStageId }).toMatchObject(placeOf(before));
        }
      }
    });
  });

  it('keeps the order of time within stage and status, owner, and value', () => {
    always((history) => {
      const told = correctedHistory(history);
      for (const field of ['stage', 'owner', 'value']) {
        const times = told
          .filter((event) => event.type === 'DealOpened' || fieldsOf(event).includes(field))
          .map(({ occurredAt }) => occurredAt);
        expect(times).toEqual([...times].sort((a, b) => a - b));
      }
    });
  });

  it('is itself as of the end of time', () => {
    always((history) => {
      const asOf = foldDeal(dealEventsAsOf(history, Number.MAX_SAFE_INTEGER), deal.id);
      expect(asOf).toEqual(foldDeal(history, deal.id));
    });
  });

  it('is corrected often enough for that to mean something', () => {
    const counts = fc.sample(acts, 300).map((path) => lived(path).corrections);
    expect(counts.filter((count) => count > 0).length).toBeGreaterThan(30);
  });
});

function placeOf(state: DealState): { readonly pipelineId: string; readonly stageId: string } {
  const { pipelineId, stageId } = lastOpenPlace(state);
  return { pipelineId, stageId };
}
