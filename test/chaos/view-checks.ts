import { cpSync, readFileSync, rmSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { join } from 'node:path';
import { EventStoreDbEventStore } from '#event-store/adapters/eventstoredb/eventstoredb-event-store.js';
import type { EventStore } from '#event-store/port.js';
import { MongoViewStore } from '#view-store/adapters/mongodb/view-store.js';
import type { ViewStore } from '#view-store/port.js';
import { SealedTexts } from '#application/personal/personal-texts.js';
import { MongoKeyVault } from '#platform/key-vault/adapters/mongodb/mongo-key-vault.js';
import { SqliteKeyVault } from '#platform/key-vault/adapters/sqlite/sqlite-key-vault.js';
import { KeyRing } from '#platform/key-vault/key-ring.js';
import type { KeyVault } from '#platform/key-vault/port.js';
import { SqliteEventStore } from '#event-store/adapters/sqlite/sqlite-event-store.js';
import { foldView } from '#projection/fold.js';
import { comparable, storedView } from '#projection/testing/stored-view.js';
import { SqliteViewStore } from '#view-store/adapters/sqlite/view-store.js';
import { ALL_VIEWS } from '#views/all-views.js';
import type { Client } from '../support/client.js';
import type { Ledger } from './ledger.js';
import { Violation } from './writers.js';

/** Copies a data folder that no process uses, without the views. */
export function copyWithoutViews(from: string, to: string): void {
  cpSync(from, to, { recursive: true });
  removeViews(to);
}

export function removeViews(folder: string): void {
  rmSync(join(folder, 'views'), { recursive: true, force: true });
}

/** One thing that the views are asked over HTTP. */
export interface Question {
  readonly path: string;
  /** A list, which is read page by page to its end. */
  readonly isList: boolean;
}

/** Questions to every view, with what time does to the answers taken out as far as it can be. */
export function questions(ledger: Ledger, moment: number): Question[] {
  const asOf = new Date(moment).toISOString();
  const period = `from=${dayOf(moment - 90 * 86_400_000)}&to=${dayOf(moment + 86_400_000)}&asOf=${asOf}`;
  const reports = ledger.pipelines.flatMap(({ id }) => [
    `/v1/boards/${id}?cards=100&sort=touch`,
    `/v1/boards/${id}?cards=100&sort=-value&asOf=${asOf}`,
    `/v1/funnel?pipeline=${id}&${period}`,
    `/v1/funnel?pipeline=${id}&${period}&mode=transitions`,
    `/v1/funnel?pipeline=${id}&${period}&basis=period&bucket=week`,
    `/v1/funnel?pipeline=${id}&${period}&groupBy=owner`,
    `/v1/performance?pipeline=${id}&${period}`,
  ]);
  const lists = [
    ...['/v1/leads?sort=capturedAt', '/v1/leads?label=hot&sort=-capturedAt', '/v1/deals?', '/v1/stalled?'],
    '/v1/activities?status=planned&status=done&status=cancelled',
  ];
  const timelines = ledger.deals.slice(-5).map((id) => `/v1/deals/${id}/timeline?`);
  return [
    ...[`/v1/performance?${period}`, ...reports].map((path) => ({ path, isList: false })),
    ...[...lists, ...timelines].map((path) => ({ path, isList: true })),
  ];
}

/** The answers by path: whatever a server has cached or kept, they must come to the same. */
export async function answersTo(
  client: Client,
  asked: readonly Question[],
  head: string,
): Promise<Map<string, unknown>> {
  const answers = new Map<string, unknown>();
  for (const question of asked) {
    const { status, answer } = await ask(client, question, head);
    if (status !== 200) throw new Violation(`${question.path}: ${status} ${JSON.stringify(answer)}`);
    answers.set(question.path, answer);
  }
  return answers;
}

/** @param head position that the views must have reached */
export async function ask(
  client: Client,
  { path, isList }: Question,
  head: string,
): Promise<{ readonly status: number; readonly answer: unknown }> {
  const items: unknown[] = [];
  for (let cursor: string | null = null; ;) {
    const page: string = isList ? `&limit=200${cursor === null ? '' : `&cursor=${cursor}`}` : '';
    const { status, body } = await client.getAfter(head, path + page);
    if (status !== 200 || !isList) return { status, answer: status === 200 ? timeless(body) : body };
    items.push(...body.items.map(timeless));
    cursor = body.next;
    if (cursor === null) return { status, answer: items };
  }
}

/** Without what goes on by itself: the moment of the answer, and stays that last. */
function timeless(answer: unknown): unknown {
  return JSON.parse(JSON.stringify(answer, (name, value) => (name === 'now' || name === 'stayDays' ? null : value)));
}

function dayOf(moment: number): string {
  return new Date(moment).toISOString().slice(0, 10);
}

/** @throws Violation naming the first question that is answered otherwise */
export function checkSameAnswers(left: ReadonlyMap<string, unknown>, right: ReadonlyMap<string, unknown>): void {
  for (const [path, answer] of left) {
    if (isDeepStrictEqual(answer, right.get(path))) continue;
    throw new Violation(`${path}: ${firstDifference(answer, right.get(path), '')}`);
  }
}

/** Rows and counters of every view, against one clean fold of the log. No process may be writing. */
export async function checkStoredViews(folder: string): Promise<void> {
  const events = await SqliteEventStore.open(join(folder, 'events.db'));
  const store = SqliteViewStore.open(join(folder, 'views'));
  const keys = await SqliteKeyVault.open(join(folder, 'keys.db'));
  try {
    const master = readFileSync(join(folder, 'master.key'), 'utf8');
    await checkViewsAreFolds(events, store, await textsOf(keys, master));
  } finally {
    await keys.close();
    await store.close();
    await events.close();
  }
}

/** As `checkStoredViews`, on the servers that the settings name. */
export async function checkViewsOnServers(environment: Readonly<Record<string, string>>): Promise<void> {
  const events = await EventStoreDbEventStore.open(environment['EVENT_STORE_URL'] ?? '');
  const store = await MongoViewStore.open(environment['VIEW_STORE_URL'] ?? '');
  const keys = await MongoKeyVault.open(environment['VIEW_STORE_URL'] ?? '');
  try {
    await checkViewsAreFolds(events, store, await textsOf(keys, environment['MASTER_KEY'] ?? ''));
  } finally {
    await keys.close();
    await store.close();
    await events.close();
  }
}

async function textsOf(keys: KeyVault, master: string): Promise<SealedTexts> {
  return new SealedTexts(await KeyRing.open(keys, Buffer.from(master.trim(), 'base64')));
}

async function checkViewsAreFolds(events: EventStore, store: ViewStore, texts: SealedTexts): Promise<void> {
  const stored = await events.readAll(null, Number.MAX_SAFE_INTEGER);
  const plain = await texts.open(stored.map(({ data }) => data));
  const log = stored.map((event, index) => ({ ...event, plain: plain[index] ?? event.data }));
  for (const view of ALL_VIEWS) {
    const { schema } = view;
    const kept = comparable(schema, await storedView(store, schema));
    const folded = comparable(schema, foldView(view, log));
    if (isDeepStrictEqual(kept, folded)) continue;
    throw new Violation(`view ${schema.view} is not the fold of the log: ${firstDifference(kept, folded, '')}`);
  }
}

function firstDifference(left: unknown, right: unknown, path: string): string {
  const [ours, theirs] = [partsOf(left), partsOf(right)];
  if (ours !== null && theirs !== null) {
    for (const name of new Set([...ours.keys(), ...theirs.keys()])) {
      const [one, other] = [ours.get(name), theirs.get(name)];
      if (!isDeepStrictEqual(one, other)) return firstDifference(one, other, `${path}/${String(name)}`);
    }
  }
  return `at ${path}: ${JSON.stringify(left)?.slice(0, 300)} against ${JSON.stringify(right)?.slice(0, 300)}`;
}

function partsOf(value: unknown): ReadonlyMap<unknown, unknown> | null {
  if (value instanceof Map) return value;
  return typeof value === 'object' && value !== null ? new Map(Object.entries(value)) : null;
}
