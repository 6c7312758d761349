import { execFileSync } from 'node:child_process';
import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { join } from 'node:path';
import { Client } from '../support/client.js';
import { dataFolder, type DataFolder } from '../support/data-folder.js';
import { startServer } from '../support/server-process.js';
import { refusedStart, verify } from './cli-process.js';
import { Ledger } from './ledger.js';
import { checkCommands, ObservedLog } from './log-checks.js';
import { UNLIMITED } from './rounds.js';
import { post } from './writers.js';

let folder: DataFolder;
let isMounted = false;
beforeEach(() => {
  folder = dataFolder();
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=8m', 'tmpfs', folder.path], { stdio: 'ignore' });
    isMounted = true;
  } catch {
    // Only root can make a small disk: for others there is nothing to test.
    isMounted = false;
  }
});
afterEach(() => {
  if (isMounted) execFileSync('umount', [folder.path]);
  folder.remove();
});

const ballast = (): string => join(folder.path, 'ballast');

/** Takes all the room that is left on the disk. */
function fill(): void {
  const file = openSync(ballast(), 'a');
  const block = Buffer.alloc(4_096);
  try {
    while (writeSync(file, block) === block.length);
  } catch {
    // Full.
  } finally {
    closeSync(file);
  }
}

describe('a full disk', () => {
  it('refuses a start with a sentence', async () => {
    if (!isMounted) return;
    fill();
    const { code, output } = await refusedStart({ DATA_DIR: folder.path });
    expect(code).toBe(1);
    expect(output).toMatch(/^Pipeledger does not start: .*(?:ENOSPC: no space left on device|disk .* full)/mu);
    expect(output).not.toContain('    at ');
  });

  it('loses nothing, takes nothing that it could not store, and goes on when there is room again', async () => {
    if (!isMounted) return;
    const server = await startServer(folder.path, UNLIMITED);
    const client = new Client(server.url);
    const ledger = new Ledger();
    const log = new ObservedLog();
    const text = 'a long note '.repeat(500);
    try {
      const captured = ledger.sending('capture', '/v1/leads', { title: 'Boiler', person: { name: 'Ada' } });
      ledger.answered(
        captured,
        await client.post(captured.path, captured.body, { headers: { 'Idempotency-Key': captured.key } }),
      );
      fill();
      let refused = null;
      for (let index = 0; refused === null; index++) {
        expect(index).toBeLessThan(3_000);
        const note = ledger.sending('note-lead', `/v1/leads/${captured.answer?.body.id}/add-note`, {
          text: `${index} ${text}`,
        });
        const answer = await post(client, note);
        expect(answer).not.toBeNull();
        if (answer === null) break;
        if (answer.status === 200) ledger.answered(note, answer);
        else refused = { note, answer };
      }
      expect(refused?.answer.status).toBe(503);
      expect(['store-unavailable', 'outcome-unknown']).toContain(refused?.answer.body.code);
      await log.readOn(client);
      checkCommands(log, ledger);
      rmSync(ballast());
      while (refused !== null && refused.note.answer === null) {
        const answer = await post(client, refused.note);
        if (answer?.status === 200) ledger.answered(refused.note, answer);
        else await sleep(50);
      }
      await log.readOn(client);
      checkCommands(log, ledger);
      expect((await client.getAfter(log.head, '/v1/leads')).body.items).toHaveLength(1);
    } finally {
      await server.stop();
    }
    expect(await verify(folder.path)).toMatchObject({ code: 0, output: expect.stringContaining('all whole') });
  });
});
