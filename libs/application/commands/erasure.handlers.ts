import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { decideContact } from '#domain/contact/contact.decide.js';
import type { ContactKind } from '#domain/contact/contact.state.js';
import { decideDeal } from '#domain/deal/deal.decide.js';
import { decideLead } from '#domain/lead/lead.decide.js';
import type { ErasureCommand } from '#domain/personal/erasure.commands.js';
import type { CommandContext, Decision, DomainEvent } from '#domain/shared/decision.js';
import { StoreUnavailable } from '#event-store/port.js';
import { ViewStoreUnavailable } from '#view-store/port.js';
import { contactAggregate, DEAL, LEAD, type Aggregate } from '../aggregate.js';
import { OutcomeUnknown } from '../errors.js';
import { CommandExecutor, type Outcome } from '../execute.js';
import { Erasure, erasureOf, textKeysIn } from '../personal/erasure.js';
import type { CommandRequest } from '../request.js';
import { answer, PipeledgerCommand, type CommandAnswer } from './command.js';
import type { EraseContactBody, RedactTextBody } from './erasure.bodies.js';

/** The command itself looks so long for the leads and deals of a contact, and erases so many; the reactor does the rest. */
const LOOK_MS = 1_000;
const AT_ONCE = 100;

export class EraseContactCommand extends PipeledgerCommand<EraseContactBody> {
  constructor(
    readonly kind: ContactKind,
    id: string | null,
    body: EraseContactBody,
    request: CommandRequest,
  ) {
    super(id, body, request);
  }
}
export class RedactLeadTextCommand extends PipeledgerCommand<RedactTextBody> {}
export class RedactDealTextCommand extends PipeledgerCommand<RedactTextBody> {}

@CommandHandler(EraseContactCommand)
export class EraseContactHandler implements ICommandHandler<EraseContactCommand> {
  constructor(
    private readonly commands: CommandExecutor,
    private readonly erasure: Erasure,
  ) {}

  /**
   * Answers once the keys are destroyed, with the position of the last event that says so; `complete`: those of the texts
   * of all its leads and deals as well.
   */
  async execute({ kind, target, request }: EraseContactCommand): Promise<CommandAnswer> {
    const aggregate = contactAggregate(kind);
    const { erasure } = this;
    const stream = aggregate.stream(target);
    const outcome = await this.commands.execute(aggregate, target, request, async (state, context) => {
      const isKnown = state !== null || (await this.#isLinked(stream));
      return decideContact(state, { type: 'EraseContact', kind, isKnown }, context);
    });
    const erased = await erasureOf(this.commands.streams, stream);
    if (erased === null) throw new Error(`${stream} is erased by no event`);
    try {
      let latest = await erasure.eraseMerged(erased);
      const streams = await erasure.linkedTo(stream, erased.position, LOOK_MS);
      for (const linked of (streams ?? []).slice(0, AT_ONCE)) {
        const position = await erasure.eraseTexts(linked, stream, erased);
        if (position > latest) latest = position;
      }
      // What those that were merged into it are linked to follows from their own erasure.
      const isAlone = outcome.state.merged.length === 0;
      const complete = isAlone && streams !== null && streams.length <= AT_ONCE;
      return answer(outcome, { position: String(latest), complete });
    } catch (error) {
      // The event stands, so that "nothing was written" would be wrong.
      const later = error instanceof StoreUnavailable || error instanceof ViewStoreUnavailable;
      throw later ? new OutcomeUnknown({ cause: error }) : error;
    }
  }

  /** Somebody who was never registered is known by the leads that name him. */
  async #isLinked(stream: string): Promise<boolean> {
    const head = await this.commands.streams.events.head();
    const streams = head === null ? null : await this.erasure.linkedTo(stream, head, LOOK_MS);
    return streams !== null && streams.length > 0;
  }
}

/** The event first, which names the keys; then the keys. */
async function redact<State>(
  commands: CommandExecutor,
  erasure: Erasure,
  aggregate: Aggregate<State>,
  decide: (state: State | null, command: ErasureCommand, context: CommandContext) => Decision<DomainEvent>,
  { target, body: { revision }, request }: PipeledgerCommand<RedactTextBody>,
): Promise<CommandAnswer> {
  const stream = aggregate.stream(target);
  const outcome: Outcome<State> = await commands.execute(aggregate, target, request, async (state, context) => {
    const [event] = await commands.streams.events.readStream(stream, { from: revision, limit: 1 });
    const found = event === undefined ? null : textKeysIn(event.data);
    return decide(state, { type: 'RedactText', revision, keys: found }, context);
  });
  const redacted = outcome.events.flatMap(({ data }) => textKeyNames(data['keys']));
  try {
    await erasure.redact(redacted, stream);
  } catch (error) {
    throw error instanceof StoreUnavailable ? new OutcomeUnknown({ cause: error }) : error;
  }
  return answer(outcome);
}

function textKeyNames(keys: unknown): readonly string[] {
  return Array.isArray(keys) ? keys.filter((key) => typeof key === 'string') : [];
}

@CommandHandler(RedactLeadTextCommand)
export class RedactLeadTextHandler implements ICommandHandler<RedactLeadTextCommand> {
  constructor(
    private readonly commands: CommandExecutor,
    private readonly erasure: Erasure,
  ) {}

  execute(command: RedactLeadTextCommand): Promise<CommandAnswer> {
    return redact(this.commands, this.erasure, LEAD, decideLead, command);
  }
}

@CommandHandler(RedactDealTextCommand)
export class RedactDealTextHandler implements ICommandHandler<RedactDealTextCommand> {
  constructor(
    private readonly commands: CommandExecutor,
    private readonly erasure: Erasure,
  ) {}

  execute(command: RedactDealTextCommand): Promise<CommandAnswer> {
    return redact(this.commands, this.erasure, DEAL, decideDeal, command);
  }
}

export const ERASURE_HANDLERS = [EraseContactHandler, RedactLeadTextHandler, RedactDealTextHandler];
