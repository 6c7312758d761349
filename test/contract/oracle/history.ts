import { done } from '../shapes.js';
import { type Session } from '../session.js';
import { amount, type Money } from './exact.js';
import { type Change, type Deal, dealAt, type PipelineModel } from './model.js';

const DAY = 86_400_000;
export const START = Date.UTC(2024, 0, 1);
const OWNERS = ['ann', 'bob', 'cy', 'dee'];
const LABELS = ['red', 'blue', 'green'];

/** Mulberry32: the same numbers for the same seed, in [0, 1). */
export function dice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Makes up a deal's life in the given pipeline: openings over 200 days, every command, ties and late records among them. */
export function makeUp(roll: () => number, pipeline: PipelineModel, at: number): Omit<Deal, 'id'> {
  const below = (n: number): number => Math.floor(roll() * n);
  const value = (): Money | null => {
    if (roll() < 0.15) return null;
    const currency = ['EUR', 'EUR', 'JPY', 'KWD'][below(4)]!;
    return { minor: BigInt(below(500_000)), currency };
  };
  const owner = (): string => OWNERS[below(OWNERS.length)]!;
  const opens = pipeline.stages.filter((stage) => stage.open).length;
  const opening = START + Math.floor(roll() * 200 * DAY);
  const first = roll() < 0.7 ? 0 : below(opens);
  const changes: Change[] = [{ type: 'opened', at: opening, stage: first, owner: owner(), value: value() }];
  const deal = {
    id: '',
    pipeline: at,
    labels: LABELS.filter(() => roll() < 0.3),
    source: roll() < 0.5 ? 'web' : 'fair',
    probability: roll() < 0.2 ? below(10_001) : null,
    changes,
  };
  const clock = { stage: opening, owner: opening, value: opening };
  const next = (group: keyof typeof clock): number => {
    if (group !== 'stage' || roll() > 0.1) clock[group] += 1 + Math.floor(roll() * roll() * 40 * DAY);
    return clock[group];
  };
  for (let steps = below(11); steps > 0; steps--) {
    const now = dealAt(pipeline, deal, Infinity)!;
    const what = roll();
    if (what < 0.15) changes.push({ type: 'note', at: opening + Math.floor((roll() * 90 - 5) * DAY) });
    else if (what < 0.25) {
      const to = owner();
      if (to !== now.owner) changes.push({ type: 'owner', at: next('owner'), owner: to });
    } else if (what < 0.4 && now.status === 'open') changes.push({ type: 'value', at: next('value'), value: value() });
    else if (what < 0.75 && now.status !== 'lost') {
      const to = now.status === 'open' ? below(opens) : opens + below(pipeline.stages.length - opens);
      if (to !== now.stage && to < pipeline.stages.length)
        changes.push({ type: 'moved', at: next('stage'), stage: to });
    } else if (now.status !== 'open') changes.push({ type: 'reopened', at: next('stage') });
    else changes.push({ type: roll() < 0.5 ? 'won' : 'lost', at: next('stage') });
  }
  return deal;
}

const wire = (money: Money | null): unknown =>
  money === null ? null : { amount: amount(money.minor, money.currency), currency: money.currency };

/** Sends the life to the server. Answers the deal with its id; a value changed to itself makes no event and is left out. */
export async function live(session: Session, pipeline: PipelineModel, made: Omit<Deal, 'id'>): Promise<Deal> {
  const [opening] = made.changes;
  if (opening?.type !== 'opened') throw new Error('a life begins with an opening');
  const body = {
    title: 'Made up',
    pipelineId: pipeline.id,
    stageId: pipeline.stages[opening.stage]!.id,
    value: wire(opening.value),
    ownerId: opening.owner,
    labels: made.labels,
    source: made.source,
    probability: made.probability === null ? null : made.probability / 10_000,
    occurredAt: new Date(opening.at).toISOString(),
  };
  const { id } = await done(session.post('/v1/deals', body), 201);
  const changes: Change[] = [opening];
  for (const change of made.changes.slice(1)) {
    const [command, more] = commandFor(pipeline, change);
    const occurredAt = new Date(change.at).toISOString();
    const { revision } = await done(session.post(`/v1/deals/${id}/${command}`, { ...more, occurredAt }));
    if (revision === changes.length) changes.push(change);
  }
  return { ...made, id, changes };
}

function commandFor(pipeline: PipelineModel, change: Change): [string, object] {
  switch (change.type) {
    case 'moved':
      return ['move-stage', { toStageId: pipeline.stages[change.stage]!.id }];
    case 'value':
      return ['change-value', { value: wire(change.value) }];
    case 'owner':
      return ['assign', { ownerId: change.owner }];
    case 'lost':
      return ['lose', { reason: 'price' }];
    case 'note':
      return ['add-note', { text: 'x' }];
    case 'won':
      return ['win', {}];
    case 'reopened':
      return ['reopen', {}];
    case 'opened':
      throw new Error('a deal is opened once');
  }
}
