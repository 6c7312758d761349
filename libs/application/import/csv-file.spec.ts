import fc from 'fast-check';
import { readCsv, UnreadableFile } from './csv-file.js';
import type { CsvRecord } from './csv-scanner.js';

async function* pieces(bytes: Buffer, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function records(content: string | Buffer, size = 7, delimiter = ','): Promise<CsvRecord[]> {
  const all: CsvRecord[] = [];
  for await (const record of readCsv(pieces(Buffer.from(content), size), delimiter)) all.push(record);
  return all;
}

async function rows(content: string | Buffer, size?: number, delimiter?: string) {
  return (await records(content, size, delimiter)).map(({ fields }) => fields);
}

/** `2-4: …` for a fault that spans lines, else the fields. */
async function told(content: string | Buffer): Promise<string[]> {
  return (await records(content)).map((record) => {
    const lines = record.line === record.lastLine ? `${record.line}` : `${record.line}-${record.lastLine}`;
    return `${lines}: ${record.fields === null ? `field ${record.place} ${record.fault}` : record.fields.join('|')}`;
  });
}

describe('a CSV file', () => {
  it('is read record by record, whatever its line ends', async () => {
    const expected = [
      ['id', 'name'],
      ['1', 'Ada'],
      ['2', ''],
    ];
    for (const end of ['\n', '\r\n', '\r']) {
      const content = ['id,name', '1,Ada', '2,'].join(end);
      expect(await rows(content)).toEqual(expected);
      expect(await rows(content + end)).toEqual(expected);
    }
  });

  it('has lines, line ends within quotes included', async () => {
    for (const end of ['\n', '\r\n', '\r']) {
      expect(await told(['id,note', '1,"a', 'b', '', 'c"', '', '2,x', '"3",y'].join(end))).toEqual([
        '1: id|note',
        `2-5: 1|a${end}b${end}${end}c`,
        '7: 2|x',
        '8: 3|y',
      ]);
    }
  });

  it('has delimiters and doubled quotes within quotes', async () => {
    expect(await rows('"a,b","say ""hi""",""\n""')).toEqual([['a,b', 'say "hi"', ''], ['']]);
    expect(await rows('a;"b;c";d,e\n', 3, ';')).toEqual([['a', 'b;c', 'd,e']]);
  });

  it('may begin with a byte order mark', async () => {
    for (const size of [1, 2, 3, 100]) {
      expect(await rows('\uFEFF"id",name\r\n1,x', size)).toEqual([
        ['id', 'name'],
        ['1', 'x'],
      ]);
    }
  });

  it('may be empty, or nothing but blank lines', async () => {
    for (const content of ['', '\n', '\r\n\r\n', '\uFEFF', '\uFEFF\n']) expect(await rows(content)).toEqual([]);
  });

  it('is read again after a row with a misplaced quote', async () => {
    expect(await told('id,a,b\n1,5" pipe,x\n2,y,z\n')).toEqual([
      '1: id|a|b',
      '2: field 1 has a quote inside, but does not begin with one',
      '3: 2|y|z',
    ]);
    expect(await told('1,"a" b,c\n2,x,y')).toEqual(['1: field 1 goes on after its closing quote', '2: 2|x|y']);
    expect(await told('1,"a\n2,b\n3,"c",d\n4,e\n')).toEqual(['1-3: field 1 goes on after its closing quote', '4: 4|e']);
  });

  it('says where a quote was opened that is never closed', async () => {
    expect(await told('id,a\n1,x\n2,"y\n3,z\n')).toEqual([
      '1: id|a',
      '2: 1|x',
      '3-5: field 1 begins with a quote that is never closed',
    ]);
  });

  it('refuses only the row that is not UTF-8', async () => {
    const latin1 = Buffer.concat([Buffer.from('1,x\n2,M'), Buffer.from([0xfc]), Buffer.from('ller\n3,Müller\n')]);
    expect(await told(latin1)).toEqual(['1: 1|x', '2: field 1 is not UTF-8', '3: 3|Müller']);
    const halves = Buffer.concat([Buffer.from([0x61, 0xc3]), Buffer.from(','), Buffer.from([0xa9, 0x0a])]);
    expect(await told(halves)).toEqual(['1: field 0 is not UTF-8']);
  });

  it('is not read as UTF-16', async () => {
    await expect(rows(Buffer.from('\uFEFFid,name', 'utf16le'))).rejects.toThrow(UnreadableFile);
  });

  it('does not hold a record of any size in memory', async () => {
    const long = `1,"${'x'.repeat(600_000)}\n${'y'.repeat(600_000)}"\n2,ok\n`;
    const [first, second] = await records(long, 65_536);
    expect(first).toMatchObject({ line: 1, lastLine: 2, fields: null, place: null });
    expect(second).toMatchObject({ line: 3, fields: ['2', 'ok'] });
    const [commas] = await records(','.repeat(1_200_000), 65_536);
    expect(commas).toMatchObject({ fields: null });
  });

  it('gives back what was written, in pieces of any size', async () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'é', '€', '😀', ',', '"', '\n', '\r', ' ') });
    const table = fc.array(fc.array(text, { minLength: 1, maxLength: 4 }), { maxLength: 5 });
    const quoted = (field: string) => `"${field.replaceAll('"', '""')}"`;
    await fc.assert(
      fc.asyncProperty(
        table,
        fc.constantFrom('\n', '\r\n', '\r'),
        fc.integer({ min: 1, max: 9 }),
        async (all, end, size) => {
          const content = all.map((row) => row.map(quoted).join(',') + end).join('');
          const read = await records(content, size);
          expect(read.map(({ fields }) => fields)).toEqual(all);
          expect(read.at(-1)?.end ?? 0).toBeGreaterThanOrEqual(Buffer.byteLength(content) - end.length);
          expect(await records(content, 1_000_000)).toMatchObject(
            read.map(({ line, lastLine }) => ({ line, lastLine })),
          );
          let line = 1;
          for (const [index, row] of all.entries()) {
            expect(read[index]?.line).toBe(line);
            line +=
              row
                .join(',')
                .replaceAll('\r\n', '\n')
                .match(/[\r\n]/gu)?.length ?? 0;
            line += 1;
          }
        },
      ),
    );
  });

  it('is never read as something else by an exception', async () => {
    const soup = fc.array(fc.constantFrom(0x61, 0x2c, 0x22, 0x0a, 0x0d, 0xff, 0xc3), { maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(soup, fc.integer({ min: 1, max: 9 }), async (bytes, size) => {
        const whole = await records(Buffer.from([0x61, ...bytes]), 1_000);
        expect(await records(Buffer.from([0x61, ...bytes]), size)).toEqual(whole);
        const lines = whole.flatMap(({ line, lastLine }) => [line, lastLine]);
        expect(lines).toEqual([...lines].sort((a, b) => a - b));
      }),
    );
  });
});
