import { CommandExecutor } from '#application/execute.js';
import { UnreadableFile } from '#application/import/csv-file.js';
import { InvalidMapping } from '#application/import/json-fields.js';
import { parseMapping, type ImportMapping } from '#application/import/mapping.js';
import { ImportRun, type ImportFile, type ImportObserver } from '#application/import/run-import.js';
import { SealedTexts } from '#application/personal/personal-texts.js';
import { StreamPolicies } from '#application/policies.js';
import { Streams } from '#application/streams.js';
import type { Configuration } from '#platform/configuration.js';
import { keyFor, masterKey } from '#platform/master-key.js';
import { enginesOf } from '../stores/engines.js';
import { openEvents } from '../stores/open-events.js';
import { openKeys } from '../stores/open-keys.js';
import { importSummary } from './import-summary.js';
import { inspectFile, readBytes, readJson, UnusableFile } from './input-file.js';
import { reportTo } from './refused-rows.js';

const PROGRESS_EVERY_MS = 1_000;

/**
 * Imports a CSV file into the event store. Refused rows go to `reportPath` as JSON lines, or to standard error.
 * @returns the exit code: 0 also when rows were refused, since they are reported and all others are in
 * @throws UnusableFile a file that was named cannot be used; the message says which, and why
 */
export async function importFile(
  configuration: Configuration,
  path: string,
  mappingPath: string,
  reportPath: string | null,
): Promise<number> {
  const mapping = await readMapping(mappingPath);
  const file = await inspectFile(path);
  const refused = reportTo(reportPath);
  const progress = new Progress(file.bytes);
  try {
    const result = await runImport(configuration, mapping, path, file, {
      refused: (row) => refused.add(row),
      progress: (rows, bytes) => progress.at(rows, bytes),
    });
    progress.end(result.counts.rows);
    process.stdout.write(importSummary(result, mapping, reportPath, progress.seconds));
    return 0;
  } catch (error) {
    if (error instanceof UnreadableFile) throw new UnusableFile(`${path} ${error.message}`, { cause: error });
    if (error instanceof InvalidMapping) throw wrongMapping(mappingPath, error);
    if (!(error instanceof UnusableFile))
      process.stderr.write('The import stopped. Run it again to go on: what is in stays.\n');
    throw error;
  } finally {
    refused.close();
  }
}

async function runImport(
  configuration: Configuration,
  mapping: ImportMapping,
  path: string,
  file: ImportFile,
  observer: ImportObserver,
) {
  const engines = enginesOf(configuration);
  const folder = engines.files?.folder ?? null;
  const master = masterKey(folder, configuration.masterKey, (message) => process.stderr.write(`${message}\n`));
  const events = await openEvents(engines);
  try {
    const keys = await openKeys(engines, master, events);
    try {
      const streams = new Streams(events, new SealedTexts(keys.ring));
      const [commands, policies] = [new CommandExecutor(streams), new StreamPolicies(streams)];
      const fingerprintKey = keyFor(master, 'request-fingerprint');
      const run = new ImportRun({ mapping, file, commands, policies, fingerprintKey, observer });
      return await run.run(readBytes(path));
    } finally {
      await keys.vault.close();
    }
  } finally {
    await events.close();
  }
}

async function readMapping(path: string): Promise<ImportMapping> {
  const json = await readJson(path);
  try {
    return parseMapping(json);
  } catch (error) {
    throw error instanceof InvalidMapping ? wrongMapping(path, error) : error;
  }
}

function wrongMapping(path: string, error: InvalidMapping): UnusableFile {
  return new UnusableFile(`${path} is wrong: ${error.message}`, { cause: error });
}

/** How far an import is, on standard error. */
class Progress {
  readonly #startedAt = performance.now();
  #shownAt = this.#startedAt;

  constructor(private readonly bytes: number) {}

  get seconds(): number {
    return (performance.now() - this.#startedAt) / 1_000;
  }

  at(rows: number, bytes: number): void {
    if (performance.now() - this.#shownAt < PROGRESS_EVERY_MS) return;
    this.#shownAt = performance.now();
    // The size is that of the file as it was looked at; it may be written to meanwhile.
    const share = Math.min(99, Math.floor((bytes / this.bytes) * 100));
    process.stderr.write(`${share} % of the file, ${rows} rows\n`);
  }

  end(rows: number): void {
    process.stderr.write(`100 % of the file, ${rows} rows\n`);
  }
}
