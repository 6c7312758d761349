import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SqliteEventStore } from '#event-store/adapters/sqlite/sqlite-event-store.js';
import { StoreUnavailable, type EventStore } from '#event-store/port.js';
import { decideDeal } from '#domain/deal/deal.decide.js';
import { DEAL } from '../aggregate.js';
import { derivedId } from '../command-id.js';
import { CommandExecutor } from '../execute.js';
import { StreamPolicies } from '../policies.js';
import type { CommandRequest } from '../request.js';
import { Streams } from '../streams.js';
import { UnreadableFile } from './csv-file.js';
import { ImportRun, type RefusedRow } from './run-import.js';
import { opportunities } from './testing/mappings.js';
import { TEXTS } from '../testing/personal.js';

const FILE = [
  'id,product,company,owner,stage,opened,closed,value',
  ...Array.from({ length: 300 }, (_, index) => `o-${index},Pump,Acme ${index % 3},ada,new,2026-01-01,,5`),
].join('\n');

let folder: string;
let store: SqliteEventStore;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'pipeledger-import-'));
  store = await SqliteEventStore.open(join(folder, 'events.db'));
});
afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true });
});

/** The store, but for appends that this makes fail: those after the first `until`, so many of them. */
function failing(until: number, failures: number): EventStore {
  let appends = 0;
  return {
    append: async (stream, expected, events) => {
      appends += 1;
      if (appends > until && appends <= until + failures) throw new StoreUnavailable('the disk is full', true);
      return store.append(stream, expected, events);
    },
    readStream: (stream, options) => store.readStream(stream, options),
    readAll: (after, limit) => store.readAll(after, limit),
    subscribe: (after, signal) => store.subscribe(after, signal),
    head: () => store.head(),
    close: () => store.close(),
  };
}

function runOn(events: EventStore, content = FILE, announced = content) {
  const streams = new Streams(events, TEXTS);
  const refused: RefusedRow[] = [];
  const rows: number[] = [];
  const run = new ImportRun({
    mapping: opportunities(),
    file: {
      name: 'deals.csv',
      bytes: Buffer.byteLength(announced),
      sha256: createHash('sha256').update(announced).digest('hex'),
    },
    commands: new CommandExecutor(streams),
    policies: new StreamPolicies(streams),
    fingerprintKey: Buffer.alloc(32, 1),
    observer: { refused: (row) => refused.push(row), progress: (count) => rows.push(count) },
    pausesMs: [1, 1],
  });
  const source = async function* () {
    yield Buffer.from(content);
  };
  return { result: run.run(source()), refused, rows };
}

const typesIn = async (): Promise<string[]> => (await store.readAll(null, 10_000)).map(({ type }) => type);

describe('an import', () => {
  it('counts where the rows have gone and shows how far it is', async () => {
    const { result, refused, rows } = runOn(store, `${FILE}\nbad,Pump,,ada,new,,,`);
    const counts = { rows: 301, deals: 300, leads: 0, events: 0, repeats: 0, leftOut: 0, refused: 1 };
    expect(await result).toEqual({ counts, replayed: 0, leftOut: new Map() });
    expect(refused).toMatchObject([{ line: 302, identity: 'bad', field: 'opened' }]);
    expect(rows).toEqual(Array.from({ length: 301 }, (_, index) => index + 1));
  });

  it('outlasts a store that is away for a while', async () => {
    await runOn(failing(40, 3)).result;
    expect((await typesIn()).filter((type) => type === 'DealOpened')).toHaveLength(300);
  });

  it('stops when the store does not come back, and another run goes on', async () => {
    const { result, refused } = runOn(failing(40, Infinity));
    await expect(result).rejects.toThrow('the disk is full');
    // A failing store is not the rows' fault.
    expect(refused).toEqual([]);
    expect(await typesIn()).not.toContain('ImportFinished');
    expect((await typesIn()).length).toBe(40);

    const { replayed } = await runOn(store).result;
    expect(replayed).toBeGreaterThan(0);
    const types = await typesIn();
    expect(types.filter((type) => type === 'DealOpened')).toHaveLength(300);
    expect(types.filter((type) => type === 'OrganizationRegistered')).toHaveLength(3);
    expect(types.at(-1)).toBe('ImportFinished');
  });

  it('does not call itself finished when the file was changed under it', async () => {
    const { result } = runOn(store, FILE, `${FILE}\n`);
    await expect(result).rejects.toThrow(UnreadableFile);
    expect(await typesIn()).not.toContain('ImportFinished');
  });

  it('leaves alone what people have done since with what it took in', async () => {
    await runOn(store).result;
    const id = derivedId('import', opportunities().name, 'deal', 'o-7');
    const byHand: CommandRequest = {
      caller: { actor: { id: 'ada', kind: 'user' }, mayOverride: false },
      commandId: derivedId('by hand'),
      keyed: true,
      fingerprint: '',
      correlationId: derivedId('by hand'),
    };
    await new CommandExecutor(new Streams(store, TEXTS)).execute(DEAL, id, byHand, (state, context) =>
      decideDeal(state, { type: 'AssignDeal', ownerId: 'bob', teamId: null }, context),
    );
    const before = await store.readAll(null, 10_000);
    expect((await runOn(store).result).replayed).toBe(300);
    expect(await store.readAll(null, 10_000)).toEqual(before);
  });
});
