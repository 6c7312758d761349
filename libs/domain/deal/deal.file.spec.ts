import { day, given, IMPORT } from '../shared/testing/given.js';
import { deal, lost, move, opened, win } from '../shared/testing/deals.js';
import { created, gated, pipelineOf } from '../shared/testing/pipelines.js';
import type { DealFile, FileLinked } from './deal.events.js';

const file = (change: Partial<DealFile> = {}): DealFile => ({
  name: 'Contract',
  uri: 'https://files.example/1',
  sha256: null,
  kind: 'signed-contract',
  ...change,
});
const link = (one = file()) => ({ type: 'LinkFile' as const, file: one });
const linked = (one = file()): FileLinked => ({ type: 'FileLinked', data: one });

describe('linking a file', () => {
  it('records what and where it is, and touches the deal', () => {
    given(deal, [opened()])
      .when(link(), { occurredAt: day(5) })
      .then([{ ...linked(), occurredAt: day(5) }]);
    const state = given(deal, [opened(), linked()]).state();
    expect(state.files).toEqual([file()]);
    expect(state.touch).toMatchObject({ type: 'FileLinked', at: day(1) });
  });

  it('is no touch when an import does it', () => {
    expect(given(deal, [opened(), { ...linked(), actor: IMPORT }]).state().touch.type).toBe('DealOpened');
  });

  it('does nothing when it is linked already, as what it is', () => {
    given(deal, [opened(), linked()]).when(link()).thenNothing();
    given(deal, [opened(), linked()])
      .when(link(file({ kind: 'payment' })))
      .then([linked(file({ kind: 'payment' }))]);
  });

  it('is possible on a closed deal, not on none', () => {
    given(deal, [opened(), lost('prospect')])
      .when(link())
      .then([linked()]);
    given(deal).when(link()).thenRejected('not-found');
  });
});

describe('a gate that asks for proof', () => {
  it.each(['signed-contract', 'payment'] as const)('opens to a linked file of that kind: %s', (kind) => {
    const gate = { type: 'evidence', kind } as const;
    const pipeline = gated('demo', gate);
    const other = kind === 'payment' ? 'signed-contract' : 'payment';
    given(deal, [opened(), linked(file({ kind: null })), linked(file({ kind: other }))])
      .when(move('demo', { pipeline }))
      .thenRejected('gate-not-met', { stageId: 'demo', missing: [gate] });
    const met = given(deal, [opened(), linked(file({ kind }))]).when(move('demo', { pipeline }));
    expect(met.decision.ok).toBe(true);
  });

  it('guards the win as well, and lets imported history past, which is recorded', () => {
    const winGates = [
      { type: 'evidence', kind: 'payment' },
      { type: 'proposal', status: 'accepted' },
    ] as const;
    const pipeline = pipelineOf(created({ winGates }));
    given(deal, [opened()])
      .when(win({ pipeline }))
      .thenRejected('gate-not-met', { stageId: 'prospect', missing: winGates });
    const { decision } = given(deal, [opened()]).when(win({ pipeline }), { actor: IMPORT });
    expect(decision.ok && decision.events.map(({ type }) => type)).toEqual(['GateOverridden', 'DealWon']);
  });
});
