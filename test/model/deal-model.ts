/** A deal as the rules of the domain say it behaves, written from their description and not from the server's code. */
export interface ModelDeal {
  readonly status: 'open' | 'won' | 'lost' | 'voided';
  /** Place of the stage in STAGES. */
  readonly stage: number;
  /** Of the last open stage. */
  readonly lastOpen: number;
  readonly value: string | null;
  readonly owner: string;
  readonly notes: number;
  readonly visits: number;
  readonly activities: Readonly<Record<string, { readonly status: string; readonly dueAt: string }>>;
}

/** The pipeline of the sessions: skips allowed, no step back, the third stage wants a value, the last is after the sale. */
export const STAGES = ['call', 'offer', 'talks', 'customer'] as const;
export const GATED = 2;
export const POST_SALE = 3;
export const LOSS_REASONS = ['price', 'competitor', 'no-budget', 'no-decision', 'timing', 'no-response', 'other'];

export type Command =
  | { readonly name: 'move-stage'; readonly to: number; readonly override: boolean }
  | { readonly name: 'change-value'; readonly value: string | null }
  | { readonly name: 'assign'; readonly owner: string }
  | { readonly name: 'win' }
  | { readonly name: 'lose'; readonly reason: string }
  | { readonly name: 'reopen' }
  | { readonly name: 'add-note' }
  | { readonly name: 'plan-activity'; readonly activity: string; readonly dueAt: string }
  | { readonly name: 'reschedule-activity'; readonly activity: string; readonly dueAt: string }
  | { readonly name: 'complete-activity'; readonly activity: string }
  | { readonly name: 'cancel-activity'; readonly activity: string }
  | { readonly name: 'void' };

export type Result =
  | { readonly ok: true; readonly deal: ModelDeal; readonly changed: boolean }
  /** Any of the codes is right. */
  | { readonly ok: false; readonly codes: readonly string[] };

export const OPENED: ModelDeal = {
  status: 'open',
  stage: 0,
  lastOpen: 0,
  value: null,
  owner: 'u-0',
  notes: 0,
  visits: 1,
  activities: {},
};

const refused = (...codes: string[]): Result => ({ ok: false, codes });
const unchanged = (deal: ModelDeal): Result => ({ ok: true, deal, changed: false });

/** What the command does to the deal. */
export function applied(deal: ModelDeal, command: Command): Result {
  const changed = (by: Partial<ModelDeal>): Result => ({ ok: true, deal: { ...deal, ...by }, changed: true });
  switch (command.name) {
    case 'move-stage':
      return moved(deal, command.to, command.override);
    case 'change-value':
      if (deal.status !== 'open')
        return refused('wrong-status', ...(command.value?.startsWith('-') ? ['negative-value'] : []));
      if (command.value?.startsWith('-')) return refused('negative-value');
      return command.value === deal.value ? unchanged(deal) : changed({ value: command.value });
    case 'assign':
      if (deal.status === 'voided') return refused('wrong-status');
      return command.owner === deal.owner ? unchanged(deal) : changed({ owner: command.owner });
    case 'win':
      if (deal.status !== 'open') return refused('wrong-status');
      return changed({ status: 'won', stage: POST_SALE, visits: deal.visits + 1 });
    case 'lose': {
      const codes = [
        ...(deal.status === 'open' ? [] : ['wrong-status']),
        ...(LOSS_REASONS.includes(command.reason) ? [] : ['unknown-reason']),
      ];
      return codes.length > 0 ? refused(...codes) : changed({ status: 'lost' });
    }
    case 'reopen':
      if (deal.status !== 'won' && deal.status !== 'lost') return refused('wrong-status');
      return changed({ status: 'open', stage: deal.lastOpen, visits: deal.visits + 1 });
    case 'add-note':
      return deal.status === 'voided' ? refused('wrong-status') : changed({ notes: deal.notes + 1 });
    case 'void':
      return deal.status === 'voided' ? unchanged(deal) : changed({ status: 'voided' });
    default:
      return onActivity(deal, command);
  }
}

function moved(deal: ModelDeal, to: number, override: boolean): Result {
  if (deal.status !== 'open' && deal.status !== 'won') return refused('wrong-status');
  const belongs = deal.status === 'open' ? to < POST_SALE : to === POST_SALE;
  if (!belongs) return refused('wrong-stage-kind');
  if (to === deal.stage) return refused('same-stage');
  const codes = [
    ...(to < deal.stage ? ['step-back-forbidden'] : []),
    ...(to === GATED && deal.value === null ? ['gate-not-met'] : []),
  ];
  if (codes.length > 0 && !override) return refused(...codes);
  return { ok: true, deal: { ...deal, stage: to, lastOpen: to, visits: deal.visits + 1 }, changed: true };
}

type ActivityCommand = Extract<Command, { readonly activity: string }>;

function onActivity(deal: ModelDeal, command: ActivityCommand): Result {
  if (deal.status === 'voided') return refused('wrong-status', 'unknown-activity', 'activity-done', 'id-already-used');
  const known = deal.activities[command.activity];
  const put = (status: string, dueAt: string): Result => {
    const activities = { ...deal.activities, [command.activity]: { status, dueAt } };
    return { ok: true, deal: { ...deal, activities }, changed: true };
  };
  if (command.name === 'plan-activity')
    return known === undefined ? put('planned', command.dueAt) : refused('id-already-used');
  if (known === undefined) return refused('unknown-activity');
  if (known.status !== 'planned') return refused('activity-done');
  switch (command.name) {
    case 'reschedule-activity':
      return command.dueAt === known.dueAt ? unchanged(deal) : put('planned', command.dueAt);
    case 'complete-activity':
      return put('done', known.dueAt);
    case 'cancel-activity':
      return put('cancelled', known.dueAt);
  }
}
