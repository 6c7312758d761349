import { parseArgs } from 'node:util';
import { killRounds } from './rounds.js';

const USAGE = 'Usage: npm run chaos -- [--rounds N] [--seed S]\n';

/** Kills a server under fifty writers for as many rounds as asked. Ends with 1 at the first violation, naming it. */
async function main(): Promise<number> {
  const { rounds, seed } = parse();
  process.stdout.write(`seed ${seed}, ${rounds} rounds\n`);
  try {
    await killRounds(rounds, seed, (report) => {
      const { round, killedAfterMs, acknowledged, unanswered, storedUnanswered, cutConversions, events } = report;
      process.stdout.write(
        `round ${round}: killed after ${killedAfterMs} ms, ${acknowledged} commands acknowledged, ` +
          `${unanswered} unanswered (${storedUnanswered} of them stored), ${cutConversions} conversions cut in two, ` +
          `${events} events in all\n`,
      );
    });
  } catch (error) {
    process.stdout.write(`${error instanceof Error ? `${error.name}: ${error.message}` : String(error)}\n`);
    return 1;
  }
  process.stdout.write('nothing lost, nothing doubled, views equal to a clean fold\n');
  return 0;
}

function parse(): { rounds: number; seed: number } {
  const options = { rounds: { type: 'string', default: '20' }, seed: { type: 'string' } } as const;
  const { values } = parseArgs({ options });
  const rounds = Number(values.rounds);
  const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 31));
  if (!Number.isSafeInteger(rounds) || rounds < 1 || !Number.isSafeInteger(seed)) throw new RangeError();
  return { rounds, seed };
}

try {
  process.exitCode = await main();
} catch {
  process.stderr.write(USAGE);
  process.exitCode = 2;
}
