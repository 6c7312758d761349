import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SqliteEventStore } from '#event-store/adapters/sqlite/sqlite-event-store.js';
import { Client } from '../support/client.js';
import { dataFolder } from '../support/data-folder.js';
import { startServer } from '../support/server-process.js';
import { load, type Load, type LoadRequest } from './load.js';
import { BENCH_ENVIRONMENT, BENCH_STAGES, dealId, openDeals } from './log.js';
import { loadLine, median, say } from './print.js';

const CONNECTIONS = 50;
const DEALS = 5_000;
const ROUNDS = 3;
const SECONDS = 6;
const WARM_UP_SECONDS = 2;

/** Durable moves beside an endpoint with the same authentication and validation that does nothing: in turns. */
export async function benchMoveStage(): Promise<void> {
  const folder = dataFolder();
  const store = await SqliteEventStore.open(join(folder.path, 'events.db'));
  const stages = await openDeals(store, DEALS);
  await store.close();
  const server = await startServer(folder.path, BENCH_ENVIRONMENT);
  const nothing = await startServer(
    folder.path,
    BENCH_ENVIRONMENT,
    fileURLToPath(new URL('./noop.child.js', import.meta.url)),
  );
  try {
    let n = 0;
    const move = (): LoadRequest => {
      const index = n++ % DEALS;
      // Each deal goes round the stages, one step at a time.
      const to = ((stages[index] ?? 0) + 1) % BENCH_STAGES.length;
      stages[index] = to;
      const body = JSON.stringify({ toStageId: BENCH_STAGES[to] });
      return { method: 'POST', path: `/v1/deals/${dealId(index)}/move-stage`, body };
    };
    const idle: Load[] = [];
    const durable: Load[] = [];
    const same = JSON.stringify({ toStageId: BENCH_STAGES[0] });
    let of = 0;
    const still = (): LoadRequest => ({
      method: 'POST',
      path: `/v1/deals/${dealId(of++ % DEALS)}/move-stage`,
      body: same,
    });
    await load(nothing.url, CONNECTIONS, WARM_UP_SECONDS, still);
    await load(server.url, CONNECTIONS, WARM_UP_SECONDS, move);
    for (let round = 0; round < ROUNDS; round++) {
      idle.push(await load(nothing.url, CONNECTIONS, SECONDS, still));
      durable.push(await load(server.url, CONNECTIONS, SECONDS, move));
    }
    const ratios = durable.map((one, index) => one.requestsPerSecond / (idle[index]?.requestsPerSecond ?? Number.NaN));
    say(`Durable move-stage at ${CONNECTIONS} connections, ${ROUNDS} rounds of ${SECONDS} s, in turns with nothing`);
    say(`  does nothing     ${loadLine(idle)}`);
    say(`  moves, durably   ${loadLine(durable)}`);
    say(`  ratio            ${median(ratios).toFixed(2)}   asked: at least 0.50`);
    const ready = await new Client(server.url).get('/health/ready');
    say(`  the views then   ${ready.status === 200 ? 'are moving' : JSON.stringify(ready.body)}`);
  } finally {
    await server.stop();
    await nothing.stop();
    folder.remove();
  }
}
