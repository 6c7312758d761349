import { done } from '../shapes.js';
import { type Session } from '../session.js';
import { type Window } from './flows.js';
import { dice, live, makeUp, START } from './history.js';
import { type Deal, type PipelineModel } from './model.js';

export const DAY = 86_400_000;
const DEALS = 180;
const AT_ONCE = 12;

const stage = (name: string, probability: number, rottenAfter: unknown = null, maxStay: unknown = null) => ({
  name,
  probability,
  rottenAfter,
  maxStay,
});
const care = (name: string, rottenAfter: unknown) => ({ ...stage(name, 1, rottenAfter, 'P45D'), kind: 'post-sale' });
const PIPELINES: readonly (readonly object[])[] = [
  [
    stage('A1', 0.1, 'P14D', 'P30D'),
    stage('A2', 0.35, 'P7D'),
    stage('A3', 0.6667, 'PT36H', 'P10D'),
    stage('A4', 0.9),
    care('A5', 'P30D'),
    care('A6', null),
  ],
  [stage('B1', 0.25, 'P30D'), stage('B2', 0.5, { businessDays: 5 }), stage('B3', 0.0001, 'P21D', 'PT600H')],
  [stage('C1', 0), stage('C2', 1, 'P10D'), stage('C3', 0.3333, 'P20D', 'P20D'), care('C4', 'P60D')],
];

/** What was sent to the server, and what it ought to remember of it. */
export class World {
  constructor(
    readonly pipelines: readonly PipelineModel[],
    readonly deals: readonly Deal[],
  ) {}

  /** A pipeline and its deals. */
  of(at: number): [PipelineModel, Deal[]] {
    return [this.pipelines[at]!, this.deals.filter((deal) => deal.pipeline === at)];
  }

  /** Instants to ask about, those of a few changes to the millisecond among them. */
  instants(): number[] {
    const exact = this.deals.slice(0, 9).map((deal) => deal.changes.at(-1)!.at);
    return [START + 20 * DAY, START + 75.25 * DAY, START + 150 * DAY, START + 260 * DAY, ...exact];
  }

  /** Windows of whole days in UTC. */
  windows(): Window[] {
    return [
      { from: START, to: START + 91 * DAY, asOf: START + 500 * DAY },
      { from: START, to: START + 91 * DAY, asOf: START + 60.5 * DAY },
      { from: START + 30 * DAY, to: START + 60 * DAY, asOf: START + 120 * DAY },
      { from: START + 91 * DAY, to: START + 182 * DAY, asOf: START + 200 * DAY },
      { from: START, to: START + 300 * DAY, asOf: this.deals[4]!.changes.at(-1)!.at },
    ];
  }
}

/** Drives a few hundred commands on three pipelines; the same for the same seed. */
export async function createWorld(session: Session, seed: number): Promise<World> {
  const roll = dice(seed);
  const pipelines: PipelineModel[] = [];
  for (const stages of PIPELINES) pipelines.push(await createModel(session, stages));
  const lives = Array.from({ length: DEALS }, (_, n) => makeUp(roll, pipelines[n % 3]!, n % 3));
  const deals: Deal[] = [];
  for (let at = 0; at < DEALS; at += AT_ONCE) {
    const part = lives.slice(at, at + AT_ONCE);
    deals.push(...(await Promise.all(part.map((made) => live(session, pipelines[made.pipeline]!, made)))));
  }
  return new World(pipelines, deals);
}

async function createModel(session: Session, stages: readonly any[]): Promise<PipelineModel> {
  const { id } = await done(session.post('/v1/pipelines', { name: 'Made up', stages }), 201);
  const created = await done(session.get(`/v1/pipelines/${id}`));
  return {
    id,
    stages: stages.map((one, at) => ({
      id: created.stages[at].id,
      open: one.kind !== 'post-sale',
      probability: Math.round(one.probability * 10_000),
      rottenAfter: typeof one.rottenAfter === 'string' ? milliseconds(one.rottenAfter) : one.rottenAfter,
      maxStay: one.maxStay === null ? null : milliseconds(one.maxStay),
    })),
  };
}

function milliseconds(duration: string): number {
  const [, count, unit] = /^PT?(\d+)([DH])$/u.exec(duration)!;
  return Number(count) * (unit === 'D' ? DAY : 3_600_000);
}
