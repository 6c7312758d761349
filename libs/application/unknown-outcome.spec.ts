import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { verifyChain } from '#event-store/envelope.js';
import { StoreUnavailable } from '#event-store/port.js';
import { decideLead } from '#domain/lead/lead.decide.js';
import type { LeadCommand } from '#domain/lead/lead.commands.js';
import { LEAD } from './aggregate.js';
import { CommandConflict, CommandRejected, OutcomeUnknown } from './errors.js';
import { CommandExecutor } from './execute.js';
import { Streams } from './streams.js';
import { embeddedLog, type EmbeddedLog } from './testing/embedded-log.js';
import { addNote, captureLead } from './testing/leads.js';
import { keyedRequest } from './testing/requests.js';
import { UnreliableEventStore, type AppendFault } from './testing/unreliable-event-store.js';
import { PLAIN } from './testing/personal.js';

/** The deadline of the commands here: long enough for the disk, short enough to be waited for. */
const DEADLINE_MS = 400;

let log: EmbeddedLog;
beforeAll(async () => {
  log = await embeddedLog();
});
afterAll(() => log.remove());

/** A lead of its own, captured by a store that works; then notes are added over a connection that does not. */
async function situation(deadlineMs = DEADLINE_MS) {
  const id = randomUUID();
  const store = new UnreliableEventStore(log.store);
  let executor = new CommandExecutor(new Streams(store, PLAIN), undefined, 60_000);
  const run = (key: string, command: LeadCommand) =>
    executor.execute(LEAD, id, keyedRequest(`${id} ${key}`), (state, context) => decideLead(state, command, context));
  await run('capture', captureLead(id));
  store.sent.length = 0;
  executor = new CommandExecutor(executor.streams, undefined, deadlineMs);
  return {
    store,
    /** As after a restart: the stream has to be read again. */
    forget: () => {
      executor = new CommandExecutor(new Streams(store, PLAIN), undefined, deadlineMs);
    },
    note: (text: string) => run(text, addNote(text)),
    reopen: () => run('reopen', { type: 'ReopenLead' }),
    notes: async () => {
      const stored = await log.store.readStream(LEAD.stream(id));
      expect(verifyChain(stored)).toBeNull();
      return stored.slice(1).map(({ data, position }) => [data['text'], position]);
    },
  };
}

describe('an append whose answer is lost', () => {
  it.each<AppendFault>(['lost-before', 'lost-after'])(
    '%s: the same bytes are sent again, stored once',
    async (fault) => {
      const { store, note, notes } = await situation();
      store.faults.push(fault, fault);
      const answer = await note('one');
      expect(answer).toMatchObject({ revision: 1, replayed: false });
      expect(await notes()).toEqual([['one', answer.position]]);
      expect(store.sent).toHaveLength(3);
      expect(new Set(store.sent.map(({ events }) => JSON.stringify(events))).size).toBe(1);
    },
  );

  it.each<AppendFault>(['lost-before', 'lost-after'])(
    '%s, for ever: unknown, and the same key tells',
    async (fault) => {
      const { store, note, notes } = await situation();
      store.faults.push(...Array<AppendFault>(50).fill(fault));
      await expect(note('one')).rejects.toThrow(OutcomeUnknown);
      store.faults.length = 0;
      const answer = await note('one');
      expect(answer.replayed).toBe(fault === 'lost-after');
      expect(await notes()).toEqual([['one', answer.position]]);
    },
  );
});

describe('a store that cannot be reached', () => {
  it('is said to have written nothing, at once and truly', async () => {
    const { store, note, notes } = await situation();
    store.faults.push('refused');
    await expect(note('one')).rejects.toMatchObject({ name: 'StoreUnavailable', nothingWritten: true });
    expect(await notes()).toEqual([]);
    expect(store.sent).toHaveLength(1);
    expect(await note('one')).toMatchObject({ revision: 1, replayed: false });
  });

  it('is not said to have written nothing after an append that may have been stored', async () => {
    const { store, note, notes } = await situation();
    store.faults.push('lost-after', ...Array<AppendFault>(50).fill('refused'));
    await expect(note('one')).rejects.toThrow(OutcomeUnknown);
    store.faults.length = 0;
    const answer = await note('one');
    expect(answer.replayed).toBe(true);
    expect(await notes()).toEqual([['one', answer.position]]);
  });

  it('is not said to have written nothing when the resend meets a conflict and then nothing can be read', async () => {
    const { store, note, notes } = await situation();
    store.faults.push('lost-after', 'conflict');
    const pending = expect(note('one')).rejects.toThrow(OutcomeUnknown);
    // From the first append on.
    while (store.sent.length === 0) await new Promise(setImmediate);
    store.reads = 'failed';
    await pending;
    store.reads = 'answered';
    expect((await note('one')).replayed).toBe(true);
    expect(await notes()).toHaveLength(1);
  });

  it('that does not answer a read is out of reach, and nothing is written when it answers late', async () => {
    const { store, forget, note, notes } = await situation();
    forget();
    store.reads = 'hung';
    const refused = note('one');
    await expect(refused).rejects.toThrow(StoreUnavailable);
    await expect(refused).rejects.toMatchObject({ nothingWritten: true });
    store.reads = 'answered';
    expect(store.sent).toEqual([]);
    expect(await notes()).toEqual([]);
  });
});

describe('a store that hangs', () => {
  it.each<AppendFault>(['hung-before', 'hung-after'])(
    '%s: unknown by the deadline, and the same key tells',
    async (fault) => {
      const { store, note, notes } = await situation();
      store.faults.push(fault);
      await expect(note('one')).rejects.toThrow(OutcomeUnknown);
      const answer = await note('one');
      expect(answer.replayed).toBe(fault === 'hung-after');
      expect(await notes()).toEqual([['one', answer.position]]);
    },
  );

  it('and writes later: the same key finds it', async () => {
    const { store, note, notes } = await situation();
    store.faults.push('held-before');
    await expect(note('one')).rejects.toThrow(OutcomeUnknown);
    expect(await notes()).toEqual([]);
    await store.release();
    const answer = await note('one');
    expect(answer.replayed).toBe(true);
    expect(await notes()).toEqual([['one', answer.position]]);
  });

  it('and writes after the same key was sent again: it comes too late', async () => {
    const { store, note, notes } = await situation();
    store.faults.push('held-before');
    await expect(note('one')).rejects.toThrow(OutcomeUnknown);
    const answer = await note('one');
    expect(answer.replayed).toBe(false);
    await store.release();
    expect(await notes()).toEqual([['one', answer.position]]);
    expect((await note('one')).replayed).toBe(true);
  });

  it('and answers after others have gone on: no answer is mistaken for another', async () => {
    const { store, note, notes } = await situation();
    store.faults.push('held-after');
    await expect(note('one')).rejects.toThrow(OutcomeUnknown);
    const two = await note('two');
    await store.release();
    const one = await note('one');
    expect([one.revision, one.replayed, two.revision]).toEqual([1, true, 2]);
    expect(await notes()).toEqual([
      ['one', one.position],
      ['two', two.position],
    ]);
  });
});

describe('a store that claims conflicts', () => {
  it('is asked again up to five times', async () => {
    const { store, note, notes } = await situation(5_000);
    store.faults.push('conflict', 'conflict', 'conflict', 'conflict');
    const answer = await note('one');
    expect(await notes()).toEqual([['one', answer.position]]);
    store.faults.push(...Array<AppendFault>(5).fill('conflict'));
    await expect(note('two')).rejects.toThrow(CommandConflict);
    expect(await notes()).toHaveLength(1);
  });

  it('on an append that it did store: the last look finds it', async () => {
    const { store, note, notes } = await situation(5_000);
    store.faults.push('conflict', 'conflict', 'conflict', 'conflict', 'lost-after', 'conflict');
    const answer = await note('one');
    expect(answer).toMatchObject({ revision: 1, replayed: true });
    expect(await notes()).toEqual([['one', answer.position]]);
  });

  it('does not hide that the decision has changed', async () => {
    const { store, reopen, notes } = await situation();
    store.faults.push('conflict');
    await expect(reopen()).rejects.toThrow(CommandRejected);
    expect(await notes()).toEqual([]);
  });
});

describe('whatever happens to the appends', () => {
  const faults = fc.array(
    fc.constantFrom<AppendFault>(
      'none',
      'refused',
      'conflict',
      'lost-before',
      'lost-after',
      'hung-before',
      'hung-after',
      'held-before',
      'held-after',
    ),
    { maxLength: 12 },
  );

  it('what is answered is true, and the same key comes to one effect', async () => {
    await fc.assert(
      fc.asyncProperty(faults, async (script) => {
        const { store, note, notes } = await situation(50);
        store.faults.push(...script);
        const acknowledged: unknown[] = [];
        for (const text of ['one', 'two']) {
          for (let tries = 0; ; tries++) {
            expect(tries).toBeLessThan(1_000);
            try {
              const { position } = await note(text);
              acknowledged.push([text, position]);
              break;
            } catch (error) {
              if (error instanceof StoreUnavailable) {
                expect((await notes()).map(([stored]) => stored)).not.toContain(text);
              } else if (!(error instanceof OutcomeUnknown || error instanceof CommandConflict)) {
                throw error;
              }
            }
            if (tries % 3 === 2) await store.release();
          }
        }
        await store.release();
        expect(await notes()).toEqual(acknowledged);
      }),
      { numRuns: 25 },
    );
  });
});
