import fc from 'fast-check';
import type { LeadCaptured, LeadEvent } from '#domain/lead/lead.events.js';
import { folded, only } from '../testing/folded.js';
import { leadHistories, recorded } from '../testing/histories.js';
import type { Happening } from '../testing/histories.js';
import { LEADS_VIEW } from './leads.view.js';

const ms = Date.parse;

function captured(data: Partial<LeadCaptured['data']> = {}): Happening {
  return happening('2026-03-01T09:00:00.000Z', {
    type: 'LeadCaptured',
    data: {
      title: 'Boiler, Plant 2',
      source: 'website',
      person: { id: 'p1', name: 'Ada BYRON', emails: ['ada@acme.test'], phones: [] },
      organization: { id: 'o1', name: null, emails: [], phones: [] },
      value: null,
      labels: ['hot'],
      ownerId: 'ann',
      ...data,
    },
  });
}

function happening(occurredAt: string, event: LeadEvent): Happening {
  return { ...event, occurredAt };
}

function inbox(...happenings: Happening[]) {
  return folded(LEADS_VIEW, recorded('lead-l1', happenings));
}

const nurtured = happening('2026-03-02T09:00:00.000Z', { type: 'LeadNurtured', data: { followUpOn: '2026-09-01' } });

describe('the inbox', () => {
  it('shows a captured lead as new', () => {
    const row = inbox(captured()).rows('lead')[0];
    expect(row).toMatchObject({
      id: 'l1',
      status: 'new',
      source: 'website',
      owner: 'ann',
      labels: ['hot'],
      capturedAt: ms('2026-03-01T09:00:00.000Z'),
      followUpOn: null,
      score: 0,
      search: 'boiler, plant 2\nada byron\n',
      body: { id: 'l1', revision: 0, title: 'Boiler, Plant 2', value: null },
    });
    const columns = Object.keys(LEADS_VIEW.schema.tables['lead']?.columns ?? {});
    expect(Object.keys(row ?? {}).sort()).toEqual(['id', ...columns].sort());
  });

  it('keeps the capture time when a lead is nurtured, and the follow-up day until it is reopened', () => {
    expect(only(['status', 'followUpOn', 'capturedAt'], inbox(captured(), nurtured).rows('lead')[0])).toEqual({
      status: 'nurturing',
      followUpOn: '2026-09-01',
      capturedAt: ms('2026-03-01T09:00:00.000Z'),
    });
    const reopened = happening('2026-03-03T09:00:00.000Z', { type: 'LeadReopened', data: {} });
    expect(only(['status', 'followUpOn'], inbox(captured(), nurtured, reopened).rows('lead')[0])).toEqual({
      status: 'new',
      followUpOn: null,
    });
  });

  it('is searched by the title as it is now', () => {
    const edited = happening('2026-03-02T09:00:00.000Z', { type: 'LeadEdited', data: { title: 'Pump' } });
    expect(inbox(captured(), edited).rows('lead')[0]?.['search']).toBe('pump\nada byron\n');
  });

  it('counts each lead once, under its status and owner', () => {
    expect(inbox(captured(), nurtured).counters).toEqual([
      { counter: 'status', dimensions: { status: 'nurturing', owner: 'ann' }, measures: { count: 1 } },
    ]);
  });

  it('passes over what a newer version wrote, but counts its revision', () => {
    const unknown: Happening = { type: 'LeadTeleported', data: { status: 'gone' }, occurredAt: '2026-03-02T09:00:00Z' };
    expect(inbox(captured(), unknown).rows('lead')[0]).toMatchObject({ status: 'new', body: { revision: 1 } });
    expect(() => inbox(unknown)).toThrow('lead-l1: begins with LeadTeleported');
  });

  it('has one row for each lead of any history, with the revision of its last event', () => {
    fc.assert(
      fc.property(leadHistories, (log) => {
        const rows = folded(LEADS_VIEW, log).rows('lead');
        const streams = new Set(log.map(({ stream }) => stream).filter((stream) => stream.startsWith('lead-')));
        expect(rows.map(({ id }) => `lead-${id}`).sort()).toEqual([...streams].sort());
        for (const row of rows) {
          const last = log.findLast(({ stream }) => stream === `lead-${row.id}`);
          expect(row['body']).toMatchObject({ revision: last?.revision, status: row['status'] });
        }
      }),
    );
  });
});
