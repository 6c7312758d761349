import type { DealCommand } from '#domain/deal/deal.commands.js';
import { decideDeal } from '#domain/deal/deal.decide.js';
import type { DealState } from '#domain/deal/deal.state.js';
import { DEAL } from '../aggregate.js';
import type {
  CancelActivityBody,
  CompleteActivityBody,
  PlanActivityBody,
  RescheduleActivityBody,
} from './activity.bodies.js';
import {
  activityAnswer,
  cancelActivity,
  completeActivity,
  planActivity,
  rescheduleActivity,
} from './activity.commands.js';
import { PipeledgerCommand } from './command.js';
import { handlersOf } from './own-state.handler.js';

export class PlanDealActivityCommand extends PipeledgerCommand<PlanActivityBody> {}
export class RescheduleDealActivityCommand extends PipeledgerCommand<RescheduleActivityBody> {}
export class CompleteDealActivityCommand extends PipeledgerCommand<CompleteActivityBody> {}
export class CancelDealActivityCommand extends PipeledgerCommand<CancelActivityBody> {}

const onDeal = handlersOf<DealState, DealCommand>(DEAL, decideDeal);

export const DEAL_ACTIVITY_HANDLERS = [
  onDeal(PlanDealActivityCommand, planActivity, activityAnswer),
  onDeal(RescheduleDealActivityCommand, rescheduleActivity, activityAnswer),
  onDeal(CompleteDealActivityCommand, completeActivity, activityAnswer),
  onDeal(CancelDealActivityCommand, cancelActivity, activityAnswer),
];
