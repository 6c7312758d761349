import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SqliteEventStore } from '#event-store/adapters/sqlite/sqlite-event-store.js';
import { Client } from '../support/client.js';
import { dataFolder } from '../support/data-folder.js';
import { startServer } from '../support/server-process.js';
import { load, type Load, type LoadRequest } from './load.js';
import { BENCH_ENVIRONMENT, BENCH_PIPELINE, BENCH_STAGES, dealId, openDeals } from './log.js';
import { loadLine, median, say } from './print.js';

const CONNECTIONS = 50;
const DEALS = 5_000;
const ROUNDS = 3;
const SECONDS = 6;
const WARM_UP_SECONDS = 2;

/** Milliseconds until the board, and the reports, know a move that comes last of many. */
async function lagOf(url: string, { path, body }: LoadRequest): Promise<number> {
  const client = new Client(url);
  const startedAt = performance.now();
  const { position } = (await client.send('POST', path, body)).body as { readonly position: string };
  for (const query of [
    `/v1/boards/${BENCH_PIPELINE}`,
    `/v1/funnel?pipeline=${BENCH_PIPELINE}&from=2026-01-01&to=2026-12-31`,
  ]) {
    while ((await client.getAfter(position, query)).status === 503) continue;
  }
  return performance.now() - startedAt;
}

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
    const lags: number[] = [];
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
      lags.push(await lagOf(server.url, move()));
    }
    const ratios = durable.map((one, index) => one.requestsPerSecond / (idle[index]?.requestsPerSecond ?? Number.NaN));
    say(`Durable move-stage at ${CONNECTIONS} connections, ${ROUNDS} rounds of ${SECONDS} s, in turns with nothing`);
    say(`  does nothing     ${loadLine(idle)}`);
    say(`  moves, durably   ${loadLine(durable)}`);
    say(`  ratio            ${median(ratios).toFixed(2)}   asked: at least 0.50`);
    say(`  the views        ${(median(lags) / 1_000).toFixed(1)} s behind at the end of a round`);
  } finally {
    await server.stop();
    await nothing.stop();
    folder.remove();
  }
}
