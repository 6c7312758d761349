import type { CommandBus } from '@nestjs/cqrs';
import { createHash } from 'node:crypto';
import { canonicalJson } from '#event-store/envelope.js';
import type { JsonValue } from '#event-store/event.js';
import { decideContact } from '#domain/contact/contact.decide.js';
import { ORGANIZATION } from '../aggregate.js';
import { derivedId } from '../command-id.js';
import type { CommandAnswer } from '../commands/command.js';
import { ChangeDealValueBody, LoseDealBody, MoveDealStageBody, OpenDealBody, WinDealBody } from '../commands/deal.bodies.js';
import {
  ChangeDealValueCommand,
  LoseDealCommand,
  MoveDealStageCommand,
  OpenDealCommand,
  WinDealCommand,
} from '../commands/deal.handlers.js';
import { CaptureLeadBody } from '../commands/lead.bodies.js';
import { CaptureLeadCommand } from '../commands/lead.handlers.js';
import { CreatePipelineBody } from '../commands/pipeline.bodies.js';
import { CreatePipelineCommand } from '../commands/pipeline.handlers.js';
import { CommandRejected, IdempotencyKeyReused, InvalidInput } from '../errors.js';
import type { CommandExecutor } from '../execute.js';
import type { CommandRequest } from '../request.js';
import { parseInstant } from '#domain/shared/instant.js';
import { InvalidBody, validateBody } from '../validation/validate.js';
import { Lanes } from './lanes.js';
import type { ImportMapping } from './mapping.js';
import { ImportRow, RowRefused } from './row.js';
import { pipelineIdOf, planRow, stageIdOf, type ImportStep, type PlannedRow } from './steps.js';

/** Rows in flight: enough for the store's group commit to fill, few enough to hold in memory. */
const IN_FLIGHT = 128;
const OVERRIDE = { reason: 'imported history' };

/** Why a row is not in; `line` counts from 1, the header included. */
export interface RefusedRow {
  readonly line: number;
  readonly identity: string | null;
  readonly field: string;
  readonly reason: string;
}

export interface ImportResult {
  readonly rows: number;
  /** Rows that are in as deals, now or from an earlier run. */
  readonly deals: number;
  readonly leads: number;
  /** Rows of an event log that are in. */
  readonly events: number;
  /** Rows that an earlier run had taken in. */
  readonly replayed: number;
  /** Events of a log that repeat the stage that the case is in. */
  readonly dropped: number;
  /** Rows that the mapping leaves out, by reason. */
  readonly ignored: Readonly<Record<string, number>>;
  readonly refused: number;
}

/** Records of a CSV file with the line that each begins at. */
export type CsvRecords = AsyncIterable<{ readonly line: number; readonly columns: Readonly<Record<string, string>> }>;

/**
 * Takes a file in, through the same commands as everybody's. Resumable and idempotent: ids and command ids follow from
 * the mapping's name and the row's identity, so that a second run answers what is in with a replay and goes on. A bad
 * row is reported and stops nothing.
 */
export class ImportRun {
  readonly #counts = { rows: 0, deals: 0, leads: 0, events: 0, replayed: 0, dropped: 0, refused: 0 };
  readonly #ignored: Record<string, number> = {};
  /** Event logs: the stage that each case has reached in this file. */
  readonly #stages = new Map<string, string>();

  constructor(
    private readonly mapping: ImportMapping,
    private readonly bus: CommandBus,
    private readonly commands: CommandExecutor,
    private readonly onRefused: (row: RefusedRow) => void,
    private readonly onProgress: (rows: number) => void,
  ) {}

  async run(records: CsvRecords): Promise<ImportResult> {
    await this.#createPipeline();
    const lanes = new Lanes(IN_FLIGHT);
    for await (const { line, columns } of records) {
      this.#counts.rows += 1;
      this.onProgress(this.#counts.rows);
      let planned: PlannedRow;
      try {
        planned = planRow(this.mapping, new ImportRow(line, columns, this.mapping.replace));
      } catch (error) {
        if (!(error instanceof RowRefused)) throw error;
        this.#refuse({ line, identity: null, field: error.field, reason: error.reason });
        continue;
      }
      if (planned.kind === 'ignored') {
        this.#ignored[planned.reason] = (this.#ignored[planned.reason] ?? 0) + 1;
        continue;
      }
      const row = planned;
      await lanes.add(row.lane, () => this.#take(line, row));
    }
    await lanes.done();
    return { ...this.#counts, ignored: this.#ignored };
  }

  async #createPipeline(): Promise<void> {
    const { pipeline, name } = this.mapping;
    const id = pipelineIdOf(this.mapping);
    const stages = pipeline.stages.map((stage) => ({ ...stage, id: stageIdOf(this.mapping, stage.name) }));
    const body = validateBody(CreatePipelineBody, { id, name: pipeline.name, stages });
    await this.bus.execute(new CreatePipelineCommand(id, body, this.#request(name, 'pipeline', { id, stages })));
  }

  async #take(line: number, row: PlannedRow & { kind: 'steps' }): Promise<void> {
    try {
      if (row.as === 'event') return await this.#takeEvent(row);
      let replayed = true;
      for (const step of row.steps) replayed = (await this.#execute(row.identity, step)) && replayed;
      this.#counts[row.as === 'lead' ? 'leads' : 'deals'] += 1;
      if (replayed) this.#counts.replayed += 1;
    } catch (error) {
      this.#refuse({ line, identity: row.identity, ...reasonOf(error) });
    }
  }

  /** The first event of a case opens its deal; a later one moves it, or is dropped when it repeats the stage. */
  async #takeEvent(row: PlannedRow & { kind: 'steps' }): Promise<void> {
    const [open, move] = row.steps;
    if (open?.kind !== 'open-deal' || move?.kind !== 'enter-stage') throw new Error('an event of a log opens or moves');
    const stage = this.#stages.get(row.lane);
    const { toStageId } = move.body;
    if (stage === toStageId) {
      this.#counts.dropped += 1;
      return;
    }
    let replayed: boolean;
    try {
      replayed = await this.#execute(row.identity, stage === undefined ? open : move);
    } catch (error) {
      // The case began in an earlier file: this is not its first event.
      if (stage !== undefined || !isRejected(error, 'id-already-used')) throw error;
      try {
        replayed = await this.#execute(row.identity, move);
      } catch (repeated) {
        if (!isRejected(repeated, 'same-stage')) throw repeated;
        this.#stages.set(row.lane, toStageId);
        this.#counts.dropped += 1;
        return;
      }
    }
    this.#stages.set(row.lane, toStageId);
    this.#counts.events += 1;
    if (replayed) this.#counts.replayed += 1;
  }

  /** @returns whether an earlier run had done it */
  async #execute(identity: string, step: ImportStep): Promise<boolean> {
    if (step.kind === 'register-organization') return this.#register(step.id, step.name);
    const { id } = step;
    const request = this.#request(identity, step.key, step.body);
    const answer = await this.#dispatch(step, id, request);
    return answer.replayed;
  }

  #dispatch(step: Exclude<ImportStep, { kind: 'register-organization' }>, id: string, request: CommandRequest): Promise<CommandAnswer> {
    switch (step.kind) {
      case 'capture-lead':
        return this.bus.execute(new CaptureLeadCommand(id, validateBody(CaptureLeadBody, step.body), request));
      case 'open-deal':
        return this.bus.execute(new OpenDealCommand(id, validateBody(OpenDealBody, step.body), request));
      case 'enter-stage': {
        const body = validateBody(MoveDealStageBody, { ...step.body, override: OVERRIDE });
        return this.bus.execute(new MoveDealStageCommand(id, body, request));
      }
      case 'change-value':
        return this.bus.execute(new ChangeDealValueCommand(id, validateBody(ChangeDealValueBody, step.body), request));
      case 'win-deal': {
        const body = validateBody(WinDealBody, { ...step.body, override: OVERRIDE });
        return this.bus.execute(new WinDealCommand(id, body, request));
      }
      case 'lose-deal':
        return this.bus.execute(new LoseDealCommand(id, validateBody(LoseDealBody, step.body), request));
    }
  }

  async #register(id: string, name: string): Promise<boolean> {
    // The command is the organisation's, not the row's: many rows name it, the first one registers it.
    const request = this.#request(id, 'organization', { name });
    const outcome = await this.commands.execute(ORGANIZATION, id, request, (state, context) =>
      decideContact(state, { type: 'RegisterOrganization', name }, context),
    );
    return outcome.events.length === 0 || outcome.replayed;
  }

  #request(identity: string, step: string, content: object): CommandRequest {
    const occurredAt = 'occurredAt' in content ? parseInstant(String(content.occurredAt)) : null;
    return {
      caller: { actor: { id: this.mapping.name, kind: 'import' }, mayOverride: true },
      commandId: derivedId('import', this.mapping.name, 'row', identity, step),
      keyed: true,
      fingerprint: createHash('sha256').update(canonicalJson(content as JsonValue)).digest('hex'),
      correlationId: derivedId('import', this.mapping.name, 'row', identity),
      ...(occurredAt === null ? {} : { occurredAt }),
    };
  }

  #refuse(row: RefusedRow): void {
    this.#counts.refused += 1;
    this.onRefused(row);
  }
}

function isRejected(error: unknown, code: string): boolean {
  return error instanceof CommandRejected && error.rejection.code === code;
}

/** The field and the reason of a refusal; anything else stops the import: the store is not to blame the row for. */
function reasonOf(error: unknown): { field: string; reason: string } {
  if (error instanceof CommandRejected) return { field: '', reason: `${error.rejection.code}: ${error.rejection.detail}` };
  if (error instanceof IdempotencyKeyReused) return { field: '', reason: 'was imported before with other content' };
  if (error instanceof InvalidBody) {
    const [fault] = error.faults;
    return { field: fault?.path ?? '', reason: fault?.message ?? error.message };
  }
  if (error instanceof InvalidInput) return { field: error.path, reason: error.message };
  throw error;
}
