import type { ImportMapping } from './mapping.js';
import { creationOf, targetOfCreation } from './pipeline-choice.js';
import { RowRefused, type ImportRow } from './row.js';
import { identityOf, planRow, type PlannedRow } from './steps.js';
import {
  eventLog,
  eventLogJson,
  logRow,
  opportunities,
  opportunityRow,
  opportunitiesJson,
} from './testing/mappings.js';
import { parseMapping } from './mapping.js';

const FILE = 'f'.repeat(64);

function targetOf(mapping: ImportMapping) {
  if (mapping.pipeline.kind !== 'own') throw new Error('the mapping has a pipeline of its own');
  return targetOfCreation(creationOf(mapping.name, mapping.pipeline));
}

function plan(mapping: ImportMapping, row: ImportRow, line = 2): PlannedRow {
  return planRow(mapping, targetOf(mapping), row, identityOf(mapping, row, FILE, line));
}

function refusal(read: () => unknown): string {
  try {
    read();
  } catch (error) {
    if (error instanceof RowRefused) return `${error.field}: ${error.reason}`;
    throw error;
  }
  throw new Error('it was not refused');
}

const at = (text: string) => Date.parse(text);
const money = (amount: string) => ({ amount, currency: 'EUR' });

describe('a row of opportunities', () => {
  const mapping = opportunities({ zone: 'UTC' });
  const stageIds = targetOf(mapping).stageIds;
  const opportunity = (columns: Parameters<typeof opportunityRow>[1] = {}) =>
    plan(mapping, opportunityRow(mapping, columns));

  it('that is open opens a deal on its date, with its value', () => {
    expect(opportunity({ value: '500', product: 'Boilr' })).toEqual({
      kind: 'deal',
      id: expect.any(String) as string,
      subject: {
        title: 'Boiler for Acme',
        source: 'old crm',
        labels: ['Boiler'],
        ownerId: 'ada',
        organization: { id: expect.any(String) as string, name: 'Acme' },
      },
      steps: [
        {
          kind: 'open',
          at: at('2026-03-01'),
          field: 'opened',
          stageId: stageIds.get('Contacted'),
          value: money('500.00'),
        },
      ],
    });
  });

  it('that is won has the value of its close', () => {
    const planned = opportunity({ stage: 'won', closed: '2026-04-01', value: '7' });
    expect(planned).toMatchObject({
      steps: [
        { kind: 'open', stageId: stageIds.get('Proposal'), value: null },
        { kind: 'value', at: at('2026-04-01'), field: 'closed', value: money('7.00') },
        { kind: 'win', at: at('2026-04-01'), field: 'closed' },
      ],
    });
  });

  it('that is lost has its reason, and no value when the file has none', () => {
    expect(opportunity({ stage: 'lost', closed: '2026-03-01' })).toMatchObject({
      steps: [{ kind: 'open' }, { kind: 'lose', at: at('2026-03-01'), field: 'closed', reason: 'price' }],
    });
  });

  it('without an opening date is a lead, if there is somebody to talk to', () => {
    expect(opportunity({ opened: '', value: '9' })).toMatchObject({
      kind: 'lead',
      subject: { organization: { name: 'Acme' } },
      value: money('9.00'),
    });
    expect(refusal(() => opportunity({ opened: '', company: ' ' }))).toBe(
      'opened: is blank, so the row is no deal; nor is it a lead, which needs a contact: company is blank, too',
    );
    const nobody = parseMapping({ ...opportunitiesJson(), organization: undefined, title: '{product}' });
    expect(parseMapping(opportunitiesJson())).toMatchObject({ organization: 'company' });
    expect(nobody.organization).toBe(null);
    expect(refusal(() => plan(nobody, opportunityRow(opportunities(), { opened: '' })))).toMatch(
      /the mapping names no organization/,
    );
  });

  it('without an opening date is refused where the mapping says so, or when it is closed', () => {
    const strict = opportunities({ withoutDate: 'refuse' });
    expect(refusal(() => plan(strict, opportunityRow(strict, { opened: '' })))).toBe('opened: is blank');
    expect(refusal(() => opportunity({ opened: '', stage: 'won' }))).toBe('opened: is blank on a closed deal');
  });

  it.each<[string, Parameters<typeof opportunityRow>[1]]>([
    ['id: is blank', { id: '' }],
    ['stage: is blank', { stage: '' }],
    ['stage: "toString" is not in the mapping', { stage: 'toString' }],
    ['closed: is blank on a closed deal', { stage: 'won' }],
    ['closed: is before opened', { stage: 'won', closed: '2026-02-28' }],
    ['closed: "x" is neither', { closed: 'x' }],
    ['value: "x" is no amount', { value: 'x' }],
    ['owner: is longer than 255 characters', { owner: 'x'.repeat(256) }],
    ['company: is longer than 255 characters', { company: 'x'.repeat(256) }],
  ])('is refused with its field: %s', (expected, columns) => {
    expect(refusal(() => opportunity(columns))).toContain(expected);
  });

  it('is the same deal in every run, and another under another name or identity', () => {
    const idOf = (name: string, id: string) => {
      const named = opportunities({ name });
      const planned = plan(named, opportunityRow(named, { id }));
      return planned.kind === 'deal' ? planned.id : null;
    };
    expect(idOf('crm', 'o-1')).toBe(idOf('crm', ' o-1'));
    expect(new Set([idOf('crm', 'o-1'), idOf('crm', 'o-2'), idOf('other', 'o-1')]).size).toBe(3);
  });

  it('is known by its file and line where no column identifies it', () => {
    const nameless = opportunities({ identity: undefined });
    const row = opportunityRow(nameless);
    expect(identityOf(nameless, row, FILE, 7)).toBe(`${FILE}:7`);
    expect(identityOf(nameless, row, FILE, 8)).not.toBe(identityOf(nameless, row, FILE, 7));
  });

  it('has the same organisation in every spelling of capitals and spaces', () => {
    const organization = (company: string) => {
      const planned = opportunity({ company });
      return planned.kind === 'deal' ? planned.subject.organization?.id : null;
    };
    expect(organization('ACME  Ltd')).toBe(organization('Acme ltd '));
    expect(organization('Caf\u00e9')).toBe(organization('Cafe\u0301'));
    expect(organization('Acme')).not.toBe(organization('Acme ltd'));
  });
});

describe('a row of an event log', () => {
  const mapping = eventLog();
  const event = (columns: Parameters<typeof logRow>[1] = {}) => plan(mapping, logRow(mapping, columns));

  it('puts its case into the stage of its activity', () => {
    expect(event()).toMatchObject({
      kind: 'event',
      subject: { title: 'Case c-1', ownerId: 'ada', organization: null },
      stageId: targetOf(mapping).stageIds.get('Contacted'),
      at: at('2026-03-01T09:00:00Z'),
      field: 'time',
    });
  });

  it('is left out when its activity is no stage', () => {
    expect(event({ activity: 'waited' })).toEqual({ kind: 'left-out', reason: 'waited' });
    expect(event({ activity: 'constructor' })).toEqual({ kind: 'left-out', reason: 'constructor' });
  });

  it('is known by its case and sequence, else by its file and line', () => {
    const identity = (columns: Parameters<typeof logRow>[1]) => identityOf(mapping, logRow(mapping, columns), FILE, 2);
    expect(identity({ case: '1', seq: '23' })).not.toBe(identity({ case: '12', seq: '3' }));
    const plain = parseMapping(eventLogJson({ sequence: undefined }));
    expect(identityOf(plain, logRow(mapping), FILE, 5)).toBe(`${FILE}:5`);
  });

  it.each<[string, Parameters<typeof logRow>[1]]>([
    ['case: is blank', { case: '' }],
    ['seq: is blank', { seq: '' }],
    ['activity: is blank', { activity: '' }],
    ['time: is blank', { time: '' }],
    ['time: "noon" is neither', { time: 'noon' }],
  ])('is refused with its field: %s', (expected, columns) => {
    expect(refusal(() => event(columns))).toContain(expected);
  });
});
