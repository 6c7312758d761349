import { derivedId } from '../command-id.js';
import type { EventLogMapping, ImportMapping, OpportunitiesMapping } from './mapping.js';
import { RowRefused, type ImportRow } from './row.js';

/** A command that a row stands for. `key`: what it is called within its row, so that a second run is a replay. */
export type ImportStep = { readonly key: string; readonly id: string } & (
  | { readonly kind: 'register-organization'; readonly name: string }
  | { readonly kind: 'capture-lead'; readonly body: object }
  | { readonly kind: 'open-deal'; readonly body: object }
  | { readonly kind: 'enter-stage'; readonly body: { readonly toStageId: string; readonly occurredAt: string } }
  | { readonly kind: 'change-value'; readonly body: object }
  | { readonly kind: 'win-deal'; readonly body: object }
  | { readonly kind: 'lose-deal'; readonly body: object }
);

/** What a row comes to. Rows with the same `lane` belong together and are taken one after another. */
export type PlannedRow =
  | { readonly kind: 'steps'; readonly identity: string; readonly lane: string; readonly steps: readonly ImportStep[]; readonly as: 'lead' | 'deal' | 'event' }
  | { readonly kind: 'ignored'; readonly reason: string };

export function pipelineIdOf(mapping: ImportMapping): string {
  return derivedId('import', mapping.name, 'pipeline');
}

/** As the stages are created: by their place. */
export function stageIdOf(mapping: ImportMapping, name: string): string {
  const index = mapping.pipeline.stages.findIndex((stage) => stage.name === name);
  return derivedId('import', mapping.name, 'stage', String(index));
}

/**
 * Reads a row whole before anything is done with it: a row that cannot be understood is refused and leaves nothing.
 * @param opened whether the lane's deal is there already (event logs only)
 * @throws RowRefused
 */
export function planRow(mapping: ImportMapping, row: ImportRow): PlannedRow {
  return mapping.kind === 'opportunities' ? planOpportunity(mapping, row) : planLogEvent(mapping, row);
}

function planOpportunity(mapping: OpportunitiesMapping, row: ImportRow): PlannedRow {
  const identity = row.required(mapping.identity);
  const stageText = row.required(mapping.stage.column);
  const meaning = Object.hasOwn(mapping.stage.values, stageText) ? mapping.stage.values[stageText] : undefined;
  if (meaning === undefined) throw new RowRefused(mapping.stage.column, `${JSON.stringify(stageText)} is not mapped`);
  const openedAt = row.instant(mapping.openedAt, mapping.zone);
  const closedAt = row.instant(mapping.closedAt, mapping.zone);
  const value = row.money(mapping.value, mapping.currency);
  const organization = mapping.organization === null ? null : row.text(mapping.organization);
  const organizationId =
    organization === null ? null : derivedId('import', mapping.name, 'organization', organization.toLowerCase());
  const common = {
    title: row.fill(mapping.title),
    source: mapping.source,
    labels: [...new Set(mapping.labels.flatMap((column) => row.text(column) ?? []))],
    ...(mapping.owner === null ? {} : { ownerId: row.required(mapping.owner) }),
  };
  const register: ImportStep[] =
    organization === null || organizationId === null
      ? []
      : [{ kind: 'register-organization', key: 'organization', id: organizationId, name: organization }];

  if (openedAt === null) {
    if (mapping.withoutDate === 'refuse') throw new RowRefused(mapping.openedAt, 'is blank');
    if (meaning.outcome !== undefined) throw new RowRefused(mapping.openedAt, 'is blank on a closed deal');
    if (organizationId === null) {
      throw new RowRefused(mapping.openedAt, 'is blank, and without a contact it cannot be taken as a lead');
    }
    const lead: ImportStep = {
      kind: 'capture-lead',
      key: 'lead',
      id: derivedId('import', mapping.name, 'lead', identity),
      body: { ...common, organization: { id: organizationId } },
    };
    return { kind: 'steps', identity, lane: identity, steps: [...register, lead], as: 'lead' };
  }

  const id = derivedId('import', mapping.name, 'deal', identity);
  const steps: ImportStep[] = [
    ...register,
    {
      kind: 'open-deal',
      key: 'open',
      id,
      body: {
        ...common,
        pipelineId: pipelineIdOf(mapping),
        stageId: stageIdOf(mapping, meaning.stage),
        ...(organizationId === null ? {} : { organizationId }),
        ...(meaning.outcome === undefined && value !== null ? { value } : {}),
        occurredAt: openedAt,
      },
    },
  ];
  if (meaning.outcome !== undefined) {
    if (closedAt === null) throw new RowRefused(mapping.closedAt, 'is blank on a closed deal');
    if (closedAt < openedAt) throw new RowRefused(mapping.closedAt, `is before ${mapping.openedAt}`);
    if (meaning.outcome === 'won') {
      if (value !== null) steps.push({ kind: 'change-value', key: 'value', id, body: { value, occurredAt: closedAt } });
      steps.push({ kind: 'win-deal', key: 'close', id, body: { occurredAt: closedAt } });
    } else {
      steps.push({ kind: 'lose-deal', key: 'close', id, body: { reason: meaning.reason, occurredAt: closedAt } });
    }
  }
  return { kind: 'steps', identity, lane: identity, steps, as: 'deal' };
}

function planLogEvent(mapping: EventLogMapping, row: ImportRow): PlannedRow {
  const activity = row.required(mapping.activity);
  const stage = Object.hasOwn(mapping.stages, activity) ? mapping.stages[activity] : undefined;
  if (stage === undefined) return { kind: 'ignored', reason: `${activity} is not a stage` };
  const caseId = row.required(mapping.case);
  const sequence = row.required(mapping.sequence);
  const occurredAt = row.instant(mapping.at, mapping.zone);
  if (occurredAt === null) throw new RowRefused(mapping.at, 'is blank');
  const id = derivedId('import', mapping.name, 'deal', caseId);
  const stageId = stageIdOf(mapping, stage);
  const open = {
    title: row.fill(mapping.title),
    source: mapping.source,
    pipelineId: pipelineIdOf(mapping),
    stageId,
    ...(mapping.owner === null ? {} : { ownerId: row.required(mapping.owner) }),
    occurredAt,
  };
  return {
    kind: 'steps',
    identity: `${caseId}#${sequence}`,
    lane: caseId,
    // The first of a case opens it; whether it is the first is seen when its turn has come.
    steps: [
      { kind: 'open-deal', key: 'open', id, body: open },
      { kind: 'enter-stage', key: 'move', id, body: { toStageId: stageId, occurredAt } },
    ],
    as: 'event',
  };
}
