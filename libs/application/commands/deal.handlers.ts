import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { decideDeal } from '#domain/deal/deal.decide.js';
import type { DealCommand } from '#domain/deal/deal.commands.js';
import type { DealStageMoved } from '#domain/deal/deal.events.js';
import { lastOpenPlace } from '#domain/deal/deal.state.js';
import type { DealState } from '#domain/deal/deal.state.js';
import type { PipelineState } from '#domain/pipeline/pipeline.state.js';
import { DEAL } from '../aggregate.js';
import { createdId } from '../command-id.js';
import { NotFound } from '../errors.js';
import { CommandExecutor, type Outcome } from '../execute.js';
import { StreamPolicies } from '../policies.js';
import type {
  AssignDealBody,
  ChangeDealValueBody,
  LoseDealBody,
  MoveDealStageBody,
  OpenDealBody,
  ReopenDealBody,
  WinDealBody,
} from './deal.bodies.js';
import { lineItem } from './line-items.handler.js';
import { answer, created, PipeledgerCommand, type CommandAnswer } from './command.js';
import type { AddNoteBody } from './lead.bodies.js';
import { handlersOf } from './own-state.handler.js';
import { money } from './values.js';

export class OpenDealCommand extends PipeledgerCommand<OpenDealBody> {}
export class MoveDealStageCommand extends PipeledgerCommand<MoveDealStageBody> {}
export class ChangeDealValueCommand extends PipeledgerCommand<ChangeDealValueBody> {}
export class AssignDealCommand extends PipeledgerCommand<AssignDealBody> {}
export class WinDealCommand extends PipeledgerCommand<WinDealBody> {}
export class LoseDealCommand extends PipeledgerCommand<LoseDealBody> {}
export class ReopenDealCommand extends PipeledgerCommand<ReopenDealBody> {}
export class AddNoteCommand extends PipeledgerCommand<AddNoteBody> {}

const onDeal = handlersOf<DealState, DealCommand>(DEAL, decideDeal);

/** Runs a command that needs the pipeline that the deal is in, or another one that it has been in. */
function runInPipeline(
  commands: CommandExecutor,
  policies: StreamPolicies,
  { target, request }: PipeledgerCommand<object>,
  command: (pipeline: PipelineState) => DealCommand,
  pipelineOf: (state: DealState) => string = ({ pipelineId }) => pipelineId,
): Promise<Outcome<DealState>> {
  return commands.execute(DEAL, target, request, async (state, context) => {
    const pipeline = state === null ? null : await policies.recentPipeline(pipelineOf(state));
    if (pipeline === null) throw new NotFound();
    return decideDeal(state, command(pipeline), context);
  });
}

@CommandHandler(OpenDealCommand)
export class OpenDealHandler implements ICommandHandler<OpenDealCommand> {
  constructor(
    private readonly commands: CommandExecutor,
    private readonly policies: StreamPolicies,
  ) {}

  async execute({ id, body, request }: OpenDealCommand): Promise<CommandAnswer> {
    const dealId = id ?? createdId(request, 'deal');
    const lineItems = (body.lineItems ?? []).map(lineItem);
    const command = (pipeline: PipelineState | null, products: ReadonlySet<string>): DealCommand => ({
      type: 'OpenDeal',
      id: dealId,
      title: body.title,
      pipeline,
      stageId: body.stageId ?? null,
      value: money(body.value),
      lineItems,
      products,
      personId: body.personId ?? null,
      organizationId: body.organizationId ?? null,
      ownerId: body.ownerId ?? null,
      visibility: body.visibility ?? 'everyone',
      source: body.source ?? null,
      labels: body.labels ?? [],
      expectedClose: body.expectedClose ?? null,
      probability: body.probability ?? null,
      forecastCategory: body.forecastCategory ?? null,
    });
    const outcome = await this.commands.execute(DEAL, dealId, request, async (state, context) => {
      const products = await this.policies.products(lineItems.map(({ productId }) => productId));
      const pipeline = await this.policies.recentPipeline(body.pipelineId);
      return decideDeal(state, command(pipeline, new Set(products.keys())), context);
    });
    return created(outcome, `/v1/deals/${dealId}`);
  }
}

@CommandHandler(MoveDealStageCommand)
export class MoveDealStageHandler implements ICommandHandler<MoveDealStageCommand> {
  constructor(
    private readonly commands: CommandExecutor,
    private readonly policies: StreamPolicies,
  ) {}

  async execute(command: MoveDealStageCommand): Promise<CommandAnswer> {
    const { toStageId, override } = command.body;
    const outcome = await runInPipeline(this.commands, this.policies, command, (pipeline) => ({
      type: 'MoveDealStage',
      toStageId,
      pipeline,
      override: override ?? null,
    }));
    const moved = outcome.events.find((event) => event.type === 'DealStageMoved');
    if (moved === undefined) throw new Error(`a move of deal ${outcome.id} without DealStageMoved`);
    const { from, to, direction, pipelineVersion } = moved.data as unknown as DealStageMoved['data'];
    return answer(outcome, {
      direction,
      from: { stageId: from.stageId, rank: from.rank },
      to: { stageId: to.stageId, rank: to.rank },
      pipelineVersion,
      columns: null,
    });
  }
}

@CommandHandler(WinDealCommand)
export class WinDealHandler implements ICommandHandler<WinDealCommand> {
  constructor(
    private readonly commands: CommandExecutor,
    private readonly policies: StreamPolicies,
  ) {}

  async execute(command: WinDealCommand): Promise<CommandAnswer> {
    const override = command.body.override ?? null;
    return answer(
      await runInPipeline(this.commands, this.policies, command, (pipeline) => ({
        type: 'WinDeal',
        pipeline,
        override,
      })),
    );
  }
}

@CommandHandler(LoseDealCommand)
export class LoseDealHandler implements ICommandHandler<LoseDealCommand> {
  constructor(
    private readonly commands: CommandExecutor,
    private readonly policies: StreamPolicies,
  ) {}

  async execute({ target, body, request }: LoseDealCommand): Promise<CommandAnswer> {
    const { reason, note, competitor } = body;
    const lose: DealCommand = {
      type: 'LoseDeal',
      reason,
      note: note ?? null,
      competitor: competitor ?? null,
      settings: await this.policies.settings(),
    };
    return answer(
      await this.commands.execute(DEAL, target, request, (state, context) => decideDeal(state, lose, context)),
    );
  }
}

@CommandHandler(ReopenDealCommand)
export class ReopenDealHandler implements ICommandHandler<ReopenDealCommand> {
  constructor(
    private readonly commands: CommandExecutor,
    private readonly policies: StreamPolicies,
  ) {}

  async execute(command: ReopenDealCommand): Promise<CommandAnswer> {
    return answer(
      await runInPipeline(
        this.commands,
        this.policies,
        command,
        (pipeline) => ({ type: 'ReopenDeal', pipeline }),
        (state) => lastOpenPlace(state).pipelineId,
      ),
    );
  }
}

export const DEAL_HANDLERS = [
  OpenDealHandler,
  MoveDealStageHandler,
  onDeal(ChangeDealValueCommand, ({ value }) => ({ type: 'ChangeDealValue', value: money(value) })),
  onDeal(AssignDealCommand, ({ ownerId }) => ({ type: 'AssignDeal', ownerId, teamId: null })),
  WinDealHandler,
  LoseDealHandler,
  ReopenDealHandler,
  onDeal(AddNoteCommand, ({ text }) => ({ type: 'AddNote', text })),
];
