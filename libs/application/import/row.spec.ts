import { Header } from './columns.js';
import { InvalidMapping } from './json-fields.js';
import { ImportRow, RowRefused } from './row.js';
import { opportunities, opportunityRow } from './testing/mappings.js';

const mapping = opportunities();

function refusal(read: () => unknown): { field: string; reason: string } {
  try {
    read();
  } catch (error) {
    if (error instanceof RowRefused) return { field: error.field, reason: error.reason };
    throw error;
  }
  throw new Error('it was not refused');
}

describe('a header', () => {
  const names = ['id', 'product', 'company', 'owner', 'stage', 'opened', 'closed', 'value'];

  it('has every column that the mapping reads, in any order, among others', () => {
    const header = new Header([...names, 'notes'].reverse(), mapping);
    expect(header.place('id')).toBe(8);
    expect(() => header.place('notes ')).toThrow(/does not read/);
  });

  it.each([
    ['company', '/title names the column "company"'],
    ['owner', '/owner names the column "owner"'],
    ['product', '/title names the column "product"'],
    ['closed', '/closedAt names the column "closed"'],
    ['stage', '/stage/column names the column "stage"'],
  ])('without %s says what names it', (missing, message) => {
    const without = () =>
      new Header(
        names.filter((name) => name !== missing),
        mapping,
      );
    expect(without).toThrow(InvalidMapping);
    expect(without).toThrow(message);
  });

  it('may not have a column twice that the mapping reads', () => {
    expect(() => new Header([...names, 'owner'], mapping)).toThrow('the file has it twice');
    expect(() => new Header([...names, 'x', 'x'], mapping)).not.toThrow();
  });
});

describe('a row', () => {
  it('has as many fields as the header', () => {
    const header = new Header(['id', 'product', 'company', 'owner', 'stage', 'opened', 'closed', 'value'], mapping);
    expect(refusal(() => new ImportRow(header, ['o-1', 'x'], mapping))).toEqual({
      field: '',
      reason: 'has 2 fields, but the header has 8',
    });
  });

  it('has texts without white space around them, and none where it is blank', () => {
    const row = opportunityRow(mapping, { owner: '  ada ', company: ' \t' });
    expect(row.text('owner')).toBe('ada');
    expect(row.text('company')).toBeNull();
    expect(refusal(() => row.required('company'))).toEqual({ field: 'company', reason: 'is blank' });
  });

  it('has its spelling repaired before it is read', () => {
    expect(opportunityRow(mapping, { product: 'Boilr' }).text('product')).toBe('Boiler');
    expect(opportunityRow(mapping, { product: 'constructor' }).text('product')).toBe('constructor');
  });

  it('has no text that cannot be stored', () => {
    expect(refusal(() => opportunityRow(mapping, { owner: 'a\0b' }).text('owner')).field).toBe('owner');
    const long = opportunityRow(mapping, { owner: '€'.repeat(256) });
    expect(refusal(() => long.text('owner', 255))).toEqual({ field: 'owner', reason: 'is longer than 255 characters' });
    expect(opportunityRow(mapping, { owner: '😀'.repeat(255) }).text('owner', 255)).toHaveLength(510);
  });

  it('fills the places of a title', () => {
    const title = (columns: object) => opportunityRow(mapping, columns).fill('{product} for {company}');
    expect(title({})).toBe('Boiler for Acme');
    expect(title({ company: '$&' })).toBe('Boiler for $&');
    expect(title({ company: '' })).toBe('Boiler for');
    const blank = opportunityRow(mapping, { company: '' });
    expect(refusal(() => blank.fill('{company}'))).toEqual({
      field: 'company',
      reason: 'is blank, and so is the title',
    });
    const long = opportunityRow(mapping, { company: 'x'.repeat(300) });
    expect(refusal(() => long.fill('{company}')).reason).toMatch(/more than 255/);
  });

  it('has labels once each', () => {
    const row = opportunityRow(mapping, { product: 'Hot', company: 'Hot' });
    expect(row.labels(['product', 'company', 'closed'])).toEqual(['Hot']);
    const long = opportunityRow(mapping, { product: 'x'.repeat(65) });
    expect(refusal(() => long.labels(['product'])).field).toBe('product');
  });

  it.each([
    ['2026-03-01', '2026-02-28T23:00:00.000Z'],
    ['2026-07-01', '2026-06-30T22:00:00.000Z'],
    ['2026-07-01 09:30', '2026-07-01T07:30:00.000Z'],
    ['2026-07-01T09:30:15.5', '2026-07-01T07:30:15.500Z'],
    ['2026-03-29 02:30:00', '2026-03-29T01:30:00.000Z'],
    ['2026-07-01T09:30:00+05:30', '2026-07-01T04:00:00.000Z'],
    ['2026-07-01T09:30:00Z', '2026-07-01T09:30:00.000Z'],
  ])('has the time %s in the zone of the mapping', (text, instant) => {
    const read = opportunityRow(mapping, { opened: text }).instant('opened');
    expect(read === null ? null : new Date(read).toISOString()).toBe(instant);
  });

  it.each(['01.03.2026', '3/1/2026', '2026-02-30', '2026-02-30 10:00', '2026-03-01 25:00', '1815-12-10', 'soon'])(
    'has no time %s',
    (opened) => {
      const { field, reason } = refusal(() => opportunityRow(mapping, { opened }).instant('opened'));
      expect(field).toBe('opened');
      expect(reason).toContain(JSON.stringify(opened));
    },
  );

  it('has an amount in the currency of the mapping', () => {
    expect(opportunityRow(mapping, { value: '1054' }).money('value')).toEqual({ amount: '1054.00', currency: 'EUR' });
    expect(opportunityRow(mapping).money('value')).toBeNull();
  });

  it.each(['1,054', '1054.001', '1e3', '€ 5', '9'.repeat(20), '-1'])('has no amount %s', (value) => {
    expect(refusal(() => opportunityRow(mapping, { value }).money('value')).field).toBe('value');
  });
});
