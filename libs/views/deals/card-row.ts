import type { DealStatus, DealVisibility } from '#domain/deal/deal.events.js';
import type { Touch } from '#domain/deal/deal.state.js';
import type { Row } from '#view-store/port.js';
import { audienceOf } from '../deal-columns.js';
import { clockColumns } from '../clocks.js';
import { dueColumns } from '../planned.js';
import { integer, integerOrNull, strings, text, textOrNull } from '../stored-row.js';
import type { CardState } from './card.js';

/** The row of a card. It tells the whole state: `cardOf` is the inverse. */
export function rowOf(state: CardState, id: string): Row {
  const { description, touch } = state;
  return {
    id,
    pipeline: state.pipeline,
    stage: state.stage,
    status: state.status,
    board: boardOf(state),
    title: state.title,
    owner: state.owner,
    team: state.team,
    visibility: state.visibility,
    audience: audienceOf(state.visibility, state.owner, state.team),
    source: description.source,
    labels: description.labels,
    products: description.products,
    contactKind: state.contact?.kind ?? null,
    contactId: state.contact?.id ?? null,
    currency: state.currency,
    value: state.value,
    ownProbability: description.ownProbability,
    ownCategory: description.ownCategory,
    expectedClose: description.expectedClose,
    revision: state.revision,
    openedAt: state.openedAt,
    enteredAt: state.enteredAt,
    touch: touch.at,
    ...clockColumns(touch.at, state.stayBegan, state.snoozes),
    sleep: sleepOf(state),
    ...dueColumns(state.planned.map(({ dueAt }) => dueAt)),
    planned: state.planned.length === 0 ? null : state.planned,
    lastTouch: { type: touch.type, actor: touch.actor, occurredAt: touch.occurredAt, revision: touch.revision },
  };
}

/** What the columns of the clocks do not tell of a deal that has ever been snoozed. */
interface Sleep {
  readonly changedAt: number;
  readonly stayBegan: number | null;
  readonly snoozes: CardState['snoozes'];
}

function sleepOf({ snoozes, snoozeChangedAt, stayBegan }: CardState): Sleep | null {
  return snoozeChangedAt === null ? null : { changedAt: snoozeChangedAt, stayBegan, snoozes };
}

/** A deal with an open visit is on its pipeline's board: it is open, or won and in a post-sale stage. */
export function boardOf({ pipeline, enteredAt }: CardState): string | null {
  return enteredAt === null ? null : pipeline;
}

/** The state that a stored row was made of. */
export function cardOf(row: Row): CardState {
  const contactId = textOrNull(row, 'contactId');
  const sleep = (row['sleep'] ?? null) as Sleep | null;
  return {
    revision: integer(row, 'revision'),
    title: text(row, 'title'),
    status: text(row, 'status') as DealStatus,
    pipeline: text(row, 'pipeline'),
    stage: text(row, 'stage'),
    enteredAt: integerOrNull(row, 'enteredAt'),
    stayBegan: sleep === null ? integerOrNull(row, 'stayFrom') : sleep.stayBegan,
    snoozes: sleep === null ? [] : sleep.snoozes,
    snoozeChangedAt: sleep === null ? null : sleep.changedAt,
    owner: text(row, 'owner'),
    team: textOrNull(row, 'team'),
    visibility: text(row, 'visibility') as DealVisibility,
    contact:
      contactId === null
        ? null
        : { kind: text(row, 'contactKind') === 'person' ? 'person' : 'organization', id: contactId },
    currency: textOrNull(row, 'currency'),
    value: integerOrNull(row, 'value'),
    description: {
      source: textOrNull(row, 'source'),
      labels: strings(row, 'labels'),
      products: strings(row, 'products'),
      expectedClose: textOrNull(row, 'expectedClose'),
      ownProbability: integerOrNull(row, 'ownProbability'),
      ownCategory: textOrNull(row, 'ownCategory'),
    },
    openedAt: integer(row, 'openedAt'),
    planned: (row['planned'] ?? []) as CardState['planned'],
    touch: { ...(row['lastTouch'] as Omit<Touch, 'at'>), at: integer(row, 'touch') },
  };
}
