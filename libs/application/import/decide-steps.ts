import { decideDeal } from '#domain/deal/deal.decide.js';
import type { DealCommand } from '#domain/deal/deal.commands.js';
import type { DealEvent } from '#domain/deal/deal.events.js';
import { evolveDeal } from '#domain/deal/deal.evolve.js';
import type { DealState } from '#domain/deal/deal.state.js';
import type { PipelineState } from '#domain/pipeline/pipeline.state.js';
import type { Settings } from '#domain/settings/settings.js';
import { accept, type CommandContext, type Decided, type Decision, type EpochMs } from '#domain/shared/decision.js';
import type { Rejection } from '#domain/shared/rejection.js';
import { RowRefused } from './row.js';
import type { DealStep, ImportedSubject } from './steps.js';

/** What deciders need to know beside the deal. */
export interface ImportPolicies {
  readonly pipeline: PipelineState;
  readonly settings: Settings;
}

/**
 * Decides the steps of a row one after another, each on what the one before it has made, and gives all their events at
 * once: they are appended together, so that a row is in as a whole or not at all.
 * @throws RowRefused a step is refused; it names the step's column
 */
export function decideSteps(
  id: string,
  before: DealState | null,
  steps: readonly DealStep[],
  subject: ImportedSubject,
  policies: ImportPolicies,
  context: CommandContext,
): Decision<DealEvent> {
  let state = before;
  const decided: Decided<DealEvent>[] = [];
  for (const step of steps) {
    const decision = decideDeal(state, commandOf(id, step, subject, policies), { ...context, occurredAt: step.at });
    if (!decision.ok) throw refusalOf(decision.rejection, step.field);
    for (const event of decision.events) {
      decided.push(event);
      const revision = (before?.revision ?? -1) + decided.length;
      state = evolveDeal(state, { ...event, recordedAt: context.now, revision, actor: context.actor }, id);
    }
  }
  return accept(...decided);
}

/** What a decider refuses, as a refusal of the row. */
export function refusalOf(rejection: Rejection, field: string): RowRefused {
  return new RowRefused(field, `${rejection.code}: ${rejection.detail}`);
}

/** Whether the deal was in the stage at that time, the instants at both ends included. */
export function wasIn(state: DealState, stageId: string, at: EpochMs): boolean {
  return state.visits.some(
    (visit) => visit.stageId === stageId && visit.enteredAt <= at && at <= (visit.exitedAt ?? Infinity),
  );
}

function commandOf(
  id: string,
  step: DealStep,
  subject: ImportedSubject,
  { pipeline, settings }: ImportPolicies,
): DealCommand {
  switch (step.kind) {
    case 'open':
      return {
        type: 'OpenDeal',
        id,
        title: subject.title,
        pipeline,
        stageId: step.stageId,
        value: step.value,
        lineItems: [],
        personId: null,
        organizationId: subject.organization?.id ?? null,
        ownerId: subject.ownerId,
        visibility: 'everyone',
        source: subject.source,
        labels: subject.labels,
        expectedClose: null,
        probability: null,
        forecastCategory: null,
      };
    case 'move':
      return { type: 'MoveDealStage', toStageId: step.stageId, pipeline, override: null };
    case 'value':
      return { type: 'ChangeDealValue', value: step.value };
    case 'win':
      return { type: 'WinDeal', pipeline, override: null };
    case 'lose':
      return { type: 'LoseDeal', reason: step.reason, note: null, competitor: null, settings };
  }
}
