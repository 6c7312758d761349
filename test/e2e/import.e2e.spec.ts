import { join } from 'node:path';
import { runCli, type CliResult } from '../support/cli-process.js';
import { Client } from '../support/client.js';
import { dataFolder, type DataFolder } from '../support/data-folder.js';
import { chainFaults } from '../support/hash-chain.js';
import {
  DEALS,
  EVENT_LOG,
  eventsIn,
  importInto,
  jsonLines,
  OPPORTUNITIES,
  OPPORTUNITIES_HEADER,
  put,
  refusedIn,
} from '../support/import-files.js';
import { openedBy } from '../support/opened.js';
import { startServer } from '../support/server-process.js';

let folder: DataFolder;
beforeEach(() => (folder = dataFolder()));
afterEach(() => folder.remove());

const importFile = (content: string | Uint8Array, mapping: object = OPPORTUNITIES): Promise<CliResult> =>
  importInto(folder.path, content, mapping);
const refused = (): string[] => refusedIn(folder.path);

const types = async (...categories: string[]): Promise<string[]> =>
  (await eventsIn(folder.path))
    .filter(({ stream }) => categories.some((category) => stream.startsWith(`${category}-`)))
    .map(({ type }) => type);

describe('an import of opportunities', () => {
  it('makes deals with their dates, and leads of those that have none', async () => {
    const { code, output, errors } = await importFile(DEALS);
    expect([code, refused()]).toEqual([0, []]);
    expect(output).toMatch(
      /^4 rows read in .* s\n3 are in as deals\n1 are in as leads: opened is blank.*\n0 refused\n$/,
    );
    expect(errors).toContain('100 % of the file, 4 rows');

    const events = await eventsIn(folder.path);
    expect(chainFaults(events)).toEqual([]);
    expect(events.every(({ metadata }) => metadata.actor.kind === 'import')).toBe(true);
    expect(
      events
        .filter(({ stream }) => stream.startsWith('deal-'))
        .map(({ type, metadata }) => `${type} ${metadata.occurredAt}`)
        .sort(),
    ).toEqual([
      'DealLost 2026-02-02T00:00:00.000Z',
      'DealOpened 2026-01-01T00:00:00.000Z',
      'DealOpened 2026-01-02T09:00:00.000Z',
      'DealOpened 2026-01-03T00:00:00.000Z',
      'DealValueChanged 2026-02-01T00:00:00.000Z',
      'DealWon 2026-02-01T00:00:00.000Z',
    ]);
    expect(await types('organization')).toHaveLength(2);
    expect(await types('import')).toEqual(['ImportStarted', 'ImportFinished']);
    const [started, finished] = events.filter(({ stream }) => stream.startsWith('import-'));
    expect(started?.data).toEqual({
      fileName: 'deals.csv',
      bytes: Buffer.byteLength(DEALS),
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
      mapping: { name: 'old-crm', sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
    });
    expect(finished?.data).toEqual({ rows: 4, deals: 3, leads: 1, events: 0, repeats: 0, leftOut: 0, refused: 0 });
  });

  it('changes nothing when it is run again, and says so', async () => {
    await importFile(DEALS);
    const before = await eventsIn(folder.path);
    const { code, output } = await importFile(DEALS);
    expect(code).toBe(0);
    expect(output).toContain('nothing changed: all 4 were in already');
    expect(await eventsIn(folder.path)).toEqual(before);
  });

  it('takes in what a file has more than an earlier one, and refuses what it has otherwise', async () => {
    await importFile(DEALS);
    const before = await eventsIn(folder.path);
    const { output } = await importFile(
      [DEALS.replace(',2026-02-01,100', ',2026-02-01,999'), 'o-5,Acme,Pump,bob,new,2026-01-05,,'].join('\n'),
    );
    expect(output).toContain('3 are in as deals\n1 are in as leads');
    expect(output).toContain('3 were in already');
    expect(refused()).toEqual(['2 : is in already with other content, or under another mapping of the same name']);
    const added = (await eventsIn(folder.path)).slice(before.length);
    expect(added.map(({ type }) => type)).toEqual(['ImportStarted', 'DealOpened', 'ImportFinished']);
  });

  it('refuses each bad row with its line, field and reason, and takes nothing of it', async () => {
    const latin1 = Buffer.from('b-9,M\xfcller,Pump,bob,new,2026-01-01,,\n', 'latin1');
    const rows = [
      OPPORTUNITIES_HEADER,
      'o-1,Acme,Boiler,ada,won,2026-01-01,2026-02-01,100',
      'b-1,Only here 1,Pump,bob,won,2026-01-05,2026-01-04,5',
      'b-2,Only here 2,Pump,bob,won,2026-01-05,2199-01-04,5',
      'b-3,Only here 3,Pump,bob,won,2026-01-05,,5',
      'b-4,Only here 4,Pump,bob,gone,2026-01-05,,5',
      'b-5,Only here 5,Pump,bob,new,5.1.2026,,5',
      'b-6,Only here 6,Pump,bob,won,2026-01-05,2026-01-06,"1,000"',
      'b-7,Only here 7,Pump,bob,new,2026-01-05,,5,6',
      'b-8,Only "here" 8,Pump,bob,new,2026-01-05,,5',
      ',Only here 10,Pump,bob,new,2026-01-05,,5',
      'b-11,,Pump,bob,new,,,',
      'o-1,Only here 11,Pump,bob,new,2026-01-05,,5',
      '',
    ].join('\n');
    const tail = 'o-2,"Acme",Pump,bob,new,2026-01-05,,5\nb-12,"Only here 12,Pump,bob,new,2026-01-05,,5\no-3,x\n';
    const { code, output } = await importFile(Buffer.concat([Buffer.from(rows), latin1, Buffer.from(tail)]));
    expect(code).toBe(0);
    expect(refused().sort((a, b) => parseInt(a) - parseInt(b))).toEqual([
      '3 closed: is before opened',
      '4 closed: occurred-in-future: What is to be recorded cannot happen more than 60 seconds from now.',
      '5 closed: is blank on a closed deal',
      '6 stage: "gone" is not in the mapping',
      expect.stringMatching(/^7 opened: "5.1.2026" is neither a date/),
      expect.stringMatching(/^8 value: "1,000" is no amount/),
      '9 : has 9 fields, but the header has 8',
      '10 company: has a quote inside, but does not begin with one',
      '11 id: is blank',
      expect.stringMatching(/^12 opened: is blank, so the row is no deal; nor is it a lead/),
      '13 : is in already with other content, or under another mapping of the same name',
      '14 company: is not UTF-8',
      '16 company: begins with a quote that is never closed (lines 16 to 18 are not taken)',
    ]);
    expect(output).toContain('2 are in as deals\n13 refused');
    expect(await types('deal', 'lead', 'organization')).toEqual([
      'OrganizationRegistered',
      'DealOpened',
      'DealValueChanged',
      'DealWon',
      'DealOpened',
    ]);
    const [first] = jsonLines(join(folder.path, 'refused.jsonl'));
    expect(Object.keys(first)).toEqual(['line', 'identity', 'field', 'reason']);
    expect(jsonLines(join(folder.path, 'refused.jsonl')).find(({ line }) => line === 4).identity).toBe('b-2');
  });

  it('reads a file of another system: byte order mark, CRLF, texts of many lines, semicolons', async () => {
    const content = [
      OPPORTUNITIES_HEADER,
      'o-1,"Acme\r\nand ""Sons""",Boiler,ada,new,2026-01-01,,',
      '',
      'o-2,Acme,Boiler,ada,nowhere,2026-01-01,,',
    ].join('\r\n');
    const { output } = await importFile(`\uFEFF${content.replaceAll(',', ';')}\r\n`, {
      ...OPPORTUNITIES,
      delimiter: ';',
    });
    expect(output).toContain('2 rows read');
    expect(refused()).toEqual(['5 stage: "nowhere" is not in the mapping']);
    const organization = (await eventsIn(folder.path)).find(({ type }) => type === 'OrganizationRegistered');
    expect(await openedBy(folder.path, organization?.data)).toMatchObject({ name: 'Acme\r\nand "Sons"' });
  });

  it('says on standard error what is refused when no report is asked for', async () => {
    const file = put(folder.path, 'deals.csv', `${OPPORTUNITIES_HEADER}\no-1,Acme,Pump,ada,gone,2026-01-01,,\n`);
    const mapping = put(folder.path, 'mapping.json', OPPORTUNITIES);
    const { code, output, errors } = await runCli(folder.path, 'import', file, '--mapping', mapping);
    expect([code, output]).toEqual([0, expect.stringContaining('1 refused')]);
    expect(errors).toContain('refused: line 2, stage: "gone" is not in the mapping');
  });

  it('knows rows by their line where the file has no identity', async () => {
    const mapping = { ...OPPORTUNITIES, identity: null };
    await importFile(DEALS.replace('o-2', 'o-1'), mapping);
    expect(refused()).toEqual([]);
    expect((await importFile(DEALS.replace('o-2', 'o-1'), mapping)).output).toContain('all 4 were in already');
  });
});

describe('an import of an event log', () => {
  const first = ['case,seq,activity,time', '1,0,called,2026-01-01', '1,1,called,2026-01-02', '2,0,waited,2026-01-01'];
  const second = [
    'case,seq,activity,time',
    '1,2,called,2026-01-03',
    '1,3,bargained,2026-01-04',
    '1,4,called,2026-01-04',
    '1,5,offered,2026-01-03',
  ];

  it('moves the deal of each case from stage to stage, and drops what is no move', async () => {
    const { output } = await importFile(first.join('\n'), EVENT_LOG);
    expect(output).toMatch(/^3 rows read.*\n1 are in as events of their cases\n1 dropped: .*\n1 left out: waited is/);
    expect(await types('deal')).toEqual(['DealOpened']);
    const more = await importFile(second.join('\n'), EVENT_LOG);
    expect(more.output).toMatch(/^4 rows read.*\n2 are in as events of their cases\n1 dropped: .*\n1 refused/);
    expect(refused()).toEqual([expect.stringMatching(/^5 time: out-of-order: /)]);
    expect(await types('deal')).toEqual(['DealOpened', 'DealStageMoved', 'DealStageMoved']);
  });

  it('changes nothing when it is run again, in any order of its files', async () => {
    await importFile(first.join('\n'), EVENT_LOG);
    await importFile(second.join('\n'), EVENT_LOG);
    const before = await eventsIn(folder.path);
    for (const file of [second, first, second]) {
      const { output } = await importFile(file.join('\n'), EVENT_LOG);
      expect(output).toContain('nothing changed');
      expect(await eventsIn(folder.path)).toEqual(before);
    }
  });
});

describe('an import into a folder on which a server runs', () => {
  it('shows in the answers of the server, which goes on taking commands', async () => {
    const server = await startServer(folder.path, { MASTER_KEY: Buffer.alloc(32, 7).toString('base64') });
    try {
      const client = new Client(server.url);
      const { id: pipelineId } = (await client.post('/v1/pipelines', { name: 'New', template: 'traditional' })).body;
      const values = { new: { stage: 'Prospecting' }, won: { stage: 'Proposal', outcome: 'won' } };
      const mapping = { ...OPPORTUNITIES, pipeline: { id: pipelineId }, stage: { column: 'stage', values } };
      const rows = Array.from({ length: 1_500 }, (_, index) =>
        index % 3 === 0
          ? `r-${index},Acme ${index % 7},Pump,ada,new,2026-01-03,,7.50`
          : `r-${index},Acme ${index % 7},Pump,ada,won,2026-01-01,2026-02-01,100`,
      );
      const running = importFile([OPPORTUNITIES_HEADER, ...rows].join('\n'), mapping);
      const opened: number[] = [];
      for (let count = 0; count < 30; count++) {
        opened.push((await client.post('/v1/deals', { title: `By hand ${count}`, pipelineId })).status);
      }
      const { code, output, errors } = await running;
      expect([code, errors]).toEqual([0, expect.stringContaining('1500 rows')]);
      expect(output).toContain('1500 are in as deals\n0 refused');
      expect(opened).toEqual(Array.from({ length: 30 }, () => 201));

      const last = await client.post('/v1/deals', { title: 'The last', pipelineId });
      const board = await client.getAfter(last.body.position, `/v1/boards/${pipelineId}?cards=0`);
      expect([board.status, board.body.totals.count]).toEqual([200, 500 + 31]);
      const answer = (path: string) => client.getAfter(last.body.position, path);
      const report = await answer(`/v1/performance?pipeline=${pipelineId}&from=2026-01-01&to=2026-03-01`);
      expect(report.body.winRate.closed).toEqual({ ratio: 1, won: 1_000, lost: 0 });
      const [deal] = (await answer(`/v1/deals?pipeline=${pipelineId}&status=won&limit=1`)).body.items;
      const history = (await client.get(`/v1/deals/${deal.id}/events`)).body.items;
      expect(history.map(({ type }: any) => type)).toEqual(['DealOpened', 'DealValueChanged', 'DealWon']);
      expect(history[0].metadata.actor).toEqual({ id: 'old-crm', kind: 'import' });
    } finally {
      await server.stop();
    }
    expect(chainFaults(await eventsIn(folder.path))).toEqual([]);
  });
});
