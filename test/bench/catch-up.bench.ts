import { execFile } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { SqliteEventStore } from '#event-store/adapters/sqlite/sqlite-event-store.js';
import { dataFolder } from '../support/data-folder.js';
import { teamHistory } from './log.js';
import { median, say } from './print.js';

const EVENTS = 200_000;
const ROUNDS = 3;

interface Measured {
  readonly events: number;
  readonly ms: number;
  readonly rssMb: number;
}

/** Catch-up of all views from an empty view store beside a loop that only reads and parses the same log. */
export async function benchCatchUp(): Promise<void> {
  const folder = dataFolder();
  try {
    const store = await SqliteEventStore.open(join(folder.path, 'events.db'));
    await teamHistory(store, EVENTS);
    await store.close();
    const reads: Measured[] = [];
    const catchUps: Measured[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      reads.push(await measure('read', folder.path));
      rmSync(join(folder.path, 'views'), { recursive: true, force: true });
      catchUps.push(await measure('project', folder.path));
    }
    const rate = ({ events, ms }: Measured): number => (events / ms) * 1_000;
    const ratios = catchUps.map((one, index) => rate(one) / rate(reads[index] ?? one));
    say(`Catch-up of all views from empty, ${EVENTS} events, ${ROUNDS} rounds, in turns with only reading`);
    say(`  reads and parses ${Math.round(median(reads.map(rate)))} events/s`);
    say(`  all views        ${Math.round(median(catchUps.map(rate)))} events/s`);
    say(`  ratio            ${median(ratios).toFixed(2)}   asked: at least 0.15`);
    say(`  resident memory  ${Math.round(Math.max(...catchUps.map(({ rssMb }) => rssMb)))} MB   asked: under 400 MB`);
  } finally {
    folder.remove();
  }
}

async function measure(mode: 'read' | 'project', folder: string): Promise<Measured> {
  const child = fileURLToPath(new URL('./catch-up.child.js', import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [child, mode, folder]);
  return JSON.parse(stdout) as Measured;
}
