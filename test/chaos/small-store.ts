import { cpSync } from 'node:fs';
import { Client } from '../support/client.js';
import { dataFolder, type DataFolder } from '../support/data-folder.js';
import { startServer } from '../support/server-process.js';
import { Ledger } from './ledger.js';
import { Random } from './random.js';
import { makePipelines, UNLIMITED } from './rounds.js';
import { answersTo, questions, type Question } from './view-checks.js';
import { write } from './writers.js';

/** A data folder with some hundred events, and what its views answered before its server was killed. */
export interface SmallStore {
  readonly folder: DataFolder;
  readonly ledger: Ledger;
  readonly asked: readonly Question[];
  readonly answers: ReadonlyMap<string, unknown>;
  /** Position of the last event. */
  readonly head: string;
}

/** @param seed of the traffic */
export async function smallStore(seed: number, commands = 250): Promise<SmallStore> {
  const folder = dataFolder();
  const ledger = new Ledger();
  const server = await startServer(folder.path, UNLIMITED);
  const client = new Client(server.url);
  await makePipelines(client, ledger);
  await write({ clients: [client], ledger, random: new Random(seed), writers: 8, commands });
  const head = (await client.get('/v1/events')).headers.get('view-position') ?? '0';
  const asked = questions(ledger, Date.now());
  const answers = await answersTo(client, asked, head);
  await server.kill();
  return { folder, ledger, asked, answers, head };
}

/** A copy of a data folder that no process uses. */
export function copyOf(original: DataFolder): DataFolder {
  const copy = dataFolder();
  cpSync(original.path, copy.path, { recursive: true });
  return copy;
}
