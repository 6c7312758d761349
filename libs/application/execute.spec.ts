import { randomUUID } from 'node:crypto';
import { verifyChain } from '#event-store/envelope.js';
import { decideLead } from '#domain/lead/lead.decide.js';
import type { LeadCommand } from '#domain/lead/lead.commands.js';
import type { LeadState } from '#domain/lead/lead.state.js';
import { LEAD } from './aggregate.js';
import { CommandRejected, IdempotencyKeyReused, StaleRevision } from './errors.js';
import { CommandExecutor, type Outcome } from './execute.js';
import type { CommandRequest } from './request.js';
import { Streams } from './streams.js';
import { embeddedLog, type EmbeddedLog } from './testing/embedded-log.js';
import { addNote, captureLead } from './testing/leads.js';
import { fingerprint, keyedRequest } from './testing/requests.js';
import { PLAIN } from './testing/personal.js';

let log: EmbeddedLog;
beforeEach(async () => {
  log = await embeddedLog();
});
afterEach(() => log.remove());

/** A process of its own: nothing cached, nothing remembered. */
function freshExecutor(clock?: () => number): CommandExecutor {
  return new CommandExecutor(new Streams(log.store, PLAIN), clock);
}

function run(
  executor: CommandExecutor,
  id: string,
  command: LeadCommand,
  request: CommandRequest,
): Promise<Outcome<LeadState>> {
  return executor.execute(LEAD, id, request, (state, context) => decideLead(state, command, context));
}

const eventsOf = (id: string) => log.store.readStream(LEAD.stream(id));

describe('a command', () => {
  it('is answered with the place of its events, and chains them', async () => {
    const executor = freshExecutor();
    const id = randomUUID();
    const captured = await run(executor, id, captureLead(id), keyedRequest('capture'));
    expect(captured).toMatchObject({ id, revision: 0, replayed: false, state: { title: 'Boiler', status: 'new' } });
    const noted = await run(executor, id, addNote('one'), keyedRequest('note'));
    const stored = await eventsOf(id);
    expect(noted).toMatchObject({ revision: 1, position: stored[1]?.position });
    expect(stored.map(({ type }) => type)).toEqual(['LeadCaptured', 'LeadNoteAdded']);
    expect(verifyChain(stored)).toBeNull();
  });

  it('that is refused, or changes nothing, writes nothing and is decided anew the next time', async () => {
    const executor = freshExecutor();
    const id = randomUUID();
    await expect(run(executor, id, addNote('too early'), keyedRequest('note'))).rejects.toThrow(CommandRejected);
    await run(executor, id, captureLead(id), keyedRequest('capture'));
    const noted = await run(executor, id, addNote('too early'), keyedRequest('note'));
    expect(noted).toMatchObject({ revision: 1, replayed: false });
    const same: LeadCommand = { type: 'EditLead', title: 'Boiler' };
    const unchanged = await run(executor, id, same, keyedRequest('edit'));
    expect(unchanged).toMatchObject({ revision: 1, position: noted.position, events: [], replayed: false });
    expect(await eventsOf(id)).toHaveLength(2);
  });

  it('does not take the stream back in time when the clock is set back', async () => {
    let now = Date.parse('2026-03-01T09:00:00.000Z');
    const executor = freshExecutor(() => now);
    const id = randomUUID();
    await run(executor, id, captureLead(id), keyedRequest('capture'));
    now -= 3_600_000;
    await run(executor, id, addNote('earlier'), keyedRequest('note'));
    const times = (await eventsOf(id)).map(({ metadata }) => metadata.recordedAt);
    expect(times).toEqual(['2026-03-01T09:00:00.000Z', '2026-03-01T09:00:00.000Z']);
  });
});

describe('the same key again', () => {
  it('answers as before, also from another process and whatever has happened since', async () => {
    const executor = freshExecutor();
    const id = randomUUID();
    const first = await run(executor, id, captureLead(id), keyedRequest('capture'));
    await run(executor, id, addNote('later'), keyedRequest('note'));
    for (const process of [executor, freshExecutor()]) {
      const again = await run(process, id, captureLead(id), keyedRequest('capture'));
      expect(again).toMatchObject({ revision: 0, position: first.position, replayed: true });
      expect(again.events.map((event) => event.id)).toEqual(first.events.map((event) => event.id));
    }
    expect(await eventsOf(id)).toHaveLength(2);
  });

  it('is answered before If-Match is looked at', async () => {
    const executor = freshExecutor();
    const id = randomUUID();
    await run(executor, id, captureLead(id), keyedRequest('capture'));
    const request = keyedRequest('note', { ifMatch: 0 });
    await run(executor, id, addNote('one'), request);
    expect(await run(executor, id, addNote('one'), request)).toMatchObject({ revision: 1, replayed: true });
    const stale = run(executor, id, addNote('two'), keyedRequest('other', { ifMatch: 0 }));
    await expect(stale).rejects.toThrow(StaleRevision);
    await expect(stale).rejects.toMatchObject({ expected: 0, actual: 1, since: [{ type: 'LeadNoteAdded' }] });
  });

  it('with another body is refused, by the stream and by a process that remembers', async () => {
    const executor = freshExecutor();
    const [id, other] = [randomUUID(), randomUUID()];
    await run(executor, id, captureLead(id), keyedRequest('capture'));
    const changed = keyedRequest('capture', { fingerprint: fingerprint('another body') });
    await expect(run(freshExecutor(), id, captureLead(id), changed)).rejects.toThrow(IdempotencyKeyReused);
    await expect(run(executor, other, captureLead(other), changed)).rejects.toThrow(IdempotencyKeyReused);
    expect(await eventsOf(other)).toEqual([]);
  });

  it('sent many times at once has one effect, and all are answered alike', async () => {
    const executors = [freshExecutor(), freshExecutor(), freshExecutor()];
    const id = randomUUID();
    const answers = await Promise.all(
      Array.from({ length: 24 }, (_, index) =>
        run(executors[index % 3] ?? freshExecutor(), id, captureLead(id), {
          ...keyedRequest('capture'),
          correlationId: randomUUID(),
        }),
      ),
    );
    expect(new Set(answers.map(({ revision, position }) => `${revision} ${position}`)).size).toBe(1);
    expect(answers.filter(({ replayed }) => !replayed)).toHaveLength(1);
    expect(await eventsOf(id)).toHaveLength(1);
  });
});

describe('writers of one stream', () => {
  it('take their turns: nothing is lost, nothing is doubled, the chain is whole', async () => {
    const executors = [freshExecutor(), freshExecutor()];
    const id = randomUUID();
    await run(freshExecutor(), id, captureLead(id), keyedRequest('capture'));
    const keys = Array.from({ length: 40 }, (_, index) => `note ${index}`);
    let pending = keys;
    // Whoever loses five times in a row is told so, and sends it again.
    while (pending.length > 0) {
      const tries = pending.map((key, index) =>
        run(executors[index % 2] ?? freshExecutor(), id, addNote(key), keyedRequest(key)),
      );
      const results = await Promise.allSettled(tries);
      const lost = pending.filter((_, index) => results[index]?.status === 'rejected');
      for (const result of results) {
        if (result.status === 'rejected') expect(result.reason).toMatchObject({ name: 'CommandConflict' });
      }
      expect(lost.length).toBeLessThan(pending.length);
      pending = lost;
    }
    const stored = await eventsOf(id);
    expect(verifyChain(stored)).toBeNull();
    expect(stored.slice(1).map(({ data }) => data['text'])).toEqual(expect.arrayContaining(keys));
    expect(stored).toHaveLength(41);
  });
});
