import type { CommandContext, Decision } from '../shared/decision.js';
import { accept, reject } from '../shared/decision.js';
import { occurrence } from '../shared/occurrence.js';
import { invalidRequest, wrongStatus } from '../shared/refusals.js';
import type { DealEvent } from './deal.events.js';
import type { ConfirmCriterion, DealFieldCommand, LabelDeal, LinkDealContact } from './deal.field-commands.js';
import type { DealContactLinked, DealFieldEvent } from './deal.field-events.js';
import { LIVING } from './deal.state.js';
import type { DealChanges } from './deal.copy.js';
import type { DealState } from './deal.state.js';

export const MOST_LABELS = 100;

/** Changes of single fields. What is a matter of the sale is settled with its close; who the deal is for is not. */
export function changeField(state: DealState, command: DealFieldCommand, context: CommandContext): Decision<DealEvent> {
  const allowed = isOfTheSale(command) ? (['open'] as const) : LIVING;
  if (!allowed.some((status) => status === state.status)) return wrongStatus('deal', state.status, allowed);
  const decided = decide(state, command);
  if (decided === null) return accept();
  if ('ok' in decided) return decided;
  const when = occurrence(context);
  return when.ok ? accept<DealEvent>({ ...decided, occurredAt: when.at }) : when;
}

function isOfTheSale({ type }: DealFieldCommand): boolean {
  return type === 'SetExpectedClose' || type === 'SetDealProbability' || type === 'SetForecastCategory';
}

/** Null: it is so already. */
function decide(state: DealState, command: DealFieldCommand): DealFieldEvent | ReturnType<typeof reject> | null {
  switch (command.type) {
    case 'LabelDeal':
      return label(state, command);
    case 'LinkDealContact':
      return linkContact(state, command);
    case 'ConfirmCriterion':
      return confirm(state, command);
    case 'SetDealVisibility': {
      const { visibility } = command;
      return visibility === state.visibility ? null : { type: 'DealVisibilitySet', data: { visibility } };
    }
    case 'SetExpectedClose': {
      const { expectedClose } = command;
      return expectedClose === state.expectedClose ? null : { type: 'ExpectedCloseSet', data: { expectedClose } };
    }
    case 'SetDealProbability': {
      const { probability } = command;
      return probability === state.probability ? null : { type: 'DealProbabilitySet', data: { probability } };
    }
    case 'SetForecastCategory': {
      const { forecastCategory } = command;
      const same = forecastCategory === state.forecastCategory;
      return same ? null : { type: 'ForecastCategorySet', data: { forecastCategory } };
    }
  }
}

function label(state: DealState, { add, remove }: LabelDeal) {
  const both = add.findIndex((name) => remove.includes(name));
  if (both >= 0) return invalidRequest(`/add/${both}`, 'A label cannot be added and removed at once.');
  const added = [...new Set(add)].filter((name) => !state.labels.includes(name));
  const removed = [...new Set(remove)].filter((name) => state.labels.includes(name));
  if (state.labels.length + added.length - removed.length > MOST_LABELS) {
    return invalidRequest('/add', `A deal has at most ${MOST_LABELS} labels.`);
  }
  if (added.length + removed.length === 0) return null;
  return { type: 'DealLabelled' as const, data: { added, removed } };
}

function linkContact(state: DealState, { personId, organizationId, role }: LinkDealContact) {
  const linked: DealContactLinked['data']['contacts'][number][] = [];
  for (const [kind, id] of [
    ['person', personId],
    ['organization', organizationId],
  ] as const) {
    if (id === null) continue;
    const known = state.contacts.find((contact) => contact.kind === kind && contact.id === id);
    const first = !state.contacts.some((contact) => contact.kind === kind);
    const as = role ?? known?.role ?? (first ? 'primary' : 'contact');
    if (known?.role !== as) linked.push({ kind, id, role: as });
  }
  if (personId === null && organizationId === null) {
    return invalidRequest('/personId', 'Give a person or an organisation.');
  }
  return linked.length === 0 ? null : { type: 'DealContactLinked' as const, data: { contacts: linked } };
}

function confirm(state: DealState, { criterion, facts }: ConfirmCriterion) {
  if (!state.criteria.includes(criterion)) return { type: 'CriterionConfirmed' as const, data: { criterion, facts } };
  return reject({ code: 'already-confirmed', detail: `The ${criterion} is confirmed already.`, data: null });
}

/** What a change of a field makes of a deal. */
export function fieldAfter(state: DealState, event: DealFieldEvent): DealChanges {
  switch (event.type) {
    case 'DealLabelled': {
      const { added, removed } = event.data;
      const kept = state.labels.filter((name) => !removed.includes(name));
      return { labels: [...new Set([...kept, ...added])] };
    }
    case 'DealContactLinked':
      return { contacts: event.data.contacts.reduce(contactsAfter, state.contacts) };
    case 'DealVisibilitySet':
      return { visibility: event.data.visibility };
    case 'ExpectedCloseSet':
      return { expectedClose: event.data.expectedClose };
    case 'DealProbabilitySet':
      return { probability: event.data.probability };
    case 'ForecastCategorySet':
      return { forecastCategory: event.data.forecastCategory };
    case 'CriterionConfirmed':
      return { criteria: [...state.criteria, event.data.criterion] };
  }
}

function contactsAfter(
  contacts: DealState['contacts'],
  linked: DealContactLinked['data']['contacts'][number],
): DealState['contacts'] {
  const rest = contacts.map((contact) =>
    linked.role === 'primary' && contact.role === 'primary' && contact.kind === linked.kind
      ? { ...contact, role: 'contact' }
      : contact,
  );
  const place = rest.findIndex(({ kind, id }) => kind === linked.kind && id === linked.id);
  return place < 0 ? [...rest, linked] : rest.with(place, linked);
}
