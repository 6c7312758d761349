import { createHash } from 'node:crypto';
import { decidePipeline } from '#domain/pipeline/pipeline.decide.js';
import { decideImport, type ImportCounts } from '#domain/import/import.js';
import type { CreatePipeline } from '#domain/pipeline/pipeline.commands.js';
import { canonicalJson } from '#event-store/canonical-json.js';
import type { JsonValue } from '#event-store/event.js';
import { IMPORT, PIPELINE } from '../aggregate.js';
import { derivedId } from '../command-id.js';
import { IdempotencyKeyReused } from '../errors.js';
import type { CommandExecutor } from '../execute.js';
import type { StreamPolicies } from '../policies.js';
import { Header } from './columns.js';
import { readCsv, UnreadableFile } from './csv-file.js';
import type { CsvRecord } from './csv-scanner.js';
import { ImportRequests, patiently } from './import-commands.js';
import { Lanes } from './lanes.js';
import { InvalidMapping } from './json-fields.js';
import type { ImportMapping } from './mapping.js';
import { findTarget } from './find-target.js';
import type { ImportTarget } from './pipeline-choice.js';
import { ImportRow, RowRefused } from './row.js';
import { identityOf, planRow, type PlannedRow } from './steps.js';
import { RowTaker, type Taken } from './take-row.js';
import { Tally } from './tally.js';

/** Rows in flight: enough for the store's group commit to fill, few enough to hold in memory. */
const IN_FLIGHT = 512;

/** The file, as it was before the import began. */
export interface ImportFile {
  readonly name: string;
  readonly bytes: number;
  /** Lower-case hex. */
  readonly sha256: string;
}

/** Why a row is not in. */
export interface RefusedRow {
  /** Line of the file where the row begins, from 1, the header included. */
  readonly line: number;
  readonly identity: string | null;
  /** Column; empty when it is the row as a whole. */
  readonly field: string;
  readonly reason: string;
}

export interface ImportResult {
  readonly counts: ImportCounts;
  /** Rows that are in and were in before this run. */
  readonly replayed: number;
  /** Rows of an event log that are left out, by activity. */
  readonly leftOut: ReadonlyMap<string, number>;
}

export interface ImportObserver {
  refused(row: RefusedRow): void;
  /** After each row that was read. `bytes` of the file are behind it. */
  progress(rows: number, bytes: number): void;
}

/** What an import works with. */
export interface ImportParts {
  readonly mapping: ImportMapping;
  readonly file: ImportFile;
  readonly commands: CommandExecutor;
  readonly policies: StreamPolicies;
  /** See ImportRequests. */
  readonly fingerprintKey: Buffer;
  readonly observer: ImportObserver;
  /** See `patiently`. */
  readonly pausesMs?: readonly number[];
}

/**
 * Takes a file in, through the same deciders as everybody's commands. Resumable and idempotent: ids and command ids
 * follow from the mapping's name and the row's identity, so that a second run answers what is in with a replay and goes
 * on. A bad row is reported and stops nothing; a row is in as a whole or not at all.
 */
export class ImportRun {
  readonly #requests: ImportRequests;
  readonly #tally = new Tally();

  constructor(private readonly parts: ImportParts) {
    this.#requests = new ImportRequests(parts.mapping.name, parts.fingerprintKey);
  }

  /**
   * @param source the bytes of the file
   * @throws InvalidMapping, UnreadableFile before anything is written
   * @throws StoreUnavailable, OutcomeUnknown what is in stays; another run goes on
   */
  async run(source: AsyncIterable<Uint8Array>): Promise<ImportResult> {
    const digest = createHash('sha256');
    const records = readCsv(digesting(source, digest), this.parts.mapping.delimiter);
    const header = headerOf(await records.next(), this.parts.mapping);
    const { target, creation } = await findTarget(this.parts.mapping, this.parts.policies);

    const importId = derivedId(
      'import',
      this.parts.mapping.name,
      'file',
      this.#mappingSha256(),
      this.parts.file.sha256,
    );
    await this.#start(importId);
    if (creation !== null) await this.#create(creation);
    await this.#takeRows(records, header, target);
    if (digest.digest('hex') !== this.parts.file.sha256) throw new UnreadableFile('was changed while it was imported');
    await this.#finish(importId);
    return { counts: this.#tally.counts(), replayed: this.#tally.replayed, leftOut: this.#tally.leftOut };
  }

  async #takeRows(records: AsyncIterable<CsvRecord>, header: Header, target: ImportTarget): Promise<void> {
    const taker = new RowTaker(this.parts.commands, this.parts.policies, target.pipelineId, this.#requests);
    const lanes = new Lanes(IN_FLIGHT);
    try {
      for await (const record of records) {
        this.#tally.row();
        this.parts.observer.progress(this.#tally.rows, record.end);
        const planned = this.#plan(record, header, target);
        if (planned === null) continue;
        const { row, identity } = planned;
        if (row.kind === 'left-out') this.#tally.leave(row.reason);
        else await lanes.add(row.id, () => this.#take(taker, record.line, identity, row));
      }
    } finally {
      // What is under way ends before the store is closed; what has failed says why.
      await lanes.done();
    }
  }

  #plan(record: CsvRecord, header: Header, target: ImportTarget): { row: PlannedRow; identity: string } | null {
    const { line } = record;
    let identity: string | null = null;
    try {
      if (record.fields === null) throw faultOf(record, header);
      const row = new ImportRow(header, record.fields, this.parts.mapping);
      identity = identityOf(this.parts.mapping, row, this.parts.file.sha256, line);
      return { row: planRow(this.parts.mapping, target, row, identity), identity };
    } catch (error) {
      this.#refuse(line, identity, error);
      return null;
    }
  }

  async #take(
    taker: RowTaker,
    line: number,
    identity: string,
    row: Exclude<PlannedRow, { kind: 'left-out' }>,
  ): Promise<void> {
    let taken: Taken;
    try {
      taken = await this.#patiently(() => taker.take(row, identity));
    } catch (error) {
      this.#refuse(line, identity, error);
      return;
    }
    this.#tally.take(taken);
  }

  /** Only what a row is to blame for is a refusal; anything else ends the import. */
  #refuse(line: number, identity: string | null, error: unknown): void {
    if (!(error instanceof RowRefused)) throw error;
    this.#tally.refuse();
    this.parts.observer.refused({ line, identity, field: error.field, reason: error.reason });
  }

  async #start(importId: string): Promise<void> {
    const { name: fileName, bytes, sha256 } = this.parts.file;
    const mapping = { name: this.parts.mapping.name, sha256: this.#mappingSha256() };
    // The same content under another file name is the same import.
    const request = this.#requests.request(`${importId} start`, { sha256, mapping });
    await this.#patiently(() =>
      this.parts.commands.execute(IMPORT, importId, request, (state, context) =>
        decideImport(state, { type: 'StartImport', import: { fileName, bytes, sha256, mapping } }, context),
      ),
    );
  }

  async #finish(importId: string): Promise<void> {
    const counts = this.#tally.counts();
    const request = this.#requests.request(`${importId} finish ${canonicalJson({ ...counts })}`, counts);
    await this.#patiently(() =>
      this.parts.commands.execute(IMPORT, importId, request, (state, context) =>
        decideImport(state, { type: 'FinishImport', counts }, context),
      ),
    );
  }

  /** The mapping's own pipeline. What has been changed on it since stays. */
  async #create(creation: CreatePipeline): Promise<void> {
    const request = this.#requests.request('pipeline', creation);
    try {
      await this.#patiently(() =>
        this.parts.commands.execute(PIPELINE, creation.id, request, (state, context) =>
          decidePipeline(state, creation, context),
        ),
      );
    } catch (error) {
      if (!(error instanceof IdempotencyKeyReused)) throw error;
      const name = JSON.stringify(this.parts.mapping.name);
      throw new InvalidMapping(
        `/pipeline is not what the import ${name} has created before: give its id, or the mapping another name`,
      );
    }
  }

  #patiently<T>(run: () => Promise<T>): Promise<T> {
    return patiently(run, this.parts.pausesMs);
  }

  #mappingSha256(): string {
    // A parsed mapping is plain JSON.
    return createHash('sha256')
      .update(canonicalJson(this.parts.mapping as unknown as JsonValue))
      .digest('hex');
  }
}

function headerOf(first: IteratorResult<CsvRecord, void>, mapping: ImportMapping): Header {
  if (first.done === true) throw new UnreadableFile('is empty: it has no header row');
  const record = first.value;
  if (record.fields !== null) return new Header(record.fields, mapping);
  const field = record.place === null ? '' : `, field ${record.place + 1}`;
  throw new UnreadableFile(`has no header row that can be read: line ${record.line}${field} ${record.fault}`);
}

function faultOf(record: CsvRecord & { fields: null }, header: Header): RowRefused {
  const field = record.place === null ? '' : (header.names[record.place] ?? '');
  const lines = record.line === record.lastLine ? '' : ` (lines ${record.line} to ${record.lastLine} are not taken)`;
  return new RowRefused(field, record.fault + lines);
}

async function* digesting(
  source: AsyncIterable<Uint8Array>,
  digest: { update(chunk: Uint8Array): unknown },
): AsyncGenerator<Uint8Array, void, void> {
  for await (const chunk of source) {
    digest.update(chunk);
    yield chunk;
  }
}
