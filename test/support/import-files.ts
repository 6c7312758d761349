import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SqliteEventStore } from '#event-store/adapters/sqlite/sqlite-event-store.js';
import type { RecordedEvent } from '#event-store/event.js';
import { runCli, type CliResult } from './cli-process.js';

const COMMON = {
  name: 'old-crm',
  pipeline: {
    name: 'Sales',
    stages: [
      { name: 'Contacted', probability: 0.1 },
      { name: 'Proposal', probability: 0.4, rottenAfter: 'P14D' },
      { name: 'Negotiation', probability: 0.8 },
    ],
  },
  zone: 'UTC',
  currency: 'EUR',
  source: 'old crm',
};

/** A mapping for files of `id,company,product,owner,stage,opened,closed,value`. */
export const OPPORTUNITIES = {
  ...COMMON,
  kind: 'opportunities',
  identity: 'id',
  title: '{product} ({id})',
  owner: 'owner',
  organization: 'company',
  labels: ['product'],
  openedAt: 'opened',
  closedAt: 'closed',
  value: 'value',
  stage: {
    column: 'stage',
    values: {
      new: { stage: 'Contacted' },
      offered: { stage: 'Proposal' },
      won: { stage: 'Negotiation', outcome: 'won' },
      lost: { stage: 'Proposal', outcome: 'lost', reason: 'price' },
    },
  },
  withoutDate: 'lead',
};
export const OPPORTUNITIES_HEADER = 'id,company,product,owner,stage,opened,closed,value';

/** A file for OPPORTUNITIES: three deals and a lead of two organisations. */
export const DEALS = [
  OPPORTUNITIES_HEADER,
  'o-1,Acme,Boiler,ada,won,2026-01-01,2026-02-01,100',
  'o-2,ACME,Boiler,ada,lost,2026-01-02T10:00:00+01:00,2026-02-02,',
  'o-3,Börse,Pump,bob,new,2026-01-03,,7.50',
  'o-4,Acme,Pump,bob,new,,,',
].join('\n');

/** A mapping for files of `case,seq,activity,time`. */
export const EVENT_LOG = {
  ...COMMON,
  name: 'old-log',
  kind: 'event-log',
  title: 'Case {case}',
  case: 'case',
  sequence: 'seq',
  activity: 'activity',
  at: 'time',
  stages: { called: 'Contacted', offered: 'Proposal', bargained: 'Negotiation' },
};

/** Writes a file into the folder; a mapping as JSON. Answers its path. */
export function put(folder: string, name: string, content: string | Uint8Array | object): string {
  const path = join(folder, name);
  const isText = typeof content === 'string' || content instanceof Uint8Array;
  writeFileSync(path, isText ? content : JSON.stringify(content));
  return path;
}

/** The lines of a file of JSON lines. */
export function jsonLines(path: string): any[] {
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
}

/** The whole log of a data folder. */
export async function eventsIn(dataDir: string): Promise<readonly RecordedEvent[]> {
  const store = await SqliteEventStore.open(join(dataDir, 'events.db'));
  try {
    return await store.readAll(null, 1_000_000);
  } finally {
    await store.close();
  }
}

/** Stream by stream what was recorded, without what depends on when and in which order streams were written. */
export function told(events: readonly RecordedEvent[]): Record<string, unknown[]> {
  const streams: Record<string, unknown[]> = {};
  for (const { stream, revision, type, data, metadata } of events) {
    const { commandId, request, actor, occurredAt } = metadata;
    const dated = stream.startsWith('deal-') ? { occurredAt } : {};
    (streams[stream] ??= []).push({ revision, type, data, commandId, request, actor, ...dated });
  }
  return streams;
}

/** Imports a file with a mapping into a data folder; what is refused is reported there. */
export function importInto(folder: string, content: string | Uint8Array, mapping: object): Promise<CliResult> {
  const [file, json] = [put(folder, 'deals.csv', content), put(folder, 'mapping.json', mapping)];
  return runCli(folder, 'import', file, '--mapping', json, '--report', join(folder, 'refused.jsonl'));
}

/** `line field: reason` */
export function refusedIn(folder: string): string[] {
  return jsonLines(join(folder, 'refused.jsonl')).map(({ line, field, reason }) => `${line} ${field}: ${reason}`);
}
