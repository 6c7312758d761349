import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { GENESIS_HASH, sealEvent } from '#event-store/envelope.js';
import type { RecordedEvent } from '#event-store/event.js';
import { SqliteWorkStore } from '#platform/work-store/adapters/sqlite/sqlite-work-store.js';
import { CommandRejected } from '../errors.js';
import { Streams } from '../streams.js';
import { embeddedLog, type EmbeddedLog } from '../testing/embedded-log.js';
import { runReactors } from './all-reactors.js';
import { runReactor, type Reactor } from './run-reactor.js';
import { TEXTS } from '../testing/personal.js';

let log: EmbeddedLog;
let work: SqliteWorkStore;
let folder: string;
beforeEach(async () => {
  log = await embeddedLog();
  folder = mkdtempSync(join(tmpdir(), 'pipeledger-work-'));
  work = new SqliteWorkStore(join(folder, 'work.db'));
});
afterEach(async () => {
  await work.close();
  await log.remove();
  rmSync(folder, { recursive: true });
});

/** One event in a stream of its own. */
async function happen(name: string): Promise<void> {
  const event = sealEvent(`lead-${name}`, 0, GENESIS_HASH, {
    type: 'Happened',
    data: { name },
    metadata: {
      commandId: '00000000-0000-5000-8000-000000000001',
      request: '0'.repeat(64),
      correlationId: '00000000-0000-5000-8000-000000000001',
      causationId: '00000000-0000-5000-8000-000000000001',
      actor: { id: 'u-1', kind: 'user' },
      occurredAt: '2026-01-01T00:00:00.000Z',
      recordedAt: '2026-01-01T00:00:00.000Z',
      schema: 1,
    },
  });
  await log.store.append(`lead-${name}`, -1, [event]);
}

/** Notes the events that it met; what it does with each is up to the spec. */
function noting(name: string, seen: string[], act: (event: RecordedEvent) => void = () => undefined): Reactor {
  return {
    name,
    failing: `${name} does not get on`,
    concerns: () => true,
    react(event) {
      seen.push(event.stream.slice('lead-'.length));
      act(event);
      return Promise.resolve(event.position);
    },
  };
}

async function run(until: () => boolean | Promise<boolean>, ...reactors: readonly Reactor[]): Promise<string[]> {
  const stop = new AbortController();
  const errors: string[] = [];
  const running = runReactors(reactors, new Streams(log.store, TEXTS), work, stop.signal, ({ failing }, error) =>
    errors.push(`${failing}: ${error instanceof Error ? error.message : ''}`),
  );
  while (!(await until())) await sleep(5);
  stop.abort();
  await running;
  return errors;
}

const checkpointed = (name: string) => async () => (await work.checkpoint(name))?.position === (await log.store.head());

describe('running reactors', () => {
  it('each goes over the log from its own checkpoint', async () => {
    await happen('a');
    const [first, second]: string[][] = [[], []];
    if (first === undefined || second === undefined) throw new Error('two lists');
    await run(checkpointed('first'), noting('first', first));
    await happen('b');
    const both = async () => (await checkpointed('first')()) && (await checkpointed('second')());
    expect(await run(both, noting('first', first), noting('second', second))).toEqual([]);
    expect([first, second]).toEqual([
      ['a', 'b'],
      ['a', 'b'],
    ]);
  });

  it('one that fails tries the same event again, and holds up no other', async () => {
    await happen('a');
    const failed: string[] = [];
    const failing = noting('failing', failed, () => {
      if (failed.length < 3) throw new Error('not yet');
    });
    const well: string[] = [];
    const both = async () => (await checkpointed('failing')()) && (await checkpointed('well')());
    const errors = await run(both, failing, noting('well', well));
    expect(errors).toEqual(['failing does not get on: not yet', 'failing does not get on: not yet']);
    expect([failed, well]).toEqual([['a', 'a', 'a'], ['a']]);
  });

  it('one that is refused reports it and goes on', async () => {
    await happen('a');
    await happen('b');
    const seen: string[] = [];
    const refused = noting('refused', seen, ({ stream }) => {
      if (stream === 'lead-a') throw new CommandRejected({ code: 'not-found', detail: 'gone', data: null });
    });
    expect(await run(checkpointed('refused'), refused)).toEqual(['refused does not get on: gone']);
    expect(seen).toEqual(['a', 'b']);
  });

  it('meets what concerns it, and comes past the rest', async () => {
    for (const name of ['a', 'b', 'c']) await happen(name);
    const seen: string[] = [];
    const choosy = { ...noting('choosy', seen), concerns: ({ stream }: RecordedEvent) => stream === 'lead-b' };
    const head = await log.store.head();
    await run(async () => (await work.checkpoint('choosy'))?.position === head, choosy);
    expect(seen).toEqual(['b']);
  });

  it('one that is stopped in the middle of an event meets it again', async () => {
    await happen('a');
    const stop = new AbortController();
    let begun = false;
    const patient: Reactor = {
      name: 'patient',
      failing: 'waits',
      concerns: () => true,
      react: async (_, signal) => {
        begun = true;
        await sleep(600_000, undefined, { signal });
        return null;
      },
    };
    const errors: unknown[] = [];
    const running = runReactor(patient, log.store, work, stop.signal, (error) => errors.push(error));
    while (!begun) await sleep(5);
    stop.abort();
    await running;
    expect(errors).toEqual([]);
    const seen: string[] = [];
    await run(checkpointed('patient'), noting('patient', seen));
    expect(seen).toEqual(['a']);
  });
});
