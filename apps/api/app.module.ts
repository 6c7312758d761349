import { Module, type DynamicModule } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { CONTACT_HANDLERS } from '#application/commands/contact.handlers.js';
import { DEAL_ACTIVITY_HANDLERS } from '#application/commands/deal-activity.handlers.js';
import { DEAL_FILE_HANDLERS } from '#application/commands/deal-file.handlers.js';
import { DEAL_ATTENTION_HANDLERS } from '#application/commands/deal-attention.handlers.js';
import { SetLineItemsHandler } from '#application/commands/line-items.handler.js';
import { DEAL_FIELD_HANDLERS } from '#application/commands/deal-field.handlers.js';
import { ERASURE_HANDLERS } from '#application/commands/erasure.handlers.js';
import { DEAL_HANDLERS } from '#application/commands/deal.handlers.js';
import { LEAD_UPKEEP_HANDLERS } from '#application/commands/lead-upkeep.handlers.js';
import { LEAD_HANDLERS } from '#application/commands/lead.handlers.js';
import { PIPELINE_HANDLERS } from '#application/commands/pipeline.handlers.js';
import { PRODUCT_HANDLERS } from '#application/commands/product.handlers.js';
import { SETTINGS_HANDLERS } from '#application/commands/settings.handlers.js';
import { CUSTOMER_HANDLERS } from '#application/commands/customer.handlers.js';
import { PROPOSAL_HANDLERS } from '#application/commands/proposal.handlers.js';
import { STANDALONE_HANDLERS } from '#application/commands/standalone.handlers.js';
import { CorrectDealHandler } from '#application/commands/correct.handler.js';
import { SwitchPipelineHandler } from '#application/commands/switch-pipeline.handler.js';
import { DEAL_MERGE_HANDLERS } from '#application/commands/deal-merge.handlers.js';
import { VOID_HANDLERS } from '#application/commands/void.handlers.js';
import { ConvertToDealHandler } from '#application/commands/convert.handler.js';
import { ActivitiesController } from './controllers/activities.controller.js';
import { BatchController } from './controllers/batch.controller.js';
import { BoardsController } from './controllers/boards.controller.js';
import { OrganizationsController, PeopleController } from './controllers/contacts.controller.js';
import { DealActivitiesController } from './controllers/deal-activities.controller.js';
import { DealAmendmentsController } from './controllers/deal-amendments.controller.js';
import { DealAttentionController } from './controllers/deal-attention.controller.js';
import { DealCustomersController } from './controllers/deal-customers.controller.js';
import { DealFieldsController } from './controllers/deal-fields.controller.js';
import { DealProposalsController } from './controllers/deal-proposals.controller.js';
import { DealsController } from './controllers/deals.controller.js';
import { EventsController } from './controllers/events.controller.js';
import { HealthController } from './controllers/health.controller.js';
import { LeadUpkeepController } from './controllers/lead-upkeep.controller.js';
import { LeadsController } from './controllers/leads.controller.js';
import { MetricsController } from './controllers/metrics.controller.js';
import { OpenApiController } from './controllers/openapi.controller.js';
import { PipelinesController } from './controllers/pipelines.controller.js';
import { ProductsController } from './controllers/products.controller.js';
import { ReportsController } from './controllers/reports.controller.js';
import { SettingsController } from './controllers/settings.controller.js';

/** Every route of the api is in one of them. */
export const CONTROLLERS = [
  LeadsController,
  LeadUpkeepController,
  DealsController,
  DealAmendmentsController,
  DealActivitiesController,
  DealAttentionController,
  DealFieldsController,
  DealProposalsController,
  ActivitiesController,
  DealCustomersController,
  PipelinesController,
  BatchController,
  BoardsController,
  PeopleController,
  OrganizationsController,
  ProductsController,
  ReportsController,
  SettingsController,
  EventsController,
  HealthController,
  MetricsController,
  OpenApiController,
] as const;

/** An object that other classes ask for by its class. */
export type Part = object;

/** The command side: handlers behind the CommandBus. */
@Module({})
export class CommandsModule {
  /** `parts`: what handlers are given, found by their class. */
  static with(parts: readonly Part[]): DynamicModule {
    return {
      module: CommandsModule,
      imports: [CqrsModule.forRoot()],
      providers: [
        ...parts.map((part) => ({ provide: part.constructor, useValue: part })),
        ...LEAD_HANDLERS,
        ...LEAD_UPKEEP_HANDLERS,
        ...DEAL_HANDLERS,
        ...DEAL_ACTIVITY_HANDLERS,
        ...DEAL_FILE_HANDLERS,
        ...DEAL_ATTENTION_HANDLERS,
        ...DEAL_FIELD_HANDLERS,
        SetLineItemsHandler,
        ...STANDALONE_HANDLERS,
        ...PIPELINE_HANDLERS,
        ...CONTACT_HANDLERS,
        ...PRODUCT_HANDLERS,
        ...SETTINGS_HANDLERS,
        ConvertToDealHandler,
        ...VOID_HANDLERS,
        ...DEAL_MERGE_HANDLERS,
        ...ERASURE_HANDLERS,
        CorrectDealHandler,
        ...PROPOSAL_HANDLERS,
        ...CUSTOMER_HANDLERS,
        SwitchPipelineHandler,
      ],
      exports: [CqrsModule],
    };
  }
}

/** The HTTP side. `parts` are the ready-made objects that controllers are given, found by their class. */
@Module({})
export class ApiModule {
  static with(commands: DynamicModule, parts: readonly Part[]): DynamicModule {
    return {
      module: ApiModule,
      imports: [commands],
      controllers: [...CONTROLLERS],
      providers: parts.map((part) => ({ provide: part.constructor, useValue: part })),
    };
  }
}
