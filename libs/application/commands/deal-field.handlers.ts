import type { DealCommand } from '#domain/deal/deal.commands.js';
import { decideDeal } from '#domain/deal/deal.decide.js';
import type { DealFieldCommand } from '#domain/deal/deal.field-commands.js';
import type { DealState } from '#domain/deal/deal.state.js';
import { DEAL } from '../aggregate.js';
import { PipeledgerCommand } from './command.js';
import type {
  ConfirmCriterionBody,
  LabelDealBody,
  LinkDealContactBody,
  SetDealProbabilityBody,
  SetDealVisibilityBody,
  SetExpectedCloseBody,
  SetForecastCategoryBody,
} from './deal-field.bodies.js';
import { handlersOf } from './own-state.handler.js';

export class LabelDealCommand extends PipeledgerCommand<LabelDealBody> {}
export class LinkDealContactCommand extends PipeledgerCommand<LinkDealContactBody> {}
export class SetDealVisibilityCommand extends PipeledgerCommand<SetDealVisibilityBody> {}
export class SetExpectedCloseCommand extends PipeledgerCommand<SetExpectedCloseBody> {}
export class SetDealProbabilityCommand extends PipeledgerCommand<SetDealProbabilityBody> {}
export class SetForecastCategoryCommand extends PipeledgerCommand<SetForecastCategoryBody> {}
export class ConfirmCriterionCommand extends PipeledgerCommand<ConfirmCriterionBody> {}

const onDeal = handlersOf<DealState, DealCommand>(DEAL, decideDeal);

export const DEAL_FIELD_HANDLERS = [
  onDeal(LabelDealCommand, ({ add, remove }: LabelDealBody): DealFieldCommand => {
    return { type: 'LabelDeal', add: add ?? [], remove: remove ?? [] };
  }),
  onDeal(LinkDealContactCommand, ({ personId, organizationId, role }: LinkDealContactBody): DealFieldCommand => {
    const contacts = { personId: personId ?? null, organizationId: organizationId ?? null };
    return { type: 'LinkDealContact', ...contacts, role: role ?? null };
  }),
  onDeal(SetDealVisibilityCommand, ({ visibility }: SetDealVisibilityBody): DealFieldCommand => {
    return { type: 'SetDealVisibility', visibility };
  }),
  onDeal(SetExpectedCloseCommand, ({ expectedClose }: SetExpectedCloseBody): DealFieldCommand => {
    return { type: 'SetExpectedClose', expectedClose };
  }),
  onDeal(SetDealProbabilityCommand, ({ probability }: SetDealProbabilityBody): DealFieldCommand => {
    return { type: 'SetDealProbability', probability };
  }),
  onDeal(SetForecastCategoryCommand, ({ forecastCategory }: SetForecastCategoryBody): DealFieldCommand => {
    return { type: 'SetForecastCategory', forecastCategory };
  }),
  onDeal(ConfirmCriterionCommand, ({ criterion, facts }: ConfirmCriterionBody): DealFieldCommand => {
    return { type: 'ConfirmCriterion', criterion, facts: facts ?? null };
  }),
];
