import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { decode } from '#event-store/codec.js';
import { decideDeal } from '#domain/deal/deal.decide.js';
import type { Correction } from '#domain/deal/deal.commands.js';
import type { DealEvent } from '#domain/deal/deal.events.js';
import type { DealState } from '#domain/deal/deal.state.js';
import type { PipelineState } from '#domain/pipeline/pipeline.state.js';
import type { Recorded } from '#domain/shared/decision.js';
import { parseInstant } from '#domain/shared/instant.js';
import { parseMoney } from '#domain/shared/money.js';
import { DEAL } from '../aggregate.js';
import { InvalidInput, NotFound } from '../errors.js';
import { CommandExecutor } from '../execute.js';
import { StreamPolicies } from '../policies.js';
import { isUuid } from '../validation/decorators.js';
import { answer, PipeledgerCommand, type CommandAnswer } from './command.js';
import type { CorrectDealBody } from './correct.bodies.js';

export class CorrectDealCommand extends PipeledgerCommand<CorrectDealBody> {}

@CommandHandler(CorrectDealCommand)
export class CorrectDealHandler implements ICommandHandler<CorrectDealCommand> {
  constructor(
    private readonly commands: CommandExecutor,
    private readonly policies: StreamPolicies,
  ) {}

  async execute({ target, body, request }: CorrectDealCommand): Promise<CommandAnswer> {
    const { revision, reason } = body;
    const correction = correctionOf(body);
    const outcome = await this.commands.execute(DEAL, target, request, async (state, context) => {
      if (state === null) throw new NotFound();
      const history = await this.#history(state);
      const pipelines = await this.#pipelines(state, history);
      return decideDeal(state, { type: 'CorrectDeal', revision, reason, history, pipelines, ...correction }, context);
    });
    return answer(outcome);
  }

  /** The events that made the state: what came since is met when the decision is appended. */
  async #history({ id, revision }: DealState): Promise<readonly Recorded<DealEvent>[]> {
    const events = await this.commands.streams.events.readStream(DEAL.stream(id), { limit: revision + 1 });
    // The stream's name says which union its events are of.
    return events.map((event) => decode(event) as Recorded<DealEvent>);
  }

  /** Those that the deal has ever been in, wrongly or not. */
  async #pipelines(
    { visits }: DealState,
    history: readonly Recorded<DealEvent>[],
  ): Promise<ReadonlyMap<string, PipelineState>> {
    const ids = new Set(visits.map(({ pipelineId }) => pipelineId));
    for (const { data } of history) {
      if ('pipelineId' in data && data.pipelineId !== undefined) ids.add(data.pipelineId);
      if ('to' in data) ids.add(data.to.pipelineId);
    }
    const pipelines = new Map<string, PipelineState>();
    for (const id of ids) {
      const pipeline = await this.policies.recentPipeline(id);
      if (pipeline !== null) pipelines.set(id, pipeline);
    }
    return pipelines;
  }
}

/** The value that the field takes. @throws InvalidInput it is of another kind */
function correctionOf({ field, value }: CorrectDealBody): Correction {
  switch (field) {
    case 'occurredAt': {
      const instant = typeof value === 'string' ? parseInstant(value) : null;
      if (instant === null) throw new InvalidInput('/value', 'must be an instant: RFC 3339 with offset');
      return { field, value: instant };
    }
    case 'value': {
      if (value === null) return { field, value };
      const parsed = parseMoney(value);
      if (!parsed.ok) throw new InvalidInput(`/value${parsed.path}`, parsed.message);
      return { field, value: parsed.money };
    }
    case 'toStageId':
      if (!isUuid(value)) throw new InvalidInput('/value', 'must be the id of a stage');
      return { field, value };
    case 'withdrawn':
      if (value !== true) throw new InvalidInput('/value', 'must be true: a move is withdrawn, or it is not');
      return { field, value };
  }
}
