import '../utc.js';
import 'reflect-metadata';
import { InvalidConfiguration, loadConfiguration } from '#platform/configuration.js';
import { backUp } from './back-up.js';
import { copyKeyVault } from './copy-keys.js';
import { copyStore } from './copy-store.js';
import { importFile } from './import-file.js';
import { verifyStore } from './verify-store.js';

const USAGE = `Usage: npm run cli -- <command>

  import <file.csv> --mapping <mapping.json> [--report <refused.jsonl>]
      Takes a CSV file in. Safe to run again: what is in stays as it is.
      How to write a mapping: docs/import/README.md
  verify
      Checks the hash chain of every stream of the store.

  backup <folder>
      Copies the data folder, views left out, into a new folder, as it is at this moment. Servers may run on it.
  copy <from> <to>
      Copies all events to another store: <from> and <to> are data folders or URLs of EventStoreDB (esdb://...).
      May be ended at any moment and run again. The target must be empty, or hold the beginning of the same events.
  copy-keys <from> <to>
      Copies the keys of personal data: <from> and <to> are data folders or URLs of MongoDB as in VIEW_STORE_URL.
      May be ended at any moment and run again. The target must be new, or of the same master key.

The data folder is DATA_DIR (default ./data); a server may be running on it.
`;

/** Something is wrong with how the command was called. */
class Misuse extends Error {}

async function run([command, ...rest]: readonly string[]): Promise<number> {
  switch (command) {
    case 'import': {
      const { positional, options } = parse(rest, ['mapping', 'report']);
      const [file, another] = positional;
      const mapping = options.get('mapping');
      if (file === undefined) throw new Misuse('import needs a file.');
      if (another !== undefined) throw new Misuse(`import takes one file; ${another} is another one.`);
      if (mapping === undefined) throw new Misuse('import needs --mapping.');
      return importFile(loadConfiguration(), file, mapping, options.get('report') ?? null);
    }
    case 'verify':
      if (rest[0] !== undefined) throw new Misuse(`verify takes nothing; ${rest[0]} was given.`);
      return verifyStore(loadConfiguration());
    case 'backup': {
      const [folder, another] = rest;
      if (folder === undefined) throw new Misuse('backup needs a folder.');
      if (another !== undefined) throw new Misuse(`backup takes one folder; ${another} is another one.`);
      return backUp(loadConfiguration(), folder);
    }
    case 'copy': {
      const [from, to, another] = rest;
      if (from === undefined || to === undefined) throw new Misuse('copy needs two stores: from which, and to which.');
      if (another !== undefined) throw new Misuse(`copy takes two stores; ${another} is another one.`);
      return copyStore(from, to);
    }
    case 'copy-keys': {
      const [from, to, another] = rest;
      if (from === undefined || to === undefined)
        throw new Misuse('copy-keys needs two places: from which, and to which.');
      if (another !== undefined) throw new Misuse(`copy-keys takes two places; ${another} is another one.`);
      return copyKeyVault(from, to, loadConfiguration().masterKey);
    }
    case 'help':
    case '--help':
      process.stdout.write(USAGE);
      return 0;
    case undefined:
      throw new Misuse('A command is missing.');
    default:
      throw new Misuse(`There is no command ${command}.`);
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
    const name = argument.slice(2);
    const value = args[++index];
    if (!known.includes(name)) throw new Misuse(`There is no option ${argument}.`);
    if (value === undefined) throw new Misuse(`${argument} needs a value.`);
    if (options.has(name)) throw new Misuse(`${argument} is given twice.`);
    options.set(name, value);
  }
  return { positional, options };
}

try {
  process.exitCode = await run(process.argv.slice(2));
} catch (error) {
  if (error instanceof Misuse) {
    process.stderr.write(`${error.message}\n\n${USAGE}`);
    process.exitCode = 2;
  } else {
    const sentence = error instanceof Error ? error.message : String(error);
    process.stderr.write(`${error instanceof InvalidConfiguration ? 'Configuration: ' : ''}${sentence}\n`);
    process.exitCode = 1;
  }
}
