import { parseArgs } from 'node:util';
import { sufferOutages } from './outages.js';
import { killRounds } from './rounds.js';
import { serverKillRounds } from './server-rounds.js';

const USAGE = `Usage: npm run chaos -- [--rounds N] [--seed S]              kills a server on the embedded engines
       npm run chaos -- --servers [--rounds N] [--seed S]    kills api and projector on EventStoreDB and MongoDB
       npm run chaos -- --outages SECONDS [--seed S]         has EventStoreDB and MongoDB fail in many ways, each so long
`;

interface Arguments {
  readonly rounds: number;
  readonly seed: number;
  readonly servers: boolean;
  readonly outageSeconds: number | null;
}

/** Kills and breaks what it can under many writers. Ends with 1 at the first violation, naming it. */
async function main(): Promise<number> {
  const given = parse();
  process.stdout.write(`seed ${given.seed}\n`);
  try {
    await run(given);
  } catch (error) {
    process.stdout.write(`${error instanceof Error ? `${error.name}: ${error.message}` : String(error)}\n`);
    return 1;
  }
  process.stdout.write('nothing lost, nothing doubled, views equal to a clean fold\n');
  return 0;
}

async function run({ rounds, seed, servers, outageSeconds }: Arguments): Promise<void> {
  if (outageSeconds !== null) {
    await sufferOutages(outageSeconds * 1_000, seed, ({ outage, acknowledged, unavailable, slowestMs }) => {
      process.stdout.write(
        `${outage}: ${acknowledged} commands acknowledged, ${unavailable} answers of 503, slowest answer to a command ${slowestMs} ms\n`,
      );
    });
  } else if (servers) {
    await serverKillRounds(rounds, seed, ({ round, killed, acknowledged, unanswered, storedUnanswered, events }) => {
      process.stdout.write(
        `round ${round}: killed ${killed}, ${acknowledged} commands acknowledged, ` +
          `${unanswered} unanswered (${storedUnanswered} of them stored), ${events} events in all\n`,
      );
    });
  } else {
    await killRounds(rounds, seed, (report) => {
      const { round, killedAfterMs, acknowledged, unanswered, storedUnanswered, cutConversions, events } = report;
      process.stdout.write(
        `round ${round}: killed after ${killedAfterMs} ms, ${acknowledged} commands acknowledged, ` +
          `${unanswered} unanswered (${storedUnanswered} of them stored), ${cutConversions} conversions cut in two, ` +
          `${events} events in all\n`,
      );
    });
  }
}

function parse(): Arguments {
  const options = {
    rounds: { type: 'string', default: '20' },
    seed: { type: 'string' },
    servers: { type: 'boolean', default: false },
    outages: { type: 'string' },
  } as const;
  const { values } = parseArgs({ options });
  const rounds = Number(values.rounds);
  const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 31));
  const outageSeconds = values.outages === undefined ? null : Number(values.outages);
  if (!Number.isSafeInteger(rounds) || rounds < 1 || !Number.isSafeInteger(seed)) throw new RangeError();
  if (outageSeconds !== null && !(outageSeconds > 0)) throw new RangeError();
  return { rounds, seed, servers: values.servers, outageSeconds };
}

try {
  process.exitCode = await main();
} catch {
  process.stderr.write(USAGE);
  process.exitCode = 2;
}
