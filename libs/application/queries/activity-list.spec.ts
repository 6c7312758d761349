import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { DEFAULT_SETTINGS } from '#domain/settings/settings.js';
import { MemoryViews } from '#reports/testing/memory-views.js';
import { SqliteDatabase } from '#view-store/adapters/sqlite/database.js';
import { firstPageSql } from '#view-store/adapters/sqlite/find.js';
import { SqliteViewStore } from '#view-store/adapters/sqlite/view-store.js';
import type { FindRequest, Row } from '#view-store/port.js';
import { ACTIVITIES } from '#views/activities/activities.schema.js';
import { ActivityListQuery, ACTIVITY_STATUSES, type ActivityListParameters } from './activity-list.query.js';

const HOUR = 3_600_000;
/** Half past eleven at night in Berlin. */
const NOW = Date.parse('2026-03-10T22:30:00.000Z');
const ASKED: ActivityListParameters = {
  ...{ status: [], assignee: [], kind: [], deal: [], lead: [], dueFrom: null, dueTo: null, tz: null },
  ...{ limit: 50, cursor: null },
};
const KINDS = ['call', 'demo', 'task'] as const;

const row = (id: string, given: Partial<Row> = {}): Row => ({
  ...{ id, activity: id, deal: null, lead: null, kind: 'call', subject: id, status: 'planned', dueAt: NOW },
  ...{ assignee: 'u-1', doneAt: null, outcome: null, occurrence: null, targetCount: null, pending: null },
  ...given,
});

function listOf(rows: readonly Row[], timeZone = 'Europe/Berlin') {
  const views = new MemoryViews([{ schema: ACTIVITIES, rows: rows.map((each) => ({ table: 'activity', row: each })) }]);
  const policies = { settings: () => Promise.resolve({ ...DEFAULT_SETTINGS, timeZone }) };
  const query = new ActivityListQuery(views, policies, () => NOW);
  return { views, list: (asked: Partial<ActivityListParameters> = {}) => query.list({ ...ASKED, ...asked }) };
}

async function idsOf(rows: readonly Row[], asked: Partial<ActivityListParameters> = {}) {
  return (await listOf(rows).list(asked)).items.map(({ activityId }) => activityId);
}

describe('the list of activities', () => {
  const rows = [
    row('later', { dueAt: NOW + 48 * HOUR }),
    row('tonight', { dueAt: NOW + HOUR / 2 - 1 }),
    row('tomorrow', { dueAt: NOW + HOUR / 2 }),
    row('now', { dueAt: NOW }),
    row('late', { dueAt: NOW - 48 * HOUR }),
    row('done', { status: 'done', dueAt: NOW - HOUR, doneAt: NOW, outcome: 'sold' }),
    row('dropped', { status: 'cancelled', dueAt: NOW + HOUR }),
  ];

  it('is what is planned, the first due on top, unless something else is asked for', async () => {
    expect(await idsOf(rows)).toEqual(['late', 'now', 'tonight', 'tomorrow', 'later']);
    expect(await idsOf(rows, { status: ['done', 'cancelled'] })).toEqual(['done', 'dropped']);
    expect(await idsOf(rows, { status: ['done', 'overdue'] })).toEqual(['late', 'done', 'now']);
  });

  it('is what is overdue, or what is to be done by the end of the day, of the organisation or of a zone', async () => {
    expect(await idsOf(rows, { status: ['overdue'] })).toEqual(['late', 'now']);
    expect(await idsOf(rows, { status: ['due'] })).toEqual(['late', 'now', 'tonight']);
    expect(await idsOf(rows, { status: ['due'], tz: 'UTC' })).toEqual(['late', 'now', 'tonight', 'tomorrow']);
    expect(await idsOf(rows, { status: ['overdue', 'planned'] })).toHaveLength(5);
  });

  it('is what falls due on some days', async () => {
    expect(await idsOf(rows, { dueFrom: '2026-03-10', dueTo: '2026-03-11' })).toEqual(['now', 'tonight']);
    expect(await idsOf(rows, { dueFrom: '2026-03-11', status: ['due'] })).toEqual([]);
  });

  it('says of each what it is', async () => {
    const { items } = await listOf([row('a', { deal: 'd', outcome: null })]).list();
    expect(items).toEqual([
      {
        ...{ activityId: 'a', dealId: 'd', leadId: null, kind: 'call', subject: 'a', status: 'planned' },
        ...{ dueAt: '2026-03-10T22:30:00.000Z', overdue: true, assigneeId: 'u-1', doneAt: null, outcome: null },
        ...{ occurrence: null, targetCount: null },
      },
    ]);
  });

  const world = fc.array(
    fc.record({
      hours: fc.integer({ min: -40, max: 40 }),
      assignee: fc.constantFrom('u-1', 'u-2', 'u-3'),
      kind: fc.constantFrom(...KINDS),
      status: fc.constantFrom('planned', 'planned', 'done', 'cancelled'),
      deal: fc.constantFrom(null, 'd-1', 'd-2'),
    }),
    { maxLength: 40 },
  );
  const questions = fc.record({
    status: fc.subarray([...ACTIVITY_STATUSES]),
    assignee: fc.subarray(['u-1', 'u-2', 'u-3', 'u-4']),
    kind: fc.subarray([...KINDS]),
    deal: fc.subarray(['d-1', 'd-2']),
    dueFrom: fc.constantFrom(null, '2026-03-10'),
    dueTo: fc.constantFrom(null, '2026-03-12'),
    limit: fc.integer({ min: 1, max: 7 }),
  });

  it('in pages is the whole in order, each once, whatever is asked', async () => {
    const isAny = (values: readonly unknown[], value: unknown) => values.length === 0 || values.includes(value);
    const law = fc.asyncProperty(world, questions, async (given, asked) => {
      const rows = given.map(({ hours, ...columns }, index) =>
        row(`a-${index}`, { ...columns, dueAt: NOW + hours * HOUR }),
      );
      const expected = rows
        .filter((each) => {
          const dueAt = Number(each['dueAt']);
          const names = [each['status'], ...(each['status'] === 'planned' && dueAt <= NOW ? ['overdue'] : [])];
          if (each['status'] === 'planned' && dueAt < Date.parse('2026-03-10T23:00:00Z')) names.push('due');
          const wanted = asked.status.length === 0 ? ['planned'] : asked.status;
          return (
            names.some((name) => wanted.some((status) => status === name)) &&
            isAny(asked.assignee, each['assignee']) &&
            isAny(asked.kind, each['kind']) &&
            isAny(asked.deal, each['deal']) &&
            (asked.dueFrom === null || dueAt >= Date.parse('2026-03-09T23:00:00Z')) &&
            (asked.dueTo === null || dueAt < Date.parse('2026-03-11T23:00:00Z'))
          );
        })
        .sort((a, b) => Number(a['dueAt']) - Number(b['dueAt']) || (a.id < b.id ? -1 : 1))
        .map(({ id }) => id);
      const { list } = listOf(rows);
      const seen: unknown[] = [];
      for (let cursor: string | null = null; ;) {
        const page = await list({ ...asked, cursor });
        expect(page.items.length).toBeLessThanOrEqual(asked.limit);
        seen.push(...page.items.map(({ activityId }) => activityId));
        if (page.next === null) break;
        cursor = page.next;
      }
      expect(seen).toEqual(expected);
    });
    await fc.assert(law, { numRuns: 200 });
  });
});

describe('each part of the list', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'activity-list-'));
    const store = SqliteViewStore.open(folder);
    await store.prepare(ACTIVITIES);
    await store.createIndexes(ACTIVITIES);
    await store.close();
  });
  afterAll(() => rm(folder, { recursive: true }));

  const many = Array.from({ length: 200 }, (_, index) => `u-${index}`);
  it.each<[string, Partial<ActivityListParameters>, RegExp]>([
    ['of everybody', {}, /by_status_dueAt/],
    ['of one', { assignee: ['u-1'], status: ['due'] }, /by_assignee_status_dueAt/],
    ['of several', { assignee: ['u-1', 'u-2'], status: ['due', 'done'] }, /by_assignee_status_dueAt/],
    ['of a kind', { kind: ['demo'] }, /by_kind_status_dueAt/],
    ['of one and a kind', { assignee: ['u-1'], kind: ['demo'] }, /by_assignee_kind_status_dueAt/],
    ['of a deal', { deal: ['d-1'], kind: ['demo'], assignee: ['u-1'] }, /by_deal_dueAt/],
    ['of several leads', { lead: ['l-1', 'l-2'], status: ['overdue'] }, /by_lead_dueAt/],
    ['of some days', { dueFrom: '2026-03-01', dueTo: '2026-04-01' }, /by_status_dueAt/],
    ['of very many', { assignee: many, status: ['planned', 'done'] }, /by_assignee_status_dueAt/],
    ['of very many and two kinds', { assignee: many, kind: ['demo', 'call'] }, /by_assignee_(kind_)?status_dueAt/],
  ])('%s is a range of an index', async (_, asked, index) => {
    const { views, list } = listOf([]);
    await list(asked);
    const database = SqliteDatabase.open(join(folder, 'activities.db'), { cacheMiB: 1 });
    for (const request of views.calls.flat().filter((each): each is FindRequest => each.kind === 'find')) {
      const { sql, params } = firstPageSql(ACTIVITIES, request);
      const plan = database.rows(`EXPLAIN QUERY PLAN ${sql}`, params).map((step) => String(step[3]));
      expect(plan[0]).toMatch(index);
      expect(plan).toHaveLength(1);
    }
    database.close();
  });
});
