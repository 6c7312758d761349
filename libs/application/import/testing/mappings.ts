import { Header } from '../columns.js';
import { parseMapping, type EventLogMapping, type ImportMapping, type OpportunitiesMapping } from '../mapping.js';
import { ImportRow } from '../row.js';

const COMMON = {
  name: 'crm',
  pipeline: {
    name: 'Sales',
    stages: [
      { name: 'Contacted', probability: 0.1 },
      { name: 'Proposal', probability: 0.4, rottenAfter: 'P14D' },
      { name: 'Care', kind: 'post-sale', probability: 1 },
    ],
  },
  zone: 'Europe/Berlin',
  currency: 'EUR',
  source: 'old crm',
  owner: 'owner',
};

/** A mapping of opportunities as JSON, with other fields where they are given. */
export function opportunitiesJson(fields: object = {}): object {
  return {
    ...COMMON,
    kind: 'opportunities',
    identity: 'id',
    title: '{product} for {company}',
    organization: 'company',
    labels: ['product'],
    replace: { product: { Boilr: 'Boiler' } },
    openedAt: 'opened',
    closedAt: 'closed',
    value: 'value',
    stage: {
      column: 'stage',
      values: {
        new: { stage: 'Contacted' },
        offered: { stage: 'Proposal' },
        won: { stage: 'Proposal', outcome: 'won' },
        lost: { stage: 'Proposal', outcome: 'lost', reason: 'price' },
      },
    },
    withoutDate: 'lead',
    ...fields,
  };
}

/** A mapping of an event log as JSON, with other fields where they are given. */
export function eventLogJson(fields: object = {}): object {
  return {
    ...COMMON,
    kind: 'event-log',
    title: 'Case {case}',
    case: 'case',
    sequence: 'seq',
    activity: 'activity',
    at: 'time',
    stages: { called: 'Contacted', offered: 'Proposal' },
    ...fields,
  };
}

export function opportunities(fields: object = {}): OpportunitiesMapping {
  const mapping = parseMapping(opportunitiesJson(fields));
  if (mapping.kind !== 'opportunities') throw new Error('not a mapping of opportunities');
  return mapping;
}

export function eventLog(fields: object = {}): EventLogMapping {
  const mapping = parseMapping(eventLogJson(fields));
  if (mapping.kind !== 'event-log') throw new Error('not a mapping of an event log');
  return mapping;
}

/** A row of a file that has these columns. */
export function rowOf(mapping: ImportMapping, columns: Readonly<Record<string, string>>): ImportRow {
  return new ImportRow(new Header(Object.keys(columns), mapping), Object.values(columns), mapping);
}

const OPPORTUNITY = {
  id: 'o-1',
  product: 'Boiler',
  company: 'Acme',
  owner: 'ada',
  stage: 'new',
  opened: '2026-03-01',
  closed: '',
  value: '',
};

/** An open opportunity, with other texts where they are given. */
export function opportunityRow(mapping: OpportunitiesMapping, columns: Partial<typeof OPPORTUNITY> = {}): ImportRow {
  return rowOf(mapping, { ...OPPORTUNITY, ...columns });
}

const LOG_EVENT = { case: 'c-1', seq: '0', activity: 'called', time: '2026-03-01T10:00:00+01:00', owner: 'ada' };

/** A call, with other texts where they are given. */
export function logRow(mapping: EventLogMapping, columns: Partial<typeof LOG_EVENT> = {}): ImportRow {
  return rowOf(mapping, { ...LOG_EVENT, ...columns });
}
