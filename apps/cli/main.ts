import 'reflect-metadata';
import { InvalidConfiguration, loadConfiguration } from '#platform/configuration.js';
import { importFile } from './import-file.js';
import { verifyStore } from './verify-store.js';

const USAGE = `Usage: npm run cli -- <command>

  import <file.csv> --mapping <mapping.json> [--report <refused.jsonl>]
      Takes a CSV file in. Safe to run again: what is in stays as it is.
  verify
      Checks the hash chain of every stream of the store.

The data folder is DATA_DIR (default ./data); a server may be running on it.
`;

/** Something is wrong with how the command was called. */
class Misuse extends Error {}

async function run(args: readonly string[]): Promise<number> {
  const [command, ...rest] = args;
  const configuration = loadConfiguration();
  switch (command) {
    case 'import': {
      const { positional, options } = parse(rest, ['mapping', 'report']);
      const [file] = positional;
      const mapping = options.get('mapping');
      if (file === undefined || mapping === undefined || positional.length > 1) throw new Misuse();
      return importFile(configuration, file, mapping, options.get('report') ?? null);
    }
    case 'verify':
      if (rest.length > 0) throw new Misuse();
      return verifyStore(configuration);
    default:
      throw new Misuse();
  }
}

function parse(args: readonly string[], known: readonly string[]) {
  const options = new Map<string, string>();
  const positional: string[] = [];
  for (let index = 0; index < args.length; index++) {
    const argument = args[index] ?? '';
    if (!argument.startsWith('--')) {
      positional.push(argument);
      continue;
    }
    const value = args[++index];
    if (!known.includes(argument.slice(2)) || value === undefined) throw new Misuse();
    options.set(argument.slice(2), value);
  }
  return { positional, options };
}

try {
  process.exitCode = await run(process.argv.slice(2));
} catch (error) {
  if (error instanceof Misuse) {
    process.stderr.write(USAGE);
    process.exitCode = 2;
  } else {
    const sentence = error instanceof Error ? error.message : String(error);
    process.stderr.write(`${error instanceof InvalidConfiguration ? 'Configuration: ' : ''}${sentence}\n`);
    process.exitCode = 1;
  }
}
