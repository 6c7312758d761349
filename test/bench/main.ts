import { cpus } from 'node:os';
import { benchBoard } from './board.bench.js';
import { benchCatchUp } from './catch-up.bench.js';
import { benchEventStoreDb } from './eventstoredb.bench.js';
import { benchMongoDb } from './mongodb.bench.js';
import { benchMoveStage } from './move-stage.bench.js';
import { say } from './print.js';

/** Ratios of one run on one machine: absolute numbers tell more of the machine than of the software. */
const BENCHES: Readonly<Record<string, () => Promise<void>>> = {
  'move-stage': benchMoveStage,
  'catch-up': benchCatchUp,
  board: benchBoard,
  eventstoredb: benchEventStoreDb,
  mongodb: benchMongoDb,
};

const wanted = process.argv.slice(2);
const unknown = wanted.find((name) => !Object.hasOwn(BENCHES, name));
if (unknown !== undefined) {
  process.stderr.write(`There is no benchmark ${unknown}: ${Object.keys(BENCHES).join(', ')}\n`);
  process.exit(2);
}
say(`Node ${process.version}, ${cpus().length} cores, shared by server and load`);
for (const [name, bench] of Object.entries(BENCHES)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  say();
  await bench();
}
