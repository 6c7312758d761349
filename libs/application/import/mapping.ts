import { minorDigits } from '#domain/shared/money.js';
import { JsonFields } from './json-fields.js';
import { readPipelineChoice, type PipelineChoice } from './pipeline-choice.js';

/** How the columns of a CSV file become commands. A mapping is a JSON document: docs/import/README.md. */
export type ImportMapping = OpportunitiesMapping | EventLogMapping;

interface CommonMapping {
  /** Part of every id that is derived from a row: the same name and row mean the same command. */
  readonly name: string;
  readonly pipeline: PipelineChoice;
  /** IANA zone of dates, and of times without offset. */
  readonly zone: string;
  /** Currency of amounts; ISO 4217. */
  readonly currency: string;
  /** What is between the fields of the file. */
  readonly delimiter: string;
  /** Where a deal comes from, for every row. */
  readonly source: string;
  /** Title with `{column}` places. */
  readonly title: string;
  readonly owner: string | null;
  readonly organization: string | null;
  /** Columns whose texts are labels. */
  readonly labels: readonly string[];
  /** Column -> text in the file -> text that is meant: repairs spelling before anything else is read. */
  readonly replace: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** What a text in the stage column means. An outcome closes the deal from that stage. */
export interface StageMeaning {
  readonly stage: string;
  readonly outcome: 'won' | 'lost' | null;
  /** Why it was lost: one of the organisation's reasons. Null unless it was. */
  readonly reason: string | null;
}

/** One row is one deal, with the date it was opened and, if it is closed, the date, value and outcome. */
export interface OpportunitiesMapping extends CommonMapping {
  readonly kind: 'opportunities';
  /** Column that identifies the row; null: it is known by the file and its line. */
  readonly identity: string | null;
  readonly openedAt: string;
  readonly closedAt: string | null;
  readonly value: string | null;
  readonly stage: { readonly column: string; readonly values: Readonly<Record<string, StageMeaning>> };
  /** A row without an opening date has no place in any cohort: it is taken as a lead, or refused. */
  readonly withoutDate: 'lead' | 'refuse';
}

/** One row is one event of a case: the stage that the case is in from then on. Rows of a case are in order. */
export interface EventLogMapping extends CommonMapping {
  readonly kind: 'event-log';
  /** Column that names the case: each case is one deal. */
  readonly case: string;
  /** Column that, with the case, identifies the row; null: it is known by the file and its line. */
  readonly sequence: string | null;
  readonly activity: string;
  readonly at: string;
  /** The stage of an activity, by the stage's name; an activity that is not listed is no stage. */
  readonly stages: Readonly<Record<string, string>>;
}

/**
 * Reads a mapping, whole: what can be wrong with it is said before a row is read.
 * @throws InvalidMapping
 */
export function parseMapping(value: unknown): ImportMapping {
  const at = new JsonFields(value, '');
  const kind = at.oneOf('kind', ['opportunities', 'event-log']);
  const common = readCommon(at);
  const mapping = kind === 'opportunities' ? readOpportunities(at, common) : readEventLog(at, common);
  at.end();
  return mapping;
}

function readCommon(at: JsonFields): CommonMapping {
  const common: CommonMapping = {
    name: at.text('name', 64),
    pipeline: readPipelineChoice(at.object('pipeline')),
    zone: at.text('zone'),
    currency: at.text('currency'),
    delimiter: at.has('delimiter') ? at.oneOf('delimiter', [',', ';', '\t', '|']) : ',',
    source: at.text('source', 64),
    title: at.text('title'),
    owner: at.optionalText('owner'),
    organization: at.optionalText('organization'),
    labels: at.texts('labels'),
    replace: at.has('replace') ? readTables(at.object('replace')) : {},
  };
  if (/\p{Cc}/u.test(common.name)) at.fail('name', 'must not contain control characters');
  if (!isZone(common.zone)) at.fail('zone', 'must be an IANA time zone like Europe/Berlin');
  if (minorDigits(common.currency) === null) at.fail('currency', 'must be a code of ISO 4217');
  if (common.labels.length > 100) at.fail('labels', 'must hold at most 100');
  return common;
}

function readOpportunities(at: JsonFields, common: CommonMapping): OpportunitiesMapping {
  const stage = at.object('stage');
  const column = stage.text('column');
  const texts = stage.object('values');
  const values = texts.names().map((text) => {
    const fields = texts.object(text);
    const outcome = fields.has('outcome') ? fields.oneOf('outcome', ['won', 'lost']) : null;
    const meaning: StageMeaning = {
      stage: stageName(fields, 'stage', common),
      outcome,
      reason: outcome === 'lost' ? fields.text('reason', 64) : null,
    };
    fields.end();
    return [text, meaning] as const;
  });
  stage.end();
  const mapping: OpportunitiesMapping = {
    ...common,
    kind: 'opportunities',
    identity: at.optionalText('identity'),
    openedAt: at.text('openedAt'),
    closedAt: at.optionalText('closedAt'),
    value: at.optionalText('value'),
    stage: { column, values: Object.fromEntries(values) },
    withoutDate: at.oneOf('withoutDate', ['lead', 'refuse']),
  };
  const closing = values.find(([, { outcome }]) => outcome !== null);
  if (mapping.closedAt === null && closing !== undefined) {
    at.fail('closedAt', `must be given, as ${JSON.stringify(closing[0])} closes deals`);
  }
  return mapping;
}

function readEventLog(at: JsonFields, common: CommonMapping): EventLogMapping {
  const stages = at.object('stages');
  return {
    ...common,
    kind: 'event-log',
    case: at.text('case'),
    sequence: at.optionalText('sequence'),
    activity: at.text('activity'),
    at: at.text('at'),
    stages: Object.fromEntries(stages.names().map((activity) => [activity, stageName(stages, activity, common)])),
  };
}

/** The stages of a pipeline that is there already are known only when the import starts. */
function stageName(fields: JsonFields, name: string, { pipeline }: CommonMapping): string {
  if (pipeline.kind === 'existing') return fields.text(name);
  return fields.oneOf(
    name,
    pipeline.stages.filter((stage) => stage.kind === 'open').map((stage) => stage.name),
  );
}

function readTables(columns: JsonFields): Record<string, Record<string, string>> {
  return Object.fromEntries(
    columns.names().map((column) => {
      const texts = columns.object(column);
      return [column, Object.fromEntries(texts.names().map((text) => [text, texts.text(text)]))];
    }),
  );
}

function isZone(zone: string): boolean {
  try {
    // Offsets are zones to some engines, but have no rules for the summer.
    return /^[A-Za-z]/u.test(zone) && new Intl.DateTimeFormat('en', { timeZone: zone }) instanceof Intl.DateTimeFormat;
  } catch {
    return false;
  }
}
