import { randomUUID } from 'node:crypto';
import { decideDeal } from '#domain/deal/deal.decide.js';
import { churn } from '#domain/shared/testing/customers.js';
import { open, win } from '#domain/shared/testing/deals.js';
import type { EventStore } from '#event-store/port.js';
import type { RecordedEvent } from '#event-store/event.js';
import { DEAL, PIPELINE } from '../aggregate.js';
import type { CommandAnswer } from '../commands/command.js';
import type { WinBackCustomerBody } from '../commands/customer.bodies.js';
import { WinBackCustomerCommand, WinBackCustomerHandler } from '../commands/customer.handlers.js';
import { CreatePipelineCommand, CreatePipelineHandler } from '../commands/pipeline.handlers.js';
import { CommandExecutor } from '../execute.js';
import { StreamPolicies } from '../policies.js';
import { Streams } from '../streams.js';
import { keyedRequest } from './requests.js';
import { TEXTS } from './personal.js';

/** The events that a win-back comes to, in order. */
export const WIN_BACK_EFFECTS = ['CustomerWonBack', 'DealOpened'];

/** A churned deal, and a pipeline for the one that wins the customer back. */
export interface Churned {
  readonly deal: string;
  readonly pipeline: string;
}

export async function churnedDeal(store: EventStore): Promise<Churned> {
  const commands = new CommandExecutor(new Streams(store, TEXTS));
  const id = randomUUID();
  await new CreatePipelineHandler(commands).execute(
    new CreatePipelineCommand(id, { name: 'New', template: 'traditional' }, keyedRequest(id)),
  );
  const pipeline = (await commands.streams.load(PIPELINE, id)).state;
  if (pipeline === null) throw new Error('no pipeline');
  const deal = randomUUID();
  for (const command of [open({ id: deal, pipeline }), win({ pipeline }), churn()]) {
    const request = keyedRequest(`${command.type} ${deal}`);
    await commands.execute(DEAL, deal, request, (state, context) => decideDeal(state, command, context));
  }
  return { deal, pipeline: id };
}

/** Wins the customer back as a process of its own would: nothing cached, nothing remembered. */
export function winBackBy(
  store: EventStore,
  { deal, pipeline }: Churned,
  {
    key = 'win back',
    deadlineMs = 5_000,
    ...body
  }: { key?: string; deadlineMs?: number } & Partial<WinBackCustomerBody> = {},
): Promise<CommandAnswer> {
  const streams = new Streams(store, TEXTS);
  const handler = new WinBackCustomerHandler(
    new CommandExecutor(streams, undefined, deadlineMs),
    new StreamPolicies(streams),
  );
  const request = keyedRequest(`${key} ${deal}`);
  return handler.execute(new WinBackCustomerCommand(deal, { pipelineId: pipeline, ...body }, request));
}

/** The effects of winning one deal's customer back, in the order of the log. */
export async function winBackEffects(store: EventStore, { deal }: Churned): Promise<readonly RecordedEvent[]> {
  const log = await store.readAll(null, 1_000_000);
  const wonBack = log.filter(({ stream, type }) => type === 'CustomerWonBack' && stream === DEAL.stream(deal));
  const causes = new Set(wonBack.map(({ id }) => id));
  return log.filter((event) => causes.has(event.id) || causes.has(event.metadata.causationId));
}

/** The id of the deal that the first effect says. */
export function winBackDeal([wonBack]: readonly RecordedEvent[]): string {
  const dealId = wonBack?.data['dealId'];
  if (typeof dealId !== 'string') throw new Error('not a win-back');
  return dealId;
}
