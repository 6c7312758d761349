import { join } from 'node:path';
import { SqliteEventStore } from '#event-store/adapters/sqlite/sqlite-event-store.js';
import { Client } from '../support/client.js';
import { dataFolder } from '../support/data-folder.js';
import { startServer } from '../support/server-process.js';
import { load } from './load.js';
import { BENCH_ENVIRONMENT, BENCH_PIPELINE, openDeals } from './log.js';
import { loadLine, say } from './print.js';

const DEALS = 100_000;
const CONNECTIONS = 4;
const SECONDS = 6;

/** The first paint of a board with 100,000 open deals, beside `GET /health/live` on the same server. */
export async function benchBoard(): Promise<void> {
  const folder = dataFolder();
  const store = await SqliteEventStore.open(join(folder.path, 'events.db'));
  await openDeals(store, DEALS);
  const head = await store.head();
  await store.close();
  const server = await startServer(folder.path, BENCH_ENVIRONMENT);
  try {
    const client = new Client(server.url);
    for (let answered = 0; answered !== 200;) {
      const headers = { 'After-Position': String(head), Prefer: 'wait=10' };
      answered = (await client.get(`/v1/boards/${BENCH_PIPELINE}?cards=0`, { headers })).status;
    }
    const board = `/v1/boards/${BENCH_PIPELINE}`;
    const paths = {
      'GET /health/live': '/health/live',
      'board, unfiltered': board,
      'board, one owner': `${board}?owner=u-1`,
      'board, one label': `${board}?label=hot`,
      'board, stalled only': `${board}?stalled=true`,
      'board, by value': `${board}?sort=-value`,
    };
    say(`Board of a pipeline with ${DEALS} open deals, ${CONNECTIONS} connections, ${SECONDS} s each`);
    for (const [name, path] of Object.entries(paths)) {
      const measured = await load(server.url, CONNECTIONS, SECONDS, () => ({ method: 'GET', path }));
      say(`  ${name.padEnd(20)} ${loadLine([measured])}`);
    }
  } finally {
    await server.stop();
    folder.remove();
  }
}
