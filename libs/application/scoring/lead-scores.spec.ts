import { mkdtempSync, rmSync } from 'node:fs';
import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { decideLead } from '#domain/lead/lead.decide.js';
import type { LeadCommand } from '#domain/lead/lead.commands.js';
import { decideSettings } from '#domain/settings/settings.decide.js';
import type { ScoringRule } from '#domain/settings/settings.events.js';
import { SqliteViewStore } from '#view-store/adapters/sqlite/view-store.js';
import { leadScoresSchema } from '#views/lead-scores/lead-scores.view.js';
import { LEAD, SETTINGS } from '../aggregate.js';
import { CommandExecutor } from '../execute.js';
import { MAIN } from '../policies.js';
import { Streams } from '../streams.js';
import { embeddedLog, type EmbeddedLog } from '../testing/embedded-log.js';
import { captureLead } from '../testing/leads.js';
import { keyedRequest } from '../testing/requests.js';
import { LeadScoreModels } from './lead-score-models.js';
import { LeadScoreProjection } from './lead-score-projection.js';
import { TEXTS } from '../testing/personal.js';

let log: EmbeddedLog;
let folder: string;
let views: SqliteViewStore;
let models: LeadScoreModels;
let commands: CommandExecutor;
beforeEach(async () => {
  log = await embeddedLog();
  folder = mkdtempSync(join(tmpdir(), 'pipeledger-scores-'));
  views = SqliteViewStore.open(join(folder, 'views'));
  const streams = new Streams(log.store, TEXTS);
  models = new LeadScoreModels(streams);
  commands = new CommandExecutor(streams);
});
afterEach(async () => {
  await views.close();
  await log.remove();
  rmSync(folder, { recursive: true });
});

const seen = (points: number): ScoringRule => ({
  rule: 'priced',
  points,
  engagement: 'pricing-page-seen',
  atMost: null,
});

async function setModel(...rules: readonly ScoringRule[]): Promise<void> {
  await commands.execute(SETTINGS, MAIN, keyedRequest(randomUUID()), (state, context) =>
    decideSettings(state, { type: 'SetScoringModel', rules }, context),
  );
}

async function leadSeen(times: number): Promise<string> {
  const id = randomUUID();
  const engage: LeadCommand = { type: 'RecordLeadEngagement', kind: 'pricing-page-seen', detail: null };
  for (const command of [captureLead(id), ...Array<LeadCommand>(times).fill(engage)]) {
    await commands.execute(LEAD, id, keyedRequest(randomUUID()), (state, context) =>
      decideLead(state, command, context),
    );
  }
  return id;
}

/** Keeps the views while the work is done. */
async function keeping<T>(work: () => Promise<T>): Promise<T> {
  const stop = new AbortController();
  const running = new LeadScoreProjection(models, { events: log.store, views }).run(stop.signal);
  try {
    return await work();
  } finally {
    stop.abort();
    await running;
  }
}

async function servedModel(version: number): Promise<void> {
  while ((await models.served(views)).model.version !== version) await sleep(5);
}

async function inOrder(): Promise<readonly (readonly [unknown, unknown])[]> {
  const { schema } = await models.served(views);
  const sort = [{ column: 'score', descending: true }];
  const { results } = await views.read(schema, [{ kind: 'find', table: 'lead', sort, limit: 10 }]);
  return results[0].rows.map((row) => [row.id, row['score']]);
}

describe('the inbox by score', () => {
  it('is built anew for each model, and read under the one before until then', async () => {
    const [cold, hot] = [await leadSeen(1), await leadSeen(3)];
    expect(await models.served(views)).toMatchObject({ model: { version: 0 } });
    await setModel(seen(10));
    await keeping(async () => {
      await servedModel(1);
      expect(await inOrder()).toEqual([
        [hot, 30],
        [cold, 10],
      ]);
    });
    const events = await log.store.readAll(null, 1_000);
    await setModel(seen(-1));
    // Nobody has built it: the old one is read on.
    expect(await models.served(views)).toMatchObject({ model: { version: 1 } });
    await keeping(async () => {
      await servedModel(2);
      expect(await inOrder()).toEqual([
        [cold, -1],
        [hot, -3],
      ]);
    });
    expect(await log.store.readAll(null, 1_000)).toHaveLength(events.length + 1);
  });

  it('goes on with what happens under the newest model', async () => {
    await setModel(seen(1));
    await keeping(() => servedModel(1));
    await setModel(seen(2));
    await keeping(async () => {
      await servedModel(2);
      const late = await leadSeen(2);
      while ((await inOrder())[0]?.[1] !== 4) await sleep(5);
      expect(await inOrder()).toEqual([[late, 4]]);
    });
  });

  it('is the same again after the view was lost', async () => {
    const lead = await leadSeen(2);
    await setModel(seen(5));
    await keeping(() => servedModel(1));
    await views.drop(leadScoresSchema(1));
    expect(await models.served(views)).toMatchObject({ model: { version: 0 } });
    await keeping(async () => {
      await servedModel(1);
      expect(await inOrder()).toEqual([[lead, 10]]);
    });
  });
});
