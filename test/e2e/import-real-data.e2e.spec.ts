import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parse } from 'csv-parse/sync';
import { runCli, type CliResult } from '../support/cli-process.js';
import { Client } from '../support/client.js';
import { dataFolder } from '../support/data-folder.js';
import { jsonLines } from '../support/import-files.js';
import { startServer, type ServerProcess } from '../support/server-process.js';

/** Real logs that are not ours to pass on: outside of the repository, with what the definitions give on them. */
const DATA = join(process.cwd(), '..', 'shared', 'data');
const present = existsSync(join(DATA, 'expected.json'));
if (!present) process.stdout.write(`skipped: the real logs are not at ${DATA}\n`);
const describeReal = present ? describe : describe.skip;

const LONG = 300_000;
const FILES = {
  'maven-crm': join(DATA, 'maven-crm', 'sales_pipeline.csv'),
  helpdesk: join(DATA, 'helpdesk', 'events.csv'),
};

describeReal('real files, imported by the command line', () => {
  const folder = dataFolder();
  const report = (name: string): string => join(folder.path, `${name}.jsonl`);
  const results = new Map<string, CliResult>();
  let server: ServerProcess;
  let client: Client;
  let expected: any;
  let events: any[];

  const importFile = (name: keyof typeof FILES): Promise<CliResult> => {
    const mapping = join(process.cwd(), 'docs', 'import', `${name}.json`);
    return runCli(folder.path, 'import', FILES[name], '--mapping', mapping, '--report', report(name));
  };

  /** An answer of views that have seen the whole log. */
  async function ask(path: string): Promise<any> {
    for (;;) {
      const { status, body } = await client.getAfter(events.at(-1).position, path);
      if (status === 200) return body;
      expect([status, body.code]).toEqual([503, 'view-behind']);
      await sleep(100);
    }
  }

  async function pipelineId(name: string): Promise<string> {
    return (await ask('/v1/pipelines')).items.find((pipeline: any) => pipeline.name === name).id;
  }

  beforeAll(async () => {
    expected = JSON.parse(readFileSync(join(DATA, 'expected.json'), 'utf8'));
    for (const name of ['maven-crm', 'helpdesk'] as const) results.set(name, await importFile(name));
    server = await startServer(folder.path, { MASTER_KEY: Buffer.alloc(32, 7).toString('base64') });
    client = new Client(server.url);
    const feed = await client.get('/v1/events');
    events = String(feed.body)
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
  }, LONG);
  afterAll(async () => {
    await server?.stop();
    folder.remove();
  });

  const count = (type: string, that: (event: any) => boolean = () => true): number =>
    events.filter((event) => event.type === type && that(event)).length;

  describe('the opportunities of a hardware company', () => {
    const performance = async (from: string, to: string, more = ''): Promise<any> =>
      ask(`/v1/performance?pipeline=${await pipelineId('Hardware sales')}&from=${from}&to=${to}${more}`);

    it('are in, each row in its place', async () => {
      const { code, output } = results.get('maven-crm') ?? {};
      expect(code).toBe(0);
      const { rows, stages, dirty } = expected['maven-crm'];
      expect(output).toContain(`${rows} rows read`);
      expect(output).toContain(`${stages.Won + stages.Lost + stages.Engaging} are in as deals`);
      expect(output).toContain('163 are in as leads: engage_date is blank');
      expect(output).toContain('337 refused');

      // All rows without date are prospects: leads where they have an account, refused with that reason where not.
      const refused = jsonLines(report('maven-crm'));
      expect(new Set(refused.map(({ field, reason }) => `${field} ${reason}`))).toEqual(
        new Set([
          'engage_date is blank, so the row is no deal; nor is it a lead, which needs a contact: account is blank, too',
        ]),
      );
      expect(count('LeadCaptured') + refused.length).toBe(dirty.blank_engage_date);
      expect(count('DealOpened', ({ data }) => data.source === 'maven-crm' && data.organizationId === null)).toBe(
        dirty.blank_account - refused.length,
      );
      expect(count('OrganizationRegistered')).toBe(85);
      expect(count('DealOpened', ({ data }) => data.labels.includes('GTXPro'))).toBe(0);

      let leads = 0;
      for (let cursor = ''; ;) {
        const page = await ask(`/v1/leads?limit=200${cursor}`);
        leads += page.items.length;
        if (page.next === null) break;
        cursor = `&cursor=${page.next}`;
      }
      expect(leads).toBe(163);
    });

    it('have the win rate, deal size and sales cycle of an independent count', async () => {
      const { stages, win_rate_closed, avg_won, cycle_mean_days, cycle_median_days, won_value } = expected['maven-crm'];
      const answer = await performance('2016-10-01', '2018-01-01');
      expect(answer.winRate.closed).toEqual({ ratio: win_rate_closed, won: stages.Won, lost: stages.Lost });
      expect(answer.dealSize).toMatchObject([{ currency: 'USD', n: stages.Won, mean: avg_won.toFixed(2) }]);
      expect(answer.velocity.realised[0].wonValue).toBe(won_value.toFixed(2));
      expect(answer.salesCycle).toMatchObject({
        n: stages.Won,
        meanDays: cycle_mean_days,
        medianDays: cycle_median_days,
      });
    });

    it('have the won value and win rate of each quarter', async () => {
      const quarters = Object.entries<any>(expected['maven-crm'].by_close_quarter);
      expect(quarters).toHaveLength(4);
      for (const [index, [, { won, lost, won_value, win_rate }]] of quarters.entries()) {
        const first = (quarter: number): string => new Date(Date.UTC(2017, quarter * 3, 1)).toISOString().slice(0, 10);
        const answer = await performance(first(index), first(index + 1));
        expect(answer.winRate.closed).toEqual({ ratio: win_rate, won, lost });
        expect(answer.velocity.realised[0].wonValue).toBe(won_value.toFixed(2));
      }
    });

    it('have the velocity of their open deals, of which prospects are none', async () => {
      const { stages, open_deals, velocity_per_day_open_deals } = expected['maven-crm'];
      const at = '&asOf=2018-01-01T00:00:00Z';
      const [quarter] = (await performance('2017-10-01', '2018-01-01', `${at}&window=P90D`)).velocity.potential;
      expect(quarter).toMatchObject({ currency: 'USD', perDay: '44846.21', inputs: { openDeals: stages.Engaging } });
      // Over all closes of the file the independent count has the prospects among the open deals.
      const [all] = (await performance('2017-10-01', '2018-01-01', `${at}&window=P500D`)).velocity.potential;
      expect(Number(all.perDay)).toBeCloseTo((velocity_per_day_open_deals * stages.Engaging) / open_deals, 1);
    });

    it('are on the board as far as they are open', async () => {
      const board = await ask(`/v1/boards/${await pipelineId('Hardware sales')}?cards=0`);
      expect(board.columns.map(({ name, count: deals }: any) => [name, deals])).toEqual([
        ['Prospecting', 0],
        ['Engaging', expected['maven-crm'].stages.Engaging],
      ]);
    });
  });

  describe('the ticket log of a help desk', () => {
    const question = async (mode: string): Promise<string> =>
      `pipeline=${await pipelineId('Ticket desk')}&from=2010-01-01&to=2015-01-01&mode=${mode}`;
    const funnel = async (mode: string): Promise<any> => ask(`/v1/funnel?${await question(mode)}`);
    const byName = (stages: any[], of: (stage: any) => number): Record<string, number> =>
      Object.fromEntries(stages.map((stage) => [stage.name, of(stage)]));

    it('is in, each event in its place', () => {
      const { code, output } = results.get('helpdesk') ?? {};
      expect(code).toBe(0);
      expect(output).toContain(`${expected.helpdesk.events} rows read`);
      expect(output).toContain('\n0 refused');
      const ticketStages = new Set(expected.helpdesk.stage_order);
      const inStages = rowsOf('helpdesk').filter(({ activity }) => ticketStages.has(activity)).length;
      expect(output).toContain(`${inStages - sum(repeats().values())} are in as events of their cases`);
      expect(output).toContain(`${sum(repeats().values())} dropped`);
    });

    it('has as many deals in each stage as an independent count, in every reading', async () => {
      const { reached_cumulative, entered_distinct, strict_in_order } = expected.helpdesk;
      const reached = (await funnel('reached')).stages;
      expect(byName(reached, (stage) => stage.reached)).toEqual(reached_cumulative);
      expect(byName(reached, (stage) => stage.entered)).toEqual(entered_distinct);
      expect(byName((await funnel('entered')).stages, (stage) => stage.reached)).toEqual(entered_distinct);
      expect(byName((await funnel('strict')).stages, (stage) => stage.reached)).toEqual(strict_in_order);
    });

    it('has the moves into each stage that others count for deals, but for the repeats, which are no moves', async () => {
      const { stages, transitions } = await funnel('transitions');
      const into = byName(stages, ({ stageId }) =>
        sum(transitions.filter(({ to }: any) => to === stageId).map((one: any) => one.count)),
      );
      const repeated = repeats();
      const all = Object.entries(into).map(([name, moves]) => [name, moves + (repeated.get(name) ?? 0)]);
      expect(Object.fromEntries(all)).toEqual(expected.helpdesk.transitions_COUNT_star);
    });

    it('has as many cases that skip, go back, enter again or go on after the end as an independent count', async () => {
      const { cases_with_skip, cases_with_backward_move, cases_with_reentry, cases_with_move_after_Closed } =
        expected.helpdesk;
      const { stages, transitions } = await funnel('transitions');
      const skipping = new Set<string>();
      for (const { stageId } of stages) {
        for (const cell of ['skipped', 'startedLater']) {
          for (const id of await drill(`${await question('reached')}&stageId=${stageId}&cell=${cell}`))
            skipping.add(id);
        }
      }
      expect(skipping.size).toBe(cases_with_skip);

      const moves = events.filter(({ type }) => type === 'DealStageMoved');
      const back = moves.filter(({ data }) => data.direction === 'backward').map(({ stream }) => stream);
      expect(new Set(back).size).toBe(cases_with_backward_move);
      expect(sum(stages.map((stage: any) => stage.backwardFrom))).toBe(back.length);

      const entries = events
        .filter(({ type, data }) => type === 'DealStageMoved' || (type === 'DealOpened' && data.source === 'helpdesk'))
        .map(({ stream, type, data }) => [stream, type === 'DealOpened' ? data.stageId : data.to.stageId].join(' '));
      const seen = new Set<string>();
      const again = entries.filter((entry) => seen.has(entry) || !seen.add(entry));
      expect(new Set(again.map((entry) => entry.split(' ')[0])).size).toBe(cases_with_reentry);
      expect(sum(stages.map((stage: any) => stage.reentries))).toBe(again.length);

      const closed = stages.at(-1).stageId;
      const after = transitions.filter(({ from }: any) => from === closed);
      expect(sum(after.map((one: any) => one.count))).toBe(cases_with_move_after_Closed);
    });

    async function drill(path: string): Promise<string[]> {
      const deals: string[] = [];
      for (let cursor = ''; ;) {
        const page = await ask(`/v1/funnel/drill?${path}&limit=200${cursor}`);
        deals.push(...page.items.map(({ dealId }: any) => dealId));
        if (page.next === null) return deals;
        cursor = `&cursor=${page.next}`;
      }
    }

    /** By stage, the events that repeat the stage that their case is in. */
    function repeats(): Map<string, number> {
      const at = new Map<string, string>();
      const repeated = new Map<string, number>();
      for (const { case_id, activity } of rowsOf('helpdesk')) {
        if (!expected.helpdesk.stage_order.includes(activity)) continue;
        if (at.get(case_id) === activity) repeated.set(activity, (repeated.get(activity) ?? 0) + 1);
        at.set(case_id, activity);
      }
      return repeated;
    }
  });

  it(
    'are taken in once, however often they are imported, and beside a server',
    async () => {
      for (const name of ['maven-crm', 'helpdesk'] as const) {
        const { code, output } = await importFile(name);
        expect([code, output]).toEqual([0, expect.stringContaining('nothing changed: all')]);
      }
      const since = await client.get(`/v1/events?after=${events.at(-1).position}`);
      expect(since.body).toBe('');
    },
    LONG,
  );
});

function rowsOf(name: keyof typeof FILES): any[] {
  return parse(readFileSync(FILES[name]), { columns: true });
}

function sum(numbers: Iterable<number>): number {
  return [...numbers].reduce((total, each) => total + each, 0);
}
