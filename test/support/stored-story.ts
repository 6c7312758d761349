import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SqliteEventStore } from '#event-store/adapters/sqlite/sqlite-event-store.js';
import { SqliteKeyVault } from '#platform/key-vault/adapters/sqlite/sqlite-key-vault.js';
import type { EventData } from '#event-store/event.js';
import type { Client } from './client.js';

/** Where the stores of earlier releases are kept. */
export const STORES = join(import.meta.dirname, '../../../test/fixtures/stores');

const KEYS_PER_PAGE = 500;

/** Stories are told and opened under this master key. */
export const MASTER_KEY = Buffer.alloc(32).toString('base64');

/** A key of personal data, wrapped, in base64; null: destroyed. */
interface StoredKey {
  readonly id: string;
  readonly owner: string;
  readonly wrapped: string | null;
}

/** An event as the feed tells it. */
type Line = EventData & { readonly position: string; readonly stream: string; readonly revision: number };

/** What a release wrote, and what it answered. */
export interface StoredStory {
  readonly name: string;
  readonly events: readonly Line[];
  /** None in releases that sealed nothing. */
  readonly keys: readonly StoredKey[];
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
      keys: keysOf(name),
      answers: JSON.parse(readFileSync(join(STORES, `${name}.answers.json`), 'utf8')) as StoredStory['answers'],
    };
  });
}

function keysOf(name: string): readonly StoredKey[] {
  const path = join(STORES, `${name}.keys.json`);
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as readonly StoredKey[]) : [];
}

/** All keys of a data folder. */
export async function keysIn(folder: string): Promise<readonly StoredKey[]> {
  const vault = await SqliteKeyVault.open(join(folder, 'keys.db'));
  try {
    const found: StoredKey[] = [];
    for (
      let page = await vault.list(null, KEYS_PER_PAGE);
      ;
      page = await vault.list(found.at(-1)?.id ?? null, KEYS_PER_PAGE)
    ) {
      for (const { id, owner, wrapped } of page) {
        found.push({ id, owner, wrapped: wrapped === null ? null : Buffer.from(wrapped).toString('base64') });
      }
      if (page.length < KEYS_PER_PAGE) return found;
    }
  } finally {
    await vault.close();
  }
}

/** The lines of a feed. */
export function linesOf(text: string): readonly Line[] {
  const lines = text.split('\n').filter((line) => line !== '');
  return lines.map((line) => JSON.parse(line) as Line);
}

/** Puts the events into a new log, byte for byte and in their order, and the keys into a new vault. */
export async function restore({ events, keys }: StoredStory, folder: string): Promise<void> {
  await restoreKeys(keys, join(folder, 'keys.db'));
  const store = await SqliteEventStore.open(join(folder, 'events.db'));
  for (const { stream, revision, id, type, data, metadata } of events) {
    await store.append(stream, revision - 1, [{ id, type, data, metadata }]);
  }
  await store.close();
}

async function restoreKeys(keys: readonly StoredKey[], file: string): Promise<void> {
  const vault = await SqliteKeyVault.open(file);
  await vault.add(
    keys.flatMap(({ id, owner, wrapped }) =>
      wrapped === null ? [] : [{ id, owner, wrapped: Buffer.from(wrapped, 'base64') }],
    ),
  );
  for (const { id, owner, wrapped } of keys) if (wrapped === null) await vault.destroy([id], owner);
  await vault.close();
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
