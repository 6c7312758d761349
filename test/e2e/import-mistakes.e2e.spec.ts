import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { runCli, type CliResult } from '../support/cli-process.js';
import { dataFolder, type DataFolder } from '../support/data-folder.js';
import {
  DEALS,
  EVENT_LOG,
  eventsIn,
  importInto,
  OPPORTUNITIES,
  OPPORTUNITIES_HEADER,
  put,
} from '../support/import-files.js';

let folder: DataFolder;
beforeEach(() => (folder = dataFolder()));
afterEach(() => folder.remove());

const importFile = (content: string | Uint8Array, mapping: object = OPPORTUNITIES): Promise<CliResult> =>
  importInto(folder.path, content, mapping);

describe('a file without rows', () => {
  it('is an import of nothing when it has a header', async () => {
    const { code, output } = await importFile(`${OPPORTUNITIES_HEADER}\n`);
    expect([code, output]).toEqual([0, expect.stringMatching(/^0 rows read in .*\n0 refused\n$/)]);
  });

  it('is a mistake when it is empty', async () => {
    for (const content of ['', '\n\n', '\uFEFF']) {
      const { code, errors } = await importFile(content);
      expect([code, errors]).toEqual([1, expect.stringMatching(/deals\.csv is empty: it has no header row\n$/)]);
    }
  });
});

describe('an import that cannot begin', () => {
  it.each<[string, string | Buffer, object, string]>([
    ['a misspelt field', DEALS, { ...OPPORTUNITIES, ownr: 'x' }, 'mapping.json is wrong: /ownr is not a known field'],
    ['a wrong stage', DEALS, { ...EVENT_LOG, stages: { a: 'Nowhere' } }, 'wrong: /stages/a must be one of Contacted,'],
    [
      'a column that is not there',
      DEALS.replace('owner', 'rep'),
      OPPORTUNITIES,
      'mapping.json is wrong: /owner names the column "owner"; the file has "id", "company",',
    ],
    [
      'an unknown reason',
      DEALS,
      {
        ...OPPORTUNITIES,
        stage: { column: 'stage', values: { lost: { stage: 'Proposal', outcome: 'lost', reason: 'rain' } } },
      },
      'mapping.json is wrong: /stage/values/lost/reason must be one of price,',
    ],
    [
      'an unknown pipeline',
      DEALS,
      { ...OPPORTUNITIES, pipeline: { id: '0190a1b2-0000-7000-8000-000000000001' } },
      'mapping.json is wrong: /pipeline/id names no pipeline',
    ],
    ['UTF-16', Buffer.from(`\uFEFF${DEALS}`, 'utf16le'), OPPORTUNITIES, 'deals.csv is UTF-16: save it as UTF-8'],
    [
      'a broken header',
      '"id,company\n',
      OPPORTUNITIES,
      'deals.csv has no header row that can be read: line 1, field 1',
    ],
  ])('says why in a sentence: %s', async (_, content, mapping, sentence) => {
    const { code, output, errors } = await importFile(content, mapping);
    expect([code, output]).toEqual([1, '']);
    expect(errors.trim().split('\n')).toEqual([expect.stringContaining(sentence)]);
    if (existsSync(join(folder.path, 'events.db'))) expect(await eventsIn(folder.path)).toEqual([]);
  });

  it('names the file that cannot be used', async () => {
    const mapping = put(folder.path, 'mapping.json', OPPORTUNITIES);
    const file = put(folder.path, 'deals.csv', DEALS);
    const broken = put(folder.path, 'broken.json', '{"name": ');
    const say = async (...args: string[]) => {
      const { code, errors } = await runCli(folder.path, 'import', ...args);
      expect(errors).not.toMatch(/^\s+at /m);
      return `${code} ${errors.split('\n', 1)[0]?.replaceAll(`${folder.path}/`, '')}`;
    };
    expect(await say(join(folder.path, 'no.csv'), '--mapping', mapping)).toBe('1 no.csv does not exist');
    expect(await say(folder.path, '--mapping', mapping)).toMatch(/^1 .* is a folder$/);
    expect(await say(file, '--mapping', join(folder.path, 'no.json'))).toBe('1 no.json does not exist');
    expect(await say(file, '--mapping', broken)).toMatch(/^1 broken\.json is not JSON in UTF-8: /);
    expect(await say(file, '--mapping', mapping, '--report', join(folder.path, 'no', 'r'))).toBe(
      '1 no/r does not exist',
    );
    expect(await say(file)).toBe('2 import needs --mapping.');
    expect(await say(file, file, '--mapping', mapping)).toMatch(/^2 import takes one file/);
    expect(await say(file, '--maping', mapping)).toBe('2 There is no option --maping.');
    expect(await say()).toBe('2 import needs a file.');
  });

  it('does not go on when the mapping has become another one', async () => {
    await importFile(DEALS);
    const stages = [...OPPORTUNITIES.pipeline.stages].reverse();
    const { code, errors } = await importFile(DEALS, { ...OPPORTUNITIES, pipeline: { name: 'Sales', stages } });
    expect([code, errors]).toEqual([
      1,
      expect.stringContaining('/pipeline is not what the import "old-crm" has created'),
    ]);
  });
});
