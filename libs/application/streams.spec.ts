import { randomUUID } from 'node:crypto';
import { GENESIS_HASH } from '#event-store/envelope.js';
import { NO_STREAM } from '#event-store/port.js';
import { decideLead } from '#domain/lead/lead.decide.js';
import type { LeadCommand } from '#domain/lead/lead.commands.js';
import { LEAD } from './aggregate.js';
import { CommandExecutor } from './execute.js';
import { Streams } from './streams.js';
import { embeddedLog, type EmbeddedLog } from './testing/embedded-log.js';
import { addNote, captureLead } from './testing/leads.js';
import { keyedRequest } from './testing/requests.js';
import { PLAIN } from './testing/personal.js';

let log: EmbeddedLog;
beforeAll(async () => {
  log = await embeddedLog();
});
afterAll(() => log.remove());

function run(streams: Streams, id: string, key: string, command: LeadCommand) {
  const executor = new CommandExecutor(streams);
  return executor.execute(LEAD, id, keyedRequest(key), (state, context) => decideLead(state, command, context));
}

/** All that a fold is, its commands in order. */
async function folded(streams: Streams, id: string) {
  const { commands, ...rest } = await streams.load(LEAD, id);
  return { ...rest, commands: [...commands].toSorted(([a], [b]) => (a < b ? -1 : 1)) };
}

describe('folded streams', () => {
  it('know a stream that does not exist', async () => {
    const loaded = await new Streams(log.store, PLAIN).load(LEAD, randomUUID());
    expect(loaded).toMatchObject({ state: null, revision: NO_STREAM, position: null, hash: GENESIS_HASH });
    expect(loaded.commands.size).toBe(0);
  });

  it('are the same from memory, after own appends and those of others, as from the first event', async () => {
    const [here, there] = [new Streams(log.store, PLAIN), new Streams(log.store, PLAIN)];
    const id = randomUUID();
    await run(here, id, 'capture', captureLead(id));
    await run(there, id, 'one', addNote('one'));
    await run(there, id, 'two', addNote('two'));
    await run(here, id, 'three', addNote('three'));
    const clean = await folded(new Streams(log.store, PLAIN), id);
    expect(await folded(here, id)).toEqual(clean);
    expect(await folded(there, id)).toEqual(clean);
    expect(clean).toMatchObject({
      revision: 3,
      state: { notes: [{ text: 'one' }, { text: 'two' }, { text: 'three' }] },
    });
    expect(clean.commands.map(([, { firstRevision }]) => firstRevision).toSorted()).toEqual([0, 1, 2, 3]);
  });

  it('are the same when many load while many append', async () => {
    const streams = new Streams(log.store, PLAIN);
    const id = randomUUID();
    await run(streams, id, 'capture', captureLead(id));
    const work = Array.from({ length: 30 }, async (_, index) => {
      if (index % 3 === 0) await run(streams, id, `note ${index}`, addNote(`note ${index}`)).catch(() => undefined);
      else await streams.load(LEAD, id);
    });
    await Promise.all(work);
    expect(await folded(streams, id)).toEqual(await folded(new Streams(log.store, PLAIN), id));
  });

  it('are forgotten when there are too many, and read again', async () => {
    const streams = new Streams(log.store, PLAIN, 1);
    const [id, other] = [randomUUID(), randomUUID()];
    await run(streams, id, 'capture', captureLead(id));
    await run(streams, other, 'capture', captureLead(other));
    await run(streams, id, 'note', addNote('one'));
    expect(await folded(streams, id)).toEqual(await folded(new Streams(log.store, PLAIN), id));
    expect(await folded(streams, other)).toMatchObject({ revision: 0 });
  });

  it('leave the state that they gave out as it was', async () => {
    const streams = new Streams(log.store, PLAIN);
    const id = randomUUID();
    await run(streams, id, 'capture', captureLead(id));
    const { state } = await streams.load(LEAD, id);
    const before = structuredClone(state);
    await run(streams, id, 'note', addNote('one'));
    expect(state).toEqual(before);
  });
});
