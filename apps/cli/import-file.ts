import { createReadStream, createWriteStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { finished } from 'node:stream/promises';
import { NestFactory } from '@nestjs/core';
import { CommandBus } from '@nestjs/cqrs';
import { parse } from 'csv-parse';
import { CommandExecutor } from '#application/execute.js';
import { parseMapping } from '#application/import/mapping.js';
import { ImportRun, type CsvRecords, type ImportResult } from '#application/import/run-import.js';
import { StreamPolicies } from '#application/policies.js';
import { Streams } from '#application/streams.js';
import { SqliteEventStore } from '#event-store/adapters/sqlite/sqlite-event-store.js';
import type { Configuration } from '#platform/configuration.js';
import { CommandsModule } from '../api/app.module.js';
import { dataFiles } from '../api/embedded-stores.js';

const PROGRESS_EVERY_MS = 1_000;

/**
 * Imports a CSV file into the data folder. Refused rows go to `reportPath` as JSON lines, or to standard error.
 * @returns the exit code: 0 also when rows were refused, since they are reported and all others are in
 */
export async function importFile(
  configuration: Configuration,
  path: string,
  mappingPath: string,
  reportPath: string | null,
): Promise<number> {
  const mapping = parseMapping(JSON.parse(await readFile(mappingPath, 'utf8')));
  const { size } = await stat(path);
  const events = await SqliteEventStore.open(dataFiles(configuration.dataDir).events);
  const streams = new Streams(events);
  const executor = new CommandExecutor(streams);
  const app = await NestFactory.createApplicationContext(CommandsModule.with(executor, new StreamPolicies(streams)), {
    logger: false,
    abortOnError: false,
  });
  const report = reportPath === null ? null : createWriteStream(reportPath);
  const file = createReadStream(path);
  let shown = Date.now();
  const startedAt = shown;
  try {
    const run = new ImportRun(
      mapping,
      app.get(CommandBus),
      executor,
      (row) => {
        if (report !== null) report.write(`${JSON.stringify(row)}\n`);
        else process.stderr.write(`refused: line ${row.line}, ${row.field || 'row'}: ${row.reason}\n`);
      },
      (rows) => {
        if (Date.now() - shown < PROGRESS_EVERY_MS) return;
        shown = Date.now();
        const share = size === 0 ? 100 : Math.floor((file.bytesRead / size) * 100);
        process.stderr.write(`${share} % of the file, ${rows} rows\n`);
      },
    );
    const result = await run.run(csvRecords(file));
    process.stdout.write(summary(result, reportPath, Date.now() - startedAt));
    return 0;
  } finally {
    file.destroy();
    if (report !== null) {
      report.end();
      await finished(report);
    }
    await app.close();
    await events.close();
  }
}

/** Streams the records of a CSV file (RFC 4180, UTF-8, a header row); a record may span lines. */
async function* csvRecords(file: NodeJS.ReadableStream): CsvRecords {
  const parser = file.pipe(
    parse({ bom: true, columns: true, info: true, relax_column_count: true, skip_empty_lines: true }),
  );
  file.on('error', (error) => parser.destroy(error));
  let nextLine = 2;
  for await (const item of parser as AsyncIterable<{ record: Record<string, string>; info: { lines: number } }>) {
    yield { line: nextLine, columns: item.record };
    nextLine = item.info.lines + 1;
  }
}

function summary(result: ImportResult, reportPath: string | null, ms: number): string {
  const lines = [
    `${result.rows} rows read in ${(ms / 1_000).toFixed(1)} s`,
    ...(result.deals > 0 ? [`${result.deals} are in as deals`] : []),
    ...(result.leads > 0 ? [`${result.leads} are in as leads: they have no opening date, so they are in no cohort`] : []),
    ...(result.events > 0 ? [`${result.events} are in as events of their cases`] : []),
    ...(result.replayed > 0 ? [`${result.replayed} of them were in already`] : []),
    ...(result.dropped > 0 ? [`${result.dropped} dropped: they repeat the stage that the case is in`] : []),
    ...Object.entries(result.ignored).map(([reason, count]) => `${count} left out: ${reason}`),
    `${result.refused} refused${result.refused > 0 && reportPath !== null ? `: see ${reportPath}` : ''}`,
  ];
  return `${lines.join('\n')}\n`;
}
