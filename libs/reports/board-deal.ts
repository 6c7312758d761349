import { plannedOf } from '#domain/activity/activity.state.js';
import { shownContactOf } from '#domain/deal/deal.contact.js';
import type { DealState } from '#domain/deal/deal.state.js';
import type { Actor, ActorKind } from '#domain/shared/decision.js';
import type { Row } from '#view-store/port.js';
import { integerIn, integerOrNull, objectIn, stringIn, stringOrNull, stringsIn } from './row-values.js';
import type { LastTouch, PlannedActivity, StallInput } from './stall/stall.js';

/** A deal as lists and boards show it, wherever it was read from. Epoch milliseconds, minor units. */
export interface BoardDeal {
  readonly id: string;
  readonly revision: number;
  readonly title: string;
  readonly status: string;
  readonly pipelineId: string;
  readonly stageId: string;
  readonly currency: string | null;
  readonly value: number | null;
  readonly ownerId: string | null;
  readonly teamId: string | null;
  readonly labels: readonly string[];
  readonly expectedClose: string | null;
  readonly contact: { readonly kind: 'person' | 'organization'; readonly id: string } | null;
  readonly enteredAt: number | null;
  /** Null: the deal is on no board. */
  readonly stall: StallInput | null;
}

/** From a row of the table `card`. */
export function dealOfCard(row: Row): BoardDeal {
  const kind = stringOrNull(row, 'contactKind');
  const contactId = stringOrNull(row, 'contactId');
  return {
    ...attributesOf(row),
    pipelineId: stringIn(row, 'pipeline'),
    enteredAt: integerOrNull(row, 'enteredAt'),
    id: String(row.id),
    revision: integerIn(row, 'revision'),
    title: stringIn(row, 'title'),
    contact: contactId === null ? null : { kind: kind === 'organization' ? 'organization' : 'person', id: contactId },
    stall:
      stringOrNull(row, 'board') === null
        ? null
        : clocksOf(row, touchOf(objectIn(row, 'lastTouch')), plannedIn(objectIn(row, 'planned'))),
  };
}

/** From a row of the table `segment` and the deal as it was in it: a segment holds only what reports compute with. */
export function dealOfSegment(row: Row, state: DealState): BoardDeal {
  const { type, actor, occurredAt, revision } = state.touch;
  const visit = state.visits.at(-1);
  return {
    ...attributesOf(row),
    pipelineId: state.pipelineId,
    enteredAt: visit?.exit === null ? visit.enteredAt : null,
    id: state.id,
    revision: state.revision,
    title: state.title,
    contact: contactShown(state),
    stall:
      stringOrNull(row, 'board') === null
        ? null
        : clocksOf(row, { type, actor, occurredAt, revision }, plannedOf(state.activities)),
  };
}

function contactShown(state: DealState): BoardDeal['contact'] {
  const contact = shownContactOf(state);
  return contact && { kind: contact.kind, id: contact.id };
}

type Attributes = Omit<BoardDeal, 'id' | 'revision' | 'title' | 'contact' | 'stall' | 'pipelineId' | 'enteredAt'>;

function attributesOf(row: Row): Attributes {
  return {
    status: stringIn(row, 'status'),
    stageId: stringIn(row, 'stage'),
    currency: stringOrNull(row, 'currency'),
    value: integerOrNull(row, 'value'),
    ownerId: stringOrNull(row, 'owner'),
    teamId: stringOrNull(row, 'team'),
    labels: stringsIn(row, 'labels'),
    expectedClose: stringOrNull(row, 'expectedClose'),
  };
}

function clocksOf(row: Row, lastTouch: LastTouch | null, planned: readonly PlannedActivity[]): StallInput {
  return {
    clockFrom: integerIn(row, 'clockFrom'),
    stayFrom: integerIn(row, 'stayFrom'),
    snoozedUntil: integerOrNull(row, 'snoozedUntil'),
    lastTouch,
    planned,
  };
}

const ACTOR_KINDS: readonly string[] = ['user', 'api-key', 'reactor', 'import'] satisfies readonly ActorKind[];

function touchOf(stored: object | null): LastTouch | null {
  if (stored === null) return null;
  if (
    'type' in stored &&
    typeof stored.type === 'string' &&
    'revision' in stored &&
    typeof stored.revision === 'number' &&
    'occurredAt' in stored &&
    typeof stored.occurredAt === 'number' &&
    'actor' in stored &&
    isActor(stored.actor)
  ) {
    const { type, actor, occurredAt, revision } = stored;
    return { type, actor: { id: actor.id, kind: actor.kind }, occurredAt, revision };
  }
  throw new Error(`not a touch: ${JSON.stringify(stored)}`);
}

function isActor(value: unknown): value is Actor {
  return (
    typeof value === 'object' &&
    value !== null &&
    'id' in value &&
    typeof value.id === 'string' &&
    'kind' in value &&
    typeof value.kind === 'string' &&
    ACTOR_KINDS.includes(value.kind)
  );
}

/** The planned activities of a card, the one that is due first on top. */
function plannedIn(stored: object | null): readonly PlannedActivity[] {
  if (stored === null) return [];
  if (!Array.isArray(stored) || !stored.every(isPlanned)) throw new Error(`no activities: ${JSON.stringify(stored)}`);
  return stored.toSorted((a, b) => a.dueAt - b.dueAt);
}

function isPlanned(value: unknown): value is PlannedActivity {
  if (typeof value !== 'object' || value === null || !('dueAt' in value) || typeof value.dueAt !== 'number')
    return false;
  return ['activityId', 'kind', 'subject'].every((name) => name in value);
}
