import type {
  Correction,
  CorrectDeal,
  DealCommand,
  LoseDeal,
  MoveDealStage,
  OpenDeal,
  RelocateDeal,
  ReopenDeal,
  RevertConversion,
  SwitchPipeline,
  VoidDeal,
  WinDeal,
} from '../../deal/deal.commands.js';
import { decideDeal } from '../../deal/deal.decide.js';
import type {
  DealAssigned,
  DealEvent,
  DealLost,
  DealOpened,
  DealPipelineSwitched,
  DealRelocated,
  DealReopened,
  DealStageMoved,
  DealValueChanged,
  DealVoided,
  DealWon,
  NoteAdded,
  StagePlace,
} from '../../deal/deal.events.js';
import { evolveDeal } from '../../deal/deal.evolve.js';
import { lastOpenPlace } from '../../deal/deal.state.js';
import type { DealState } from '../../deal/deal.state.js';
import type { PipelineState } from '../../pipeline/pipeline.state.js';
import { DEFAULT_SETTINGS } from '../../settings/settings.js';
import { accept } from '../decision.js';
import type { Recorded } from '../decision.js';
import type { Money } from '../money.js';
import type { Decider } from './given.js';
import { pipeline, pipelineOf } from './pipelines.js';

export const deal: Decider<DealState, DealCommand, DealEvent> = {
  id: 'boiler',
  decide: decideDeal,
  evolve: evolveDeal,
};

/** As `deal`, but commands that are handed a pipeline of the deal have no effect under another one. */
export const dealInItsPipeline: typeof deal = {
  ...deal,
  decide(state, command, context) {
    if (state === null) return deal.decide(state, command, context);
    const isIn = command.type === 'MoveDealStage' || command.type === 'WinDeal';
    const wasIn = command.type === 'ReopenDeal';
    const astray =
      (isIn && command.pipeline.id !== state.pipelineId) ||
      (wasIn && command.pipeline.id !== lastOpenPlace(state).pipelineId);
    return astray ? accept() : deal.decide(state, command, context);
  },
};

export const euro = (amount: string): Money => ({ amount, currency: 'EUR' });

const RANKS: Readonly<Record<string, number>> = { prospect: 1, demo: 2, proposal: 3, onboarding: 4, care: 5 };

/** A stage of the pipeline of `created`, or of another one of the same stages. */
export function place(stageId: string, pipelineId = pipeline.id): StagePlace {
  return { pipelineId, stageId, rank: RANKS[stageId] ?? 0 };
}

export function opened(change: Partial<DealOpened['data']> = {}): DealOpened {
  return {
    type: 'DealOpened',
    data: {
      title: 'Boiler',
      kind: 'new',
      pipelineId: pipeline.id,
      pipelineVersion: 1,
      stageId: 'prospect',
      rank: 1,
      value: euro('100.00'),
      lineItems: [],
      personId: null,
      organizationId: null,
      ownerId: 'u-ada',
      teamId: null,
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
      ...change,
    },
  };
}

export function moved(from: string, to: string): DealStageMoved {
  const direction = place(to).rank > place(from).rank ? 'forward' : 'backward';
  return {
    type: 'DealStageMoved',
    data: { from: place(from), to: place(to), direction, pipelineVersion: 1 },
  };
}

export function won(stageId: string, enters: string | null = 'onboarding', value = euro('100.00')): DealWon {
  return {
    type: 'DealWon',
    data: { stageId, value, enters: enters === null ? null : place(enters), pipelineVersion: 1 },
  };
}

export function lost(stageId: string, reason = 'price'): DealLost {
  return { type: 'DealLost', data: { stageId, value: euro('100.00'), reason, note: null, competitor: null } };
}

export function reopened(toStageId: string): DealReopened {
  return { type: 'DealReopened', data: { toStageId, rank: place(toStageId).rank, pipelineVersion: 1 } };
}

export function relocated(from: string, to: string): DealRelocated {
  return {
    type: 'DealRelocated',
    data: { from: place(from), to: place(to), pipelineVersion: 1, retirementId: 'retirement-1' },
  };
}

/** From the pipeline of `created` to another one of the same stages. */
export function switched(from: string, to: string, pipelineId = 'renewals'): DealPipelineSwitched {
  return {
    type: 'DealPipelineSwitched',
    data: { from: place(from), to: place(to, pipelineId), pipelineVersion: 1 },
  };
}

export function voided(reason = 'a test', leadId: string | null = null): DealVoided {
  return { type: 'DealVoided', data: { reason, leadId } };
}

export const valued = (value: Money | null): DealValueChanged => ({ type: 'DealValueChanged', data: { value } });
export const assigned = (ownerId: string): DealAssigned => ({ type: 'DealAssigned', data: { ownerId, teamId: null } });
export const noted = (text = 'called'): NoteAdded => ({ type: 'NoteAdded', data: { text } });

export function open(change: Partial<OpenDeal> = {}): OpenDeal {
  return {
    type: 'OpenDeal',
    id: deal.id,
    title: 'Boiler',
    pipeline: pipelineOf(),
    stageId: null,
    value: euro('100.00'),
    lineItems: [],
    personId: null,
    organizationId: null,
    ownerId: null,
    visibility: 'everyone',
    source: null,
    labels: [],
    expectedClose: null,
    probability: null,
    forecastCategory: null,
    ...change,
  };
}

export function move(toStageId: string, change: Partial<MoveDealStage> = {}): MoveDealStage {
  return { type: 'MoveDealStage', toStageId, pipeline: pipelineOf(), override: null, ...change };
}

export function win(change: Partial<WinDeal> = {}): WinDeal {
  return { type: 'WinDeal', pipeline: pipelineOf(), override: null, ...change };
}

export function lose(reason = 'price'): LoseDeal {
  return { type: 'LoseDeal', reason, note: null, competitor: null, settings: DEFAULT_SETTINGS };
}

export function reopen(pipelineNow: PipelineState = pipelineOf()): ReopenDeal {
  return { type: 'ReopenDeal', pipeline: pipelineNow };
}

/** To the first stage of the pipeline `renewals`, unless it says otherwise. */
export function switchTo(change: Partial<SwitchPipeline> = {}): SwitchPipeline {
  return { type: 'SwitchPipeline', pipeline: renewals(), stageId: null, override: null, ...change };
}

/** Another pipeline with the stages of `created`. */
export function renewals(now: PipelineState = pipelineOf()): PipelineState {
  return { ...now, id: 'renewals' };
}

export function relocate(from: string, toStageId: string, change: Partial<RelocateDeal> = {}): RelocateDeal {
  return {
    type: 'RelocateDeal',
    from: { pipelineId: pipeline.id, stageId: from },
    toStageId,
    pipeline: pipelineOf(),
    retirementId: 'retirement-1',
    ...change,
  };
}

export function voidIt(reason = 'a test'): VoidDeal {
  return { type: 'VoidDeal', reason };
}

/** Of the lead `plant-2`. */
export function revert(reason = 'no budget after all'): RevertConversion {
  return { type: 'RevertConversion', leadId: 'plant-2', reason };
}

/** A correction of a deal with this history, in the pipeline of `created`. */
export function correct(
  correction: Correction & { readonly revision: number; readonly pipelines?: ReadonlyMap<string, PipelineState> },
  history: readonly Recorded<DealEvent>[],
): CorrectDeal {
  const pipelines = new Map([pipelineOf(), renewals()].map((each) => [each.id, each]));
  return { type: 'CorrectDeal', reason: 'a slip', pipelines, history, ...correction };
}
