import { randomUUID } from 'node:crypto';
import { CRITERIA } from '#domain/lead/lead.events.js';
import { decideLead } from '#domain/lead/lead.decide.js';
import type { LeadCommand } from '#domain/lead/lead.commands.js';
import { DEFAULT_SETTINGS } from '#domain/settings/settings.js';
import type { EventStore } from '#event-store/port.js';
import type { RecordedEvent } from '#event-store/event.js';
import { LEAD } from '../aggregate.js';
import type { CommandAnswer } from '../commands/command.js';
import { ConvertToDealCommand, ConvertToDealHandler } from '../commands/convert.handler.js';
import type { ConvertToDealBody } from '../commands/lead.bodies.js';
import { CreatePipelineCommand, CreatePipelineHandler } from '../commands/pipeline.handlers.js';
import { CommandExecutor } from '../execute.js';
import { StreamPolicies } from '../policies.js';
import { Streams } from '../streams.js';
import { captureLead } from './leads.js';
import { keyedRequest } from './requests.js';
import { TEXTS } from './personal.js';

/** The events that a conversion comes to, in order. */
export const EFFECTS = ['LeadConverted', 'PersonRegistered', 'OrganizationRegistered', 'DealOpened'];

/** A qualified lead with a person and an organisation, and a pipeline for its deal. */
export interface Convertible {
  readonly lead: string;
  readonly pipeline: string;
}

export async function convertible(store: EventStore): Promise<Convertible> {
  const commands = new CommandExecutor(new Streams(store, TEXTS));
  const pipeline = randomUUID();
  await new CreatePipelineHandler(commands).execute(
    new CreatePipelineCommand(pipeline, { name: 'New', template: 'traditional' }, keyedRequest(pipeline)),
  );
  const lead = randomUUID();
  const criteria = Object.fromEntries(CRITERIA.map((name) => [name, { confirmed: true, facts: null }]));
  const qualify: LeadCommand = { type: 'QualifyLead', criteria, icpFit: null, answers: [], settings: DEFAULT_SETTINGS };
  for (const command of [captureLead(lead), qualify]) {
    const request = keyedRequest(`${command.type} ${lead}`);
    await commands.execute(LEAD, lead, request, (state, context) => decideLead(state, command, context));
  }
  return { lead, pipeline };
}

/** Converts as a process of its own would: nothing cached, nothing remembered. */
export function convert(
  store: EventStore,
  { lead, pipeline }: Convertible,
  {
    key = 'convert',
    deadlineMs = 5_000,
    ...body
  }: { key?: string; deadlineMs?: number } & Partial<ConvertToDealBody> = {},
): Promise<CommandAnswer> {
  const streams = new Streams(store, TEXTS);
  const handler = new ConvertToDealHandler(
    new CommandExecutor(streams, undefined, deadlineMs),
    new StreamPolicies(streams),
    { candidates: () => Promise.resolve([]) },
  );
  const request = keyedRequest(`${key} ${lead}`);
  return handler.execute(new ConvertToDealCommand(lead, { pipelineId: pipeline, ...body }, request));
}

/** The effects of one lead's conversion, in the order of the log. */
export async function effectsOf(store: EventStore, { lead }: Convertible): Promise<readonly RecordedEvent[]> {
  const log = await store.readAll(null, 1_000_000);
  const converted = log.filter(({ stream, type }) => type === 'LeadConverted' && stream === LEAD.stream(lead));
  const causes = new Set(converted.map(({ id }) => id));
  return log.filter((event) => causes.has(event.id) || causes.has(event.metadata.causationId));
}
