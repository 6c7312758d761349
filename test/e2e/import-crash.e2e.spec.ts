import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { SqliteEventStore } from '#event-store/adapters/sqlite/sqlite-event-store.js';
import { runCli, startCli } from '../support/cli-process.js';
import { dataFolder } from '../support/data-folder.js';
import { chainFaults } from '../support/hash-chain.js';
import { openedBy } from '../support/opened.js';
import { EVENT_LOG, eventsIn, OPPORTUNITIES, OPPORTUNITIES_HEADER, put, told } from '../support/import-files.js';

const LONG = 300_000;

/** Opportunities of every kind, some of them bad. */
function opportunityRows(count: number): string {
  const rows = Array.from({ length: count }, (_, index) => {
    const [id, company] = [`o-${index}`, `Company ${index % 40}`];
    switch (index % 5) {
      case 0:
        return `${id},${company},Pump,ada,new,2026-01-03,,7.50`;
      case 1:
        return `${id},${company},Pump,ada,lost,2026-01-03,2026-01-09,`;
      case 2:
        return index % 10 === 2 ? `${id},${company},Pump,ada,new,,,` : `${id},,Pump,ada,new,,,`;
      default:
        return `${id},${company},Boiler,bob,won,2026-01-03,2026-02-01,100`;
    }
  });
  return [OPPORTUNITIES_HEADER, ...rows].join('\n');
}

/** Cases of six events each, one of them a repeat, one back. */
function logRows(cases: number): string {
  const path = ['called', 'called', 'offered', 'called', 'bargained', 'offered'];
  const rows = Array.from({ length: cases * path.length }, (_, index) => {
    // Five cases side by side, as a log that is sorted by time has them.
    const [round, within] = [Math.floor(index / 30), index % 30];
    const step = Math.floor(within / 5);
    return `${round * 5 + (within % 5)},${step},${path[step]},2026-01-0${step + 1}`;
  });
  return ['case,seq,activity,time', ...rows].join('\n');
}

describe('an import that is killed', () => {
  it.each([
    ['opportunities', OPPORTUNITIES, opportunityRows(4_000)],
    ['an event log', EVENT_LOG, logRows(800)],
  ])(
    'ends, when it is run again, where a single run ends: %s',
    async (_, mapping, content) => {
      const [clean, broken] = [dataFolder(), dataFolder()];
      try {
        const file = put(clean.path, 'rows.csv', content);
        const args = ['import', file, '--mapping', put(clean.path, 'mapping.json', mapping)];
        const single = await runCli(clean.path, ...args, '--report', join(clean.path, 'refused.jsonl'));
        expect(single.code).toBe(0);
        const expected = await eventsIn(clean.path);

        const report = join(broken.path, 'refused.jsonl');
        for (const share of [0, 0.2, 0.5]) {
          await killAfter(Math.floor(expected.length * share), broken.path, [...args, '--report', report]);
          const events = await eventsIn(broken.path);
          expect(chainFaults(events)).toEqual([]);
          expect(events.length).toBeLessThan(expected.length);
        }
        const last = await runCli(broken.path, ...args, '--report', report);
        expect(last.code).toBe(0);
        expect(factsOf(last.output)).toEqual(factsOf(single.output));
        expect(last.output).toMatch(/\d+ were in already/);

        const events = await eventsIn(broken.path);
        expect(chainFaults(events)).toEqual([]);
        const [ended, atOnce] = [await openedBy(broken.path, told(events)), await openedBy(clean.path, told(expected))];
        expect(ended).toEqual(atOnce);
        const again = await runCli(broken.path, ...args, '--report', report);
        expect(again.output).toContain('nothing changed');
        expect(await eventsIn(broken.path)).toEqual(events);
      } finally {
        clean.remove();
        broken.remove();
      }
    },
    LONG,
  );
});

/** Runs an import and kills it as soon as the log has more events than this. */
async function killAfter(events: number, dataDir: string, args: readonly string[]): Promise<void> {
  const store = await SqliteEventStore.open(join(dataDir, 'events.db'));
  const run = startCli(dataDir, ...args);
  try {
    while (run.running() && Number((await store.head()) ?? 0n) <= events) await sleep(1);
    run.kill();
    const { code } = await run.result;
    expect(code).toBeNull();
  } finally {
    run.kill();
    await store.close();
  }
}

/** The lines of a summary that do not tell how the import went, but what it came to. */
function factsOf(output: string): string[] {
  return output
    .split('\n')
    .filter((line) => / (are in as|dropped|left out)|^\d+ refused/.test(line))
    .map((line) => line.split(':', 1)[0] ?? '');
}
