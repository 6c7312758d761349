import { randomUUID } from 'node:crypto';
import { type Client } from '../support/client.js';
import { done } from './shapes.js';

export interface Pipeline {
  readonly id: string;
  /** Ids of the open stages, then of the post-sale ones, in the order of their ranks. */
  readonly stages: readonly string[];
}

export const DAY = 86_400_000;
/** So many days after 1 January 2024, as an instant: long past, so that nothing depends on today. */
export const day = (days: number): string => new Date(Date.UTC(2024, 0, 1) + Math.round(days * DAY)).toISOString();

export const OPEN_STAGES = [
  { name: 'Talk', probability: 0.1 },
  { name: 'Demo', probability: 0.4 },
  { name: 'Offer', probability: 0.6 },
];
export const CARE = { name: 'Care', kind: 'post-sale', probability: 1 };

export async function createPipeline(
  client: Client,
  stages: readonly object[] = OPEN_STAGES,
  more: object = {},
): Promise<Pipeline> {
  const { id } = await done(client.post('/v1/pipelines', { name: 'Sales', stages, ...more }), 201);
  const { stages: created } = await done(client.get(`/v1/pipelines/${id}`));
  return { id, stages: created.map((stage: any) => stage.id) };
}

/** Answers the command's answer: id, revision, position. */
export function openDeal(client: Client, pipeline: Pipeline, more: object = {}): Promise<any> {
  return done(client.post('/v1/deals', { title: 'Boiler', pipelineId: pipeline.id, ...more }), 201);
}

export const ADA = { name: 'Ada Byron', emails: ['ada@acme.test'] };

/** Nobody's duplicate. */
export const somebody = () => ({ name: ADA.name, emails: [`${randomUUID()}@acme.test`] });

export function captureLead(client: Client, more: object = {}): Promise<any> {
  return done(client.post('/v1/leads', { title: 'Boiler, plant 2', source: 'website', person: ADA, ...more }), 201);
}

export const CRITERIA = {
  budget: { confirmed: true, facts: '30k approved' },
  authority: { confirmed: true, facts: 'CFO' },
  need: { confirmed: true, facts: 'old one leaks' },
  timeline: { confirmed: true, facts: null },
};

/** Answers the id of a lead that is qualified. */
export async function qualifiedLead(client: Client, more: object = {}): Promise<string> {
  const { id } = await captureLead(client, { person: somebody(), ...more });
  await done(client.post(`/v1/leads/${id}/qualify`, { criteria: CRITERIA }));
  return id;
}

/** A command on a deal. Answers the command's answer. */
export function onDeal(client: Client, id: string, command: string, body: object = {}): Promise<any> {
  return done(client.post(`/v1/deals/${id}/${command}`, body));
}

export function onLead(client: Client, id: string, command: string, body: object = {}): Promise<any> {
  return done(client.post(`/v1/leads/${id}/${command}`, body));
}

export function dealNow(client: Client, id: string, query = ''): Promise<any> {
  return done(client.get(`/v1/deals/${id}${query}`));
}

/** All events of a stream of few. */
export async function eventsOf(client: Client, kind: 'deals' | 'leads', id: string): Promise<any[]> {
  return (await done(client.get(`/v1/${kind}/${id}/events?limit=200`))).items;
}
