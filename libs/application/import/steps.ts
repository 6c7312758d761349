import type { EpochMs } from '#domain/shared/decision.js';
import type { Money } from '#domain/shared/money.js';
import { derivedId } from '../command-id.js';
import type { EventLogMapping, ImportMapping, OpportunitiesMapping } from './mapping.js';
import type { ImportTarget } from './pipeline-choice.js';
import { RowRefused, shown, type ImportRow } from './row.js';

/** What a deal or lead of the file is, beside its place in the pipeline. */
export interface ImportedSubject {
  readonly title: string;
  readonly source: string;
  readonly labels: readonly string[];
  /** Null: the import itself. */
  readonly ownerId: string | null;
  readonly organization: { readonly id: string; readonly name: string } | null;
}

/** Something that happened to a deal. `field`: the column that is to blame when it is refused. */
export type DealStep = { readonly at: EpochMs; readonly field: string } & (
  | { readonly kind: 'open'; readonly stageId: string; readonly value: Money | null }
  | { readonly kind: 'move'; readonly stageId: string }
  | { readonly kind: 'value'; readonly value: Money }
  | { readonly kind: 'win' }
  | { readonly kind: 'lose'; readonly reason: string }
);

/** What a row comes to. `id` is that of the deal or lead; rows with the same id are taken one after another. */
export type PlannedRow =
  | {
      readonly kind: 'deal';
      readonly id: string;
      readonly subject: ImportedSubject;
      readonly steps: readonly DealStep[];
    }
  | { readonly kind: 'lead'; readonly id: string; readonly subject: ImportedSubject; readonly value: Money | null }
  /** The first event of a case opens its deal, a later one moves it. */
  | {
      readonly kind: 'event';
      readonly id: string;
      readonly subject: ImportedSubject;
      readonly stageId: string;
      readonly at: EpochMs;
      readonly field: string;
    }
  | { readonly kind: 'left-out'; readonly reason: string };

/**
 * What makes the row the same one in every run: the columns that the mapping names, else the file and the line.
 * @throws RowRefused
 */
export function identityOf(mapping: ImportMapping, row: ImportRow, fileSha256: string, line: number): string {
  if (mapping.kind === 'opportunities') {
    return mapping.identity === null ? `${fileSha256}:${line}` : row.required(mapping.identity);
  }
  if (mapping.sequence === null) return `${fileSha256}:${line}`;
  return JSON.stringify([row.required(mapping.case), row.required(mapping.sequence)]);
}

/**
 * Reads a row whole before anything is done with it: a row that cannot be understood is refused and leaves nothing.
 * @throws RowRefused
 */
export function planRow(mapping: ImportMapping, target: ImportTarget, row: ImportRow, identity: string): PlannedRow {
  return mapping.kind === 'opportunities'
    ? planOpportunity(mapping, target, row, identity)
    : planLogEvent(mapping, target, row);
}

function planOpportunity(
  mapping: OpportunitiesMapping,
  target: ImportTarget,
  row: ImportRow,
  identity: string,
): PlannedRow {
  const { column, values } = mapping.stage;
  const stageText = row.required(column);
  const meaning = Object.hasOwn(values, stageText) ? values[stageText] : undefined;
  if (meaning === undefined) throw new RowRefused(column, `${shown(stageText)} is not in the mapping`);
  const openedAt = row.instant(mapping.openedAt);
  const closedAt = mapping.closedAt === null ? null : row.instant(mapping.closedAt);
  const value = mapping.value === null ? null : row.money(mapping.value);
  const subject = subjectOf(mapping, row);

  if (openedAt === null) {
    const { openedAt: field } = mapping;
    if (mapping.withoutDate === 'refuse') throw new RowRefused(field, 'is blank');
    if (meaning.outcome !== null) throw new RowRefused(field, 'is blank on a closed deal');
    if (subject.organization === null) throw new RowRefused(field, blankWithoutContact(mapping));
    return { kind: 'lead', id: derivedId('import', mapping.name, 'lead', identity), subject, value };
  }

  const open: DealStep = {
    kind: 'open',
    at: openedAt,
    field: mapping.openedAt,
    stageId: stageIdOf(target, meaning.stage),
    value: meaning.outcome === null ? value : null,
  };
  return {
    kind: 'deal',
    id: derivedId('import', mapping.name, 'deal', identity),
    subject,
    steps: [open, ...closing(mapping, meaning, openedAt, closedAt, value)],
  };
}

/** What a file says of a deal's value, it says of the day on which it closed. */
function closing(
  mapping: OpportunitiesMapping,
  { outcome, reason }: OpportunitiesMapping['stage']['values'][string],
  openedAt: EpochMs,
  closedAt: EpochMs | null,
  value: Money | null,
): DealStep[] {
  if (outcome === null) return [];
  const field = mapping.closedAt ?? '';
  if (closedAt === null) throw new RowRefused(field, 'is blank on a closed deal');
  if (closedAt < openedAt) throw new RowRefused(field, `is before ${mapping.openedAt}`);
  const valued: DealStep[] = value === null ? [] : [{ kind: 'value', at: closedAt, field, value }];
  const closed: DealStep =
    outcome === 'won'
      ? { kind: 'win', at: closedAt, field }
      : { kind: 'lose', at: closedAt, field, reason: reason ?? '' };
  return [...valued, closed];
}

function blankWithoutContact({ organization }: OpportunitiesMapping): string {
  const missing = organization === null ? 'the mapping names no organization' : `${organization} is blank, too`;
  return `is blank, so the row is no deal; nor is it a lead, which needs a contact: ${missing}`;
}

function planLogEvent(mapping: EventLogMapping, target: ImportTarget, row: ImportRow): PlannedRow {
  const activity = row.required(mapping.activity);
  const stage = Object.hasOwn(mapping.stages, activity) ? mapping.stages[activity] : undefined;
  if (stage === undefined) return { kind: 'left-out', reason: activity };
  const caseId = row.required(mapping.case);
  const at = row.instant(mapping.at);
  if (at === null) throw new RowRefused(mapping.at, 'is blank');
  return {
    kind: 'event',
    id: derivedId('import', mapping.name, 'deal', caseId),
    subject: subjectOf(mapping, row),
    stageId: stageIdOf(target, stage),
    at,
    field: mapping.at,
  };
}

function subjectOf(mapping: ImportMapping, row: ImportRow): ImportedSubject {
  const organization = mapping.organization === null ? null : row.text(mapping.organization, 255);
  return {
    title: row.fill(mapping.title),
    source: mapping.source,
    labels: row.labels(mapping.labels),
    ownerId: mapping.owner === null ? null : row.text(mapping.owner, 255),
    organization:
      organization === null ? null : { id: organizationIdOf(mapping.name, organization), name: organization },
  };
}

/** The same organisation, however its name is written in capitals, spaces and combined characters. */
function organizationIdOf(mappingName: string, name: string): string {
  const same = name.normalize('NFKC').toLowerCase().replaceAll(/\s+/gu, ' ');
  return derivedId('import', mappingName, 'organization', same);
}

/** The start of the import has looked up every stage that the mapping names. */
function stageIdOf(target: ImportTarget, name: string): string {
  const id = target.stageIds.get(name);
  if (id === undefined) throw new Error(`the pipeline has no stage ${name}`);
  return id;
}
