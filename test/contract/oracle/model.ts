import { type Money } from './exact.js';

/** What was done to a deal, in the order of its stream. Times in milliseconds; stages by their place in the pipeline. */
export type Change = { readonly at: number } & (
  | { readonly type: 'opened'; readonly stage: number; readonly owner: string; readonly value: Money | null }
  | { readonly type: 'moved'; readonly stage: number }
  | { readonly type: 'won' | 'lost' | 'reopened' | 'note' }
  | { readonly type: 'value'; readonly value: Money | null }
  | { readonly type: 'owner'; readonly owner: string }
);

export interface Deal {
  readonly id: string;
  readonly pipeline: number;
  readonly labels: readonly string[];
  readonly source: string;
  /** In ten-thousandths; null: as the stage. */
  readonly probability: number | null;
  readonly changes: Change[];
}

export interface Stage {
  readonly id: string;
  readonly open: boolean;
  /** In ten-thousandths. */
  readonly probability: number;
  /** Milliseconds, or so many business days. */
  readonly rottenAfter: number | { readonly businessDays: number } | null;
  readonly maxStay: number | null;
}

export interface PipelineModel {
  readonly id: string;
  readonly stages: readonly Stage[];
}

export interface Visit {
  readonly stage: number;
  readonly entry: string;
  readonly enteredAt: number;
  readonly revision: number;
  exit: string | null;
  exitedAt: number | null;
}

export interface DealThen {
  readonly deal: Deal;
  readonly status: 'open' | 'won' | 'lost';
  readonly stage: number;
  readonly owner: string;
  readonly value: Money | null;
  readonly touch: number;
  readonly visits: readonly Visit[];
  readonly closes: readonly { readonly type: 'won' | 'lost'; readonly at: number; readonly revision: number }[];
}

/** The deal as of a time, by what had happened by then, of its first `revisions` changes; null before its opening. */
export function dealAt(
  { stages }: PipelineModel,
  deal: Deal,
  at: number,
  revisions = deal.changes.length,
): DealThen | null {
  const opening = deal.changes[0]!;
  if (opening.type !== 'opened' || opening.at > at) return null;
  const firstCare = stages.findIndex((stage) => !stage.open);
  let { stage, owner, value } = opening;
  let lastOpen = stage;
  let status: DealThen['status'] = 'open';
  let touch = opening.at;
  const visits: Visit[] = [];
  const closes: { type: 'won' | 'lost'; at: number; revision: number }[] = [];
  const enter = (revision: number, entry: string, enteredAt: number): void => {
    visits.push({ stage, entry, enteredAt, revision, exit: null, exitedAt: null });
  };
  const leave = (exit: string, exitedAt: number): void => {
    const visit = visits.at(-1);
    if (visit?.exit === null) Object.assign(visit, { exit, exitedAt });
  };
  enter(0, 'opened', opening.at);
  for (const [revision, change] of deal.changes.entries()) {
    if (revision >= revisions || change.at > at || change.type === 'opened') continue;
    if (change.type === 'moved') {
      const direction = change.stage > stage ? 'forward' : 'backward';
      leave(direction, change.at);
      stage = change.stage;
      if (stages[stage]!.open) lastOpen = stage;
      enter(revision, direction, change.at);
    } else if (change.type === 'won' || change.type === 'lost') {
      leave(change.type, change.at);
      status = change.type;
      closes.push({ type: change.type, at: change.at, revision });
      if (status === 'won' && firstCare >= 0) {
        stage = firstCare;
        enter(revision, 'won', change.at);
      }
    } else if (change.type === 'reopened') {
      leave('reopened', change.at);
      stage = lastOpen;
      status = 'open';
      enter(revision, 'reopened', change.at);
    } else if (change.type === 'value') value = change.value;
    else if (change.type === 'owner') owner = change.owner;
    touch = Math.max(touch, change.at);
  }
  return { deal, status, stage, owner, value, touch, visits, closes };
}
