import type { DealEvent, DealOpened, StagePlace } from '#domain/deal/deal.events.js';
import type { Actor } from '#event-store/event.js';
import type { Money } from '#domain/shared/money.js';
import type { Happening } from './recorded.js';

/** Events of a deal in the pipeline `new-business`, for specs that read as the domain speaks. Times are RFC 3339. */

const PIPELINE = 'new-business';
const RANKS: Readonly<Record<string, number>> = {
  prospecting: 1,
  demo: 2,
  proposal: 3,
  negotiation: 4,
  onboarding: 5,
  referral: 6,
};

/** When it was recorded, if later than it happened, and by whom. */
interface Recording {
  readonly recordedAt?: string;
  readonly actor?: Actor;
}

export function opened(occurredAt: string, data: Partial<DealOpened['data']> = {}, how: Recording = {}): Happening {
  const stageId = data.stageId ?? 'prospecting';
  return happening(occurredAt, how, {
    type: 'DealOpened',
    data: {
      title: 'Boiler',
      kind: 'new',
      pipelineId: PIPELINE,
      pipelineVersion: 1,
      stageId,
      rank: placeOf(stageId).rank,
      value: null,
      lineItems: [],
      personId: null,
      organizationId: null,
      ownerId: 'ann',
      teamId: 'north',
      visibility: 'everyone',
      source: null,
      labels: [],
      expectedClose: null,
      probability: null,
      forecastCategory: null,
      leadId: null,
      capturedAt: null,
      previousDealId: null,
      criteria: [],
      ...data,
    },
  });
}

export function moved(occurredAt: string, from: string, to: string, how: Recording = {}): Happening {
  const places = { from: placeOf(from), to: placeOf(to) };
  const direction = places.to.rank > places.from.rank ? 'forward' : 'backward';
  return happening(occurredAt, how, { type: 'DealStageMoved', data: { ...places, direction, pipelineVersion: 1 } });
}

/** A win in the stage `stageId`, into the post-sale stage `enters` if the pipeline has one. */
export function won(occurredAt: string, stageId: string, value: Money | null, enters: string | null = null): Happening {
  const place = enters === null ? null : placeOf(enters);
  return happening(occurredAt, {}, { type: 'DealWon', data: { stageId, value, enters: place, pipelineVersion: 1 } });
}

export function lost(occurredAt: string, stageId: string, reason: string, note: string | null = null): Happening {
  return happening(
    occurredAt,
    {},
    { type: 'DealLost', data: { stageId, value: null, reason, note, competitor: null } },
  );
}

export function reopened(occurredAt: string, toStageId: string): Happening {
  const { rank } = placeOf(toStageId);
  return happening(occurredAt, {}, { type: 'DealReopened', data: { toStageId, rank, pipelineVersion: 1 } });
}

export function relocated(occurredAt: string, from: string, to: string): Happening {
  const data = { from: placeOf(from), to: placeOf(to), pipelineVersion: 1, retirementId: 'retirement-1' };
  const actor = { id: 'relocations', kind: 'reactor' } as const;
  return happening(occurredAt, { actor }, { type: 'DealRelocated', data });
}

export function voided(occurredAt: string, reason = 'a test'): Happening {
  return happening(occurredAt, {}, { type: 'DealVoided', data: { reason, leadId: null } });
}

export function valued(occurredAt: string, value: Money | null, how: Recording = {}): Happening {
  return happening(occurredAt, how, { type: 'DealValueChanged', data: { value } });
}

export function assigned(occurredAt: string, ownerId: string, teamId: string | null, how: Recording = {}): Happening {
  return happening(occurredAt, how, { type: 'DealAssigned', data: { ownerId, teamId } });
}

export function noted(occurredAt: string, text: string, how: Recording = {}): Happening {
  return happening(occurredAt, how, { type: 'NoteAdded', data: { text } });
}

export function overridden(occurredAt: string, stageId: string, reason: string): Happening {
  const missing = [{ type: 'field', field: 'value' }] as const;
  return happening(occurredAt, {}, { type: 'GateOverridden', data: { stageId, missing, reason } });
}

/** What a newer version of the software may have written. */
export function unknown(occurredAt: string): Happening {
  return { type: 'DealTeleported', data: { stageId: 'elsewhere', text: 'woosh' }, occurredAt };
}

export function eur(amount: string): Money {
  return { amount, currency: 'EUR' };
}

function happening(occurredAt: string, how: Recording, event: DealEvent): Happening {
  return { ...event, occurredAt, ...how };
}

function placeOf(stageId: string): StagePlace {
  const rank = RANKS[stageId];
  if (rank === undefined) throw new Error(`the play pipeline has no stage ${stageId}`);
  return { pipelineId: PIPELINE, stageId, rank };
}
