import { after, type Details, isClosedBook, type ModelDeal, refused, type Result, unchanged } from './deal-state.js';

export type DetailCommand =
  | { readonly name: 'set-line-items'; readonly items: number }
  | { readonly name: 'record-proposal'; readonly proposal: string; readonly options: number }
  | { readonly name: 'accept-proposal'; readonly proposal: string; readonly option: number }
  | { readonly name: 'label'; readonly label: string; readonly remove: boolean }
  | { readonly name: 'set-visibility'; readonly visibility: string }
  | { readonly name: 'set-expected-close'; readonly expectedClose: string | null }
  | { readonly name: 'set-probability'; readonly probability: number | null }
  | { readonly name: 'set-forecast-category'; readonly category: string | null }
  | { readonly name: 'confirm-criterion'; readonly criterion: string }
  | { readonly name: 'snooze'; readonly until: string }
  | { readonly name: 'wake' | 'keep-alive' | 'add-note' | 'log-interaction' }
  | { readonly name: 'link-file'; readonly file: string }
  | ActivityCommand;

type ActivityCommand =
  | { readonly name: 'plan-activity' | 'reschedule-activity'; readonly activity: string; readonly dueAt: string }
  | { readonly name: 'complete-activity' | 'cancel-activity'; readonly activity: string };

/** What is settled with the close of the sale. */
const OF_THE_SALE: readonly string[] = [
  ...['set-line-items', 'record-proposal', 'accept-proposal', 'snooze', 'wake', 'keep-alive'],
  ...['set-expected-close', 'set-probability', 'set-forecast-category'],
];

export function detailed(deal: ModelDeal, command: DetailCommand): Result<ModelDeal> {
  const allowed = OF_THE_SALE.includes(command.name) ? deal.status === 'open' : !isClosedBook(deal);
  if (!allowed) return refused('wrong-status', 'unknown-activity', 'activity-done', 'id-already-used');
  const set = (field: keyof Details, value: unknown, type: string): Result<ModelDeal> =>
    deal[field] === value ? unchanged(deal) : after(deal, [type], { [field]: value });
  switch (command.name) {
    case 'set-line-items': {
      const { items } = command;
      if (items === deal.items) return unchanged(deal);
      const value = items === 0 ? deal.value : worth(items);
      return after(deal, ['LineItemsSet'], { items, value }, { value });
    }
    case 'record-proposal':
      return proposed(deal, command.proposal, command.options);
    case 'accept-proposal':
      return accepted(deal, command.proposal, command.option);
    case 'label': {
      const has = deal.labels.includes(command.label);
      if (has !== command.remove) return unchanged(deal);
      const labels = has ? deal.labels.filter((label) => label !== command.label) : [...deal.labels, command.label];
      return after(deal, ['DealLabelled'], { labels });
    }
    case 'set-visibility':
      return set('visibility', command.visibility, 'DealVisibilitySet');
    case 'set-expected-close':
      return set('expectedClose', command.expectedClose, 'ExpectedCloseSet');
    case 'set-probability':
      return set('probability', command.probability, 'DealProbabilitySet');
    case 'set-forecast-category':
      return set('category', command.category, 'ForecastCategorySet');
    case 'confirm-criterion': {
      const { criterion } = command;
      if (deal.criteria.includes(criterion)) return refused('already-confirmed');
      return after(deal, ['CriterionConfirmed'], { criteria: [...deal.criteria, criterion] });
    }
    case 'snooze':
      return set('snoozed', command.until, 'DealSnoozed');
    case 'wake':
      return set('snoozed', null, 'DealWoken');
    case 'keep-alive':
      return after(deal, ['DealKeptAlive']);
    case 'add-note':
      return after(deal, ['NoteAdded']);
    case 'log-interaction':
      return after(deal, ['InteractionLogged']);
    case 'link-file':
      if (deal.files.includes(command.file)) return unchanged(deal);
      return after(deal, ['FileLinked'], { files: [...deal.files, command.file] });
    default:
      return onActivity(deal, command);
  }
}

export function worth(items: number): string {
  return `${items}0.00`;
}

function proposed(deal: ModelDeal, proposal: string, options: number): Result<ModelDeal> {
  const known = deal.proposals[proposal];
  if (known !== undefined) return known.options === options ? unchanged(deal) : refused('id-already-used');
  const proposals = { ...deal.proposals, [proposal]: { options, accepted: null } };
  return after(deal, ['ProposalRecorded'], { proposals });
}

function accepted(deal: ModelDeal, proposal: string, option: number): Result<ModelDeal> {
  const known = deal.proposals[proposal];
  if (known === undefined) return refused('unknown-proposal');
  if (option >= known.options) return refused('unknown-option');
  if (known.accepted !== null) return known.accepted === option ? unchanged(deal) : refused('already-accepted');
  const items = option + 1;
  const proposals = { ...deal.proposals, [proposal]: { ...known, accepted: option } };
  return after(deal, ['ProposalAccepted'], { proposals, items, value: worth(items) }, { value: worth(items) });
}

function onActivity(deal: ModelDeal, command: ActivityCommand): Result<ModelDeal> {
  const known = deal.activities[command.activity];
  const put = (type: string, status: string, dueAt: string): Result<ModelDeal> => {
    return after(deal, [type], { activities: { ...deal.activities, [command.activity]: { status, dueAt } } });
  };
  if (command.name === 'plan-activity') {
    return known === undefined ? put('ActivityPlanned', 'planned', command.dueAt) : refused('id-already-used');
  }
  if (known === undefined) return refused('unknown-activity');
  if (known.status !== 'planned') return refused('activity-done');
  switch (command.name) {
    case 'reschedule-activity':
      return command.dueAt === known.dueAt ? unchanged(deal) : put('ActivityRescheduled', 'planned', command.dueAt);
    case 'complete-activity':
      return put('ActivityCompleted', 'done', known.dueAt);
    case 'cancel-activity':
      return put('ActivityCancelled', 'cancelled', known.dueAt);
  }
}
