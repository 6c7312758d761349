import type { LeadEvent } from '#domain/lead/lead.events.js';
import { lost, moved, noted, opened, overridden, unknown } from '../testing/deal-happenings.js';
import { folded } from '../testing/folded.js';
import { recorded } from '../testing/histories.js';
import { TIMELINE_VIEW } from './timeline.view.js';

const at = '2026-03-01T09:00:00.000Z';

function lead(event: LeadEvent) {
  return { ...event, occurredAt: at };
}

describe('the timeline', () => {
  it('has an entry for each event of a deal, under its position', () => {
    const note = noted('2026-02-27T09:00:00.000Z', 'met at the fair', {
      recordedAt: '2026-03-02T09:00:00.000Z',
      actor: { id: 'bob', kind: 'api-key' },
    });
    const entries = folded(TIMELINE_VIEW, recorded('deal-d1', [opened(at), note], 100n)).rows('entry');
    expect(entries.map(({ id }) => id)).toEqual([100, 103]);
    expect(entries[1]).toEqual({
      id: 103,
      stream: 'deal-d1',
      revision: 1,
      type: 'NoteAdded',
      actorId: 'bob',
      actorKind: 'api-key',
      occurredAt: Date.parse('2026-02-27T09:00:00.000Z'),
      recordedAt: Date.parse('2026-03-02T09:00:00.000Z'),
      text: 'met at the fair',
    });
  });

  it('shows what people wrote', () => {
    const log = [
      ...recorded('deal-d1', [
        opened(at),
        overridden(at, 'demo', 'signed on paper'),
        moved(at, 'prospecting', 'demo'),
        lost(at, 'demo', 'price', 'went elsewhere'),
      ]),
      ...recorded(
        'lead-l1',
        [
          lead({ type: 'LeadNoteAdded', data: { text: 'call back' } }),
          lead({ type: 'LeadDisqualified', data: { reason: 'no-budget', note: 'next year' } }),
          lead({ type: 'LeadNurtured', data: { followUpOn: '2026-09-01' } }),
        ],
        1000n,
      ),
    ];
    expect(
      folded(TIMELINE_VIEW, log)
        .rows('entry')
        .map(({ type, text }) => [type, text]),
    ).toEqual([
      ['DealOpened', null],
      ['GateOverridden', 'signed on paper'],
      ['DealStageMoved', null],
      ['DealLost', 'went elsewhere'],
      ['LeadNoteAdded', 'call back'],
      ['LeadDisqualified', 'next year'],
      ['LeadNurtured', null],
    ]);
  });

  it('shows by name alone what a newer version wrote, also at the head of a stream', () => {
    const [entry] = folded(TIMELINE_VIEW, recorded('deal-d1', [unknown(at)])).rows('entry');
    expect(entry).toMatchObject({ type: 'DealTeleported', text: null });
  });

  it('leaves out streams that are of no lead, deal or contact', () => {
    const [event] = recorded('pipeline-p1', [{ type: 'NoteAdded', data: { text: 'no' }, occurredAt: at }]);
    expect(event && TIMELINE_VIEW.key(event)).toBeNull();
  });

  it('refuses a position that a row’s id cannot hold exactly', () => {
    const largest = BigInt(Number.MAX_SAFE_INTEGER);
    expect(folded(TIMELINE_VIEW, recorded('deal-d1', [opened(at)], largest)).rows('entry')[0]?.id).toBe(
      Number.MAX_SAFE_INTEGER,
    );
    expect(() => folded(TIMELINE_VIEW, recorded('deal-d1', [opened(at)], largest + 1n))).toThrow(RangeError);
  });
});
