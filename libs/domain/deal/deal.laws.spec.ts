import fc from 'fast-check';
import type { Recorded } from '../shared/decision.js';
import { DAY, START, folded } from '../shared/testing/given.js';
import {
  dealInItsPipeline as deal,
  euro,
  lose,
  move,
  open,
  relocate,
  renewals,
  reopen,
  revert,
  switchTo,
  voidIt,
  win,
} from '../shared/testing/deals.js';
import { DUE, cancel, complete, plan, reschedule } from '../shared/testing/activities.js';
import { formatInstant } from '../shared/instant.js';
import { churn, winBack } from '../shared/testing/customers.js';
import { acceptProposal, propose } from '../shared/testing/proposals.js';
import { created, pipelineOf, stage, withStage } from '../shared/testing/pipelines.js';
import { steps, walk } from '../shared/testing/walk.js';
import { dealEventsAsOf } from './deal.as-of.js';
import type { DealCommand } from './deal.commands.js';
import type { DealEvent, DealStatus } from './deal.events.js';
import { lastOpenPlace } from './deal.state.js';
import type { DealState } from './deal.state.js';

const START_TEXT = formatInstant(START);
const PIPELINES = [
  pipelineOf(),
  pipelineOf(created({ moveRules: { skips: false, stepsBack: false } })),
  pipelineOf(created({ winGates: [{ type: 'field', field: 'value' }] })),
  pipelineOf(created({ stages: [stage('prospect'), stage('demo'), stage('proposal')] })),
  withStage(pipelineOf(), 'demo', { retired: true }),
  withStage(pipelineOf(), 'proposal', { gates: [{ type: 'contact', kind: 'person' }] }),
  withStage(pipelineOf(), 'demo', { gates: [{ type: 'proposal', status: 'accepted' }] }),
];

const pipeline = fc.constantFrom(...PIPELINES, ...PIPELINES.map(renewals));

const value = fc.option(fc.constantFrom('0.00', '1.00', '100.00', '-1.00').map(euro));
const stageId = fc.constantFrom('prospect', 'demo', 'proposal', 'onboarding', 'care', 'nowhere');
const override = fc.option(fc.constant({ reason: 'signed on paper' }));
const command: fc.Arbitrary<DealCommand> = fc.oneof(
  {
    weight: 2,
    arbitrary: fc
      .tuple(pipeline, fc.option(stageId), value)
      .map(([p, s, v]) => open({ pipeline: p, stageId: s, value: v })),
  },
  {
    weight: 6,
    arbitrary: fc.tuple(stageId, pipeline, override).map(([to, p, o]) => move(to, { pipeline: p, override: o })),
  },
  { weight: 2, arbitrary: fc.tuple(pipeline, override).map(([p, o]) => win({ pipeline: p, override: o })) },
  { weight: 2, arbitrary: fc.constantFrom('price', 'weather').map(lose) },
  { weight: 3, arbitrary: pipeline.map(reopen) },
  {
    weight: 2,
    arbitrary: fc.tuple(stageId, stageId, pipeline).map(([from, to, p]) => relocate(from, to, { pipeline: p })),
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(pipeline, fc.option(stageId), override)
      .map(([p, s, o]) => switchTo({ pipeline: p, stageId: s, override: o })),
  },
  { weight: 1, arbitrary: fc.constantFrom<DealCommand>(voidIt(), revert()) },
  {
    weight: 3,
    arbitrary: fc.oneof(
      fc.constantFrom('service', 'weather').map(churn),
      fc.tuple(pipeline, value).map(([p, v]) => winBack({ pipeline: p, value: v })),
    ),
  },
  { weight: 2, arbitrary: value.map((v): DealCommand => ({ type: 'ChangeDealValue', value: v })) },
  {
    weight: 2,
    arbitrary: fc
      .constantFrom('u-ada', 'u-bo')
      .map((ownerId): DealCommand => ({ type: 'AssignDeal', ownerId, teamId: null })),
  },
  { weight: 1, arbitrary: fc.constant<DealCommand>({ type: 'AddNote', text: 'called' }) },
  {
    weight: 4,
    arbitrary: fc.constantFrom<DealCommand>(
      { type: 'LabelDeal', add: ['hot'], remove: [] },
      { type: 'LabelDeal', add: [], remove: ['hot'] },
      { type: 'LinkDealContact', personId: 'p-1', organizationId: null, role: null },
      { type: 'SetDealVisibility', visibility: 'team' },
      { type: 'SetExpectedClose', expectedClose: '2026-06-30' },
      { type: 'SetDealProbability', probability: 0.5 },
      { type: 'SetForecastCategory', forecastCategory: null },
      { type: 'ConfirmCriterion', criterion: 'need', facts: null },
      { type: 'SnoozeDeal', until: DUE },
      { type: 'WakeDeal' },
      { type: 'KeepDealAlive', reason: null },
      { type: 'LogInteraction', kind: 'call', direction: 'in', subject: null, text: null, with: [] },
    ),
  },
  {
    weight: 3,
    arbitrary: fc
      .tuple(fc.constantFrom('offer', 'better'), fc.constantFrom('small', 'large', 'huge'), fc.boolean())
      .map(([id, option, record]): DealCommand => {
        return record ? propose({ proposalId: id }) : acceptProposal(id, option);
      }),
  },
  {
    weight: 3,
    arbitrary: fc
      .tuple(fc.constantFrom('a-1', 'a-2'), fc.constantFrom(DUE, START_TEXT), fc.nat(3))
      .map(([id, due, which]): DealCommand => {
        const commands = [plan(id, { dueAt: due }), reschedule(id, due), complete(id), cancel(id)] as const;
        return commands[which] ?? commands[0];
      }),
  },
);

const AGAIN_AND_AGAIN: readonly DealCommand['type'][] = ['AddNote', 'KeepDealAlive', 'LogInteraction', 'LinkFile'];

/** What may follow what; a status may also stay. */
const NEXT: Readonly<Record<DealStatus, readonly DealStatus[]>> = {
  open: ['won', 'lost', 'voided'],
  won: ['open', 'churned', 'voided'],
  lost: ['open', 'voided'],
  churned: ['voided'],
  voided: [],
  merged: [],
};

/** The property holds for every walk of a deal through random commands, refused ones included. */
function always(holds: (taken: ReturnType<typeof walk<DealState, DealCommand, DealEvent>>) => void) {
  const first = {
    command: open(),
    wait: 0,
    ago: null,
    actor: { id: 'u-ada', kind: 'user' as const },
    mayOverride: false,
  };
  fc.assert(
    fc.property(steps(command), fc.boolean(), (path, opened) => holds(walk(deal, opened ? [first, ...path] : path))),
    { numRuns: 400 },
  );
}

const stageEvents = [
  'DealOpened',
  'DealStageMoved',
  'DealWon',
  'DealLost',
  'DealReopened',
  'CustomerChurned',
  'CustomerWonBack',
  'DealRelocated',
  'DealPipelineSwitched',
  'DealVoided',
  'DealVoided',
  'GateOverridden',
];

describe('whatever happens to a deal', () => {
  it('its status changes only as the table says', () => {
    always((taken) => {
      for (const { before, after } of taken) {
        if (before === null || after === null || before.status === after.status) continue;
        expect(NEXT[before.status]).toContain(after.status);
      }
    });
  });

  it('its visits are numbered, ordered, closed before the next begins, and only the last may be open', () => {
    always((taken) => {
      const visits = taken.at(-1)?.after?.visits ?? [];
      for (const [index, visit] of visits.entries()) {
        const next = visits[index + 1];
        expect(visit.visitNo).toBe(index + 1);
        expect(visit.exit === null).toBe(visit.exitedAt === null);
        expect(visit.exitedAt ?? Infinity).toBeGreaterThanOrEqual(visit.enteredAt);
        if (next === undefined) continue;
        expect(visit.exit).not.toBeNull();
        expect(next.enteredAt).toBeGreaterThanOrEqual(visit.exitedAt ?? Infinity);
        // Without a gap but for closed time, and never into the stage that was just left but by a reopening.
        if (visit.exit !== 'lost' && next.entry !== 'reopened') {
          expect(next.enteredAt).toBe(visit.exitedAt);
          expect([next.pipelineId, next.stageId]).not.toEqual([visit.pipelineId, visit.stageId]);
        }
      }
    });
  });

  it('it is where its last visit is, and in a visit exactly while it is open or in a post-sale stage', () => {
    always((taken) => {
      const state = taken.at(-1)?.after;
      if (state == null) return;
      const last = state.visits.at(-1);
      if (state.status === 'voided') return expect(last?.exit).not.toBeNull();
      expect(last).toMatchObject({ stageId: state.stageId, rank: state.rank, pipelineVersion: state.pipelineVersion });
      const afterSale = state.status === 'won' && ['onboarding', 'care'].includes(state.stageId);
      expect(last?.exit === null).toBe(state.status === 'open' || afterSale);
      expect(state.closedAt === null).toBe(state.status === 'open');
      expect(state.loss === null).toBe(state.status !== 'lost');
      expect(['prospect', 'demo', 'proposal']).toContain(state.lastOpenStageId);
      if (state.status === 'open') expect(state.stageId).toBe(state.lastOpenStageId);
      if (state.status === 'open') expect(state.pipelineId).toBe(lastOpenPlace(state).pipelineId);
    });
  });

  it('time goes on within stage and status, within owner, and within value', () => {
    always((taken) => {
      const history = taken.at(-1)?.history ?? [];
      for (const group of [
        stageEvents,
        ['DealOpened', 'DealAssigned'],
        ['DealOpened', 'DealValueChanged', 'ProposalAccepted'],
      ]) {
        const times = history.filter(({ type }) => group.includes(type)).map(({ occurredAt }) => occurredAt);
        expect(times).toEqual([...times].sort((a, b) => a - b));
      }
      for (const event of history) expect(event.occurredAt).toBeLessThanOrEqual(event.recordedAt + 60_000);
    });
  });

  it('a command sent again at once changes nothing or is refused; only notes and signs of life are added again', () => {
    always((taken) => {
      for (const { command: sent, context, after } of taken) {
        if (AGAIN_AND_AGAIN.includes(sent.type)) continue;
        const again = deal.decide(after, sent, context);
        if (again.ok) expect(again.events).toEqual([]);
      }
    });
  });

  it('a refused command and one without effect leave no trace', () => {
    always((taken) => {
      for (const { decision, before, after } of taken) {
        if (!decision.ok || decision.events.length === 0) expect(after).toBe(before);
      }
    });
  });

  it('a default time is never refused', () => {
    always((taken) => {
      for (const { context, decision } of taken) {
        if (context.occurredAt !== undefined || decision.ok) continue;
        expect(['out-of-order', 'occurred-in-future']).not.toContain(decision.rejection.code);
      }
    });
  });

  it('its touch is the latest qualifying event, of equals the last', () => {
    always((taken) => {
      const { after, history } = taken.at(-1) ?? { after: null, history: [] };
      if (after === null) return;
      const qualifying = history.filter(isTouch);
      const latest = Math.max(...qualifying.map(({ occurredAt, recordedAt }) => Math.min(occurredAt, recordedAt)));
      const winner = qualifying.findLast(({ occurredAt, recordedAt }) => Math.min(occurredAt, recordedAt) === latest);
      expect(after.touch).toMatchObject({ at: latest, revision: winner?.revision });
    });
  });

  it('an override is recorded right before what it let past, or after the opening', () => {
    always((taken) => {
      const history = taken.at(-1)?.history ?? [];
      for (const [index, event] of history.entries()) {
        if (event.type !== 'GateOverridden') continue;
        const before = history[index - 1];
        const opening = before?.type === 'DealOpened' && before.data.stageId === event.data.stageId;
        const through = opening ? before : history[index + 1];
        expect(['DealOpened', 'DealStageMoved', 'DealPipelineSwitched', 'DealWon']).toContain(through?.type);
        expect(through?.occurredAt).toBe(event.occurredAt);
      }
    });
  });

  function isTouch({ type, actor, data }: Recorded<DealEvent>): boolean {
    if (type === 'DealOpened') return true;
    if (type === 'DealWon' && !('enters' in data && data.enters !== null)) return false;
    if (['DealStageMoved', 'DealPipelineSwitched', 'DealWon', 'DealReopened'].includes(type))
      return actor.kind !== 'reactor';
    return (
      [
        ...['DealValueChanged', 'DealAssigned', 'NoteAdded', 'ActivityCompleted', 'ExpectedCloseSet', 'DealKeptAlive'],
        ...['InteractionLogged', 'FileLinked', 'ProposalRecorded', 'ProposalAccepted'],
      ].includes(type) && actor.id === 'u-ada'
    );
  }
});

describe('a deal as of any instant', () => {
  const instant = fc.integer({ min: -6, max: 60 }).map((days) => START + days * DAY);

  it('is a deal from its opening on, and grows only', () => {
    fc.assert(
      fc.property(steps(command), instant, instant, (path, a, b) => {
        const history = walk(deal, path).at(-1)?.history ?? [];
        const [early, late] = [dealEventsAsOf(history, Math.min(a, b)), dealEventsAsOf(history, Math.max(a, b))];
        expect(late).toEqual(expect.arrayContaining([...early]));
        const opening = history[0]?.occurredAt ?? Infinity;
        expect(early.length === 0).toBe(opening > Math.min(a, b));
        const state = folded(deal, early);
        for (const { enteredAt, exitedAt } of state?.visits ?? []) {
          expect(Math.max(enteredAt, exitedAt ?? enteredAt)).toBeLessThanOrEqual(Math.min(a, b));
        }
      }),
      { numRuns: 400 },
    );
  });

  it('is the deal itself in the end', () => {
    always((taken) => {
      const { history, after } = taken.at(-1) ?? { history: [], after: null };
      expect(folded(deal, dealEventsAsOf(history, Number.MAX_SAFE_INTEGER))).toEqual(after);
    });
  });
});
