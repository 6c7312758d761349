import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SqliteEventStore } from '#event-store/adapters/sqlite/sqlite-event-store.js';
import type { EventData } from '#event-store/event.js';
import type { Client } from './client.js';

/** Where the stores of earlier releases are kept. */
export const STORES = join(import.meta.dirname, '../../../test/fixtures/stores');

/** An event as the feed tells it. */
type Line = EventData & { readonly position: string; readonly stream: string; readonly revision: number };

/** What a release wrote, and what it answered. */
export interface StoredStory {
  readonly name: string;
  readonly events: readonly Line[];
  /** By path; all of them as of a moment, so that they never change. */
  readonly answers: Readonly<Record<string, unknown>>;
}

export function storedStories(): readonly StoredStory[] {
  const names = readdirSync(STORES).filter((file) => file.endsWith('.events.ndjson'));
  return names.map((file) => {
    const name = file.slice(0, -'.events.ndjson'.length);
    return {
      name,
      events: linesOf(readFileSync(join(STORES, file), 'utf8')),
      answers: JSON.parse(readFileSync(join(STORES, `${name}.answers.json`), 'utf8')) as StoredStory['answers'],
    };
  });
}

/** The lines of a feed. */
export function linesOf(text: string): readonly Line[] {
  const lines = text.split('\n').filter((line) => line !== '');
  return lines.map((line) => JSON.parse(line) as Line);
}

/** Puts the events into a new log, byte for byte and in their order. */
export async function restore(events: readonly Line[], file: string): Promise<void> {
  const store = await SqliteEventStore.open(file);
  for (const { stream, revision, id, type, data, metadata } of events) {
    await store.append(stream, revision - 1, [{ id, type, data, metadata }]);
  }
  await store.close();
}

/** The questions that a story is asked: what there is, and every report, as of a moment. */
export function questionsAbout(events: readonly Line[], asOf: string): readonly string[] {
  const of = (category: string): readonly string[] => {
    const streams = [...new Set(events.map(({ stream }) => stream))];
    return streams
      .filter((stream) => stream.startsWith(`${category}-`))
      .map((stream) => stream.slice(category.length + 1));
  };
  const moment = `asOf=${encodeURIComponent(asOf)}`;
  const reports = `from=2026-01-01&to=2027-01-01&${moment}`;
  return [
    ...of('lead').flatMap((id) => [`/v1/leads/${id}/events`, `/v1/leads/${id}/timeline`]),
    ...of('deal').flatMap((id) => [
      `/v1/deals/${id}?${moment}&recordedAsOf=${encodeURIComponent(asOf)}`,
      `/v1/deals/${id}?atRevision=0`,
      `/v1/deals/${id}/events`,
      `/v1/deals/${id}/timeline`,
    ]),
    ...of('person').map((id) => `/v1/people/${id}`),
    ...of('organization').map((id) => `/v1/organizations/${id}`),
    ...of('product').map((id) => `/v1/products/${id}`),
    ...of('pipeline').flatMap((id) => [
      `/v1/pipelines/${id}?${moment}`,
      `/v1/boards/${id}?${moment}`,
      `/v1/funnel?pipeline=${id}&${reports}`,
      `/v1/funnel?pipeline=${id}&mode=transitions&${reports}`,
      `/v1/performance?pipeline=${id}&${reports}`,
    ]),
    `/v1/stalled?${moment}`,
    `/v1/settings?${moment}`,
  ];
}

/**
 * Asks the questions once the views are at the story's last event; histories without what background work has added
 * since. @throws Error one of them is refused */
export async function answersTo(
  client: Client,
  paths: readonly string[],
  last: Pick<Line, 'position' | 'metadata'>,
): Promise<Record<string, unknown>> {
  const answers: Record<string, unknown> = {};
  for (const path of paths) {
    const { status, body } = await client.getAfter(last.position, path);
    if (status !== 200) throw new Error(`${path}: ${status} ${JSON.stringify(body)}`);
    answers[path] = withoutCursors(upTo(last.metadata.recordedAt, body));
  }
  return answers;
}

function upTo(end: string, body: { items?: unknown }): unknown {
  if (!Array.isArray(body.items)) return body;
  const items = body.items as readonly { recordedAt?: string; metadata?: { recordedAt?: string } }[];
  return { ...body, items: items.filter((item) => (item.recordedAt ?? item.metadata?.recordedAt ?? end) <= end) };
}

/** Cursors are no promise across releases. */
function withoutCursors(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (name, inner: unknown) => (name === 'next' && typeof inner === 'string' ? '…' : inner)),
  );
}
