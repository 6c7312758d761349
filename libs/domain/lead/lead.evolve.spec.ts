import { ADA, day, given, recorded, unknownEvent } from '../shared/testing/given.js';
import type { Told } from '../shared/testing/given.js';
import { opened } from '../shared/testing/deals.js';
import { BYRON, captured, disqualified, lead, nurtured, qualified, reopenedLead } from '../shared/testing/leads.js';
import { leadEventsAsOf } from './lead.as-of.js';
import type { EditLead } from './lead.commands.js';
import type { LeadConverted, LeadEvent } from './lead.events.js';
import { evolveLead, foldLead } from './lead.evolve.js';

const edited = (data: Omit<EditLead, 'type'>): LeadEvent => ({ type: 'LeadEdited', data });
const noted: LeadEvent = { type: 'LeadNoteAdded', data: { text: 'called' } };

/** The deal that the lead of `captured` and `qualified` becomes. */
function converted(change: Partial<LeadConverted['data']['deal']> = {}): LeadConverted {
  return {
    type: 'LeadConverted',
    data: {
      dealId: 'boiler',
      deal: opened({
        title: 'Boiler, plant 2',
        source: 'website',
        labels: ['hot'],
        personId: BYRON.id,
        leadId: 'plant-2',
        capturedAt: '2026-03-02T12:00:00.000Z',
        criteria: ['budget', 'authority', 'need', 'timeline'],
        ...change,
      }).data,
      contacts: [{ kind: 'person', ...BYRON, create: true }],
    },
  };
}

const NEW = [captured()];
const QUALIFIED = [captured(), qualified()];
const NURTURING = [captured(), nurtured()];
const DISQUALIFIED = [captured(), disqualified()];
const CONVERTED = [captured(), qualified(), converted()];

describe('a lead', () => {
  const state = (history: readonly Told<LeadEvent>[]) => given(lead, history).state();

  it('is what it was captured as', () => {
    expect(state(NEW)).toEqual({
      id: 'plant-2',
      teamId: null,
      engagement: {},
      activities: [],
      revision: 0,
      status: 'new',
      ...captured().data,
      capturedAt: day(0),
      followUpOn: null,
      qualification: null,
      disqualification: null,
      dealId: null,
      notes: [],
      last: {
        status: { at: day(0), revision: 0, type: 'LeadCaptured' },
        owner: { at: day(0), revision: 0, type: 'LeadCaptured' },
        value: { at: day(0), revision: 0, type: 'LeadCaptured' },
      },
    });
  });

  it('takes its fields from the last edit', () => {
    const changed = state([captured(), edited({ title: 'x' }), edited({ value: null, source: null })]);
    expect(changed).toMatchObject({ title: 'x', value: null, source: null, labels: ['hot'] });
    expect([changed.last.value.revision, changed.last.status.revision]).toEqual([2, 0]);
  });

  it('keeps its qualification when it is nurtured or reopened afterwards', () => {
    const kept = state([...QUALIFIED, nurtured(), reopenedLead()]);
    expect(kept.qualification).toMatchObject({ icpFit: 'strong', qualifiedAt: day(1) });
    expect(kept).toMatchObject({ status: 'new', followUpOn: null });
  });

  it('has a follow-up only while it is nurturing, a reason only while it is disqualified', () => {
    expect(state(NURTURING)).toMatchObject({ status: 'nurturing', followUpOn: '2026-09-01' });
    expect(state([...NURTURING, disqualified()])).toMatchObject({
      status: 'disqualified',
      followUpOn: null,
      disqualification: { reason: 'no-budget', note: null, at: day(2) },
    });
    expect(state([...DISQUALIFIED, reopenedLead()]).disqualification).toBeNull();
  });

  it('knows its deal once it is converted, and its notes', () => {
    expect(state(CONVERTED)).toMatchObject({ status: 'converted', dealId: 'boiler' });
    expect(state([...NEW, noted]).notes).toEqual([{ text: 'called', actor: ADA, occurredAt: day(1), revision: 1 }]);
  });

  it('as of an instant is what had happened by then', () => {
    const history = recorded<LeadEvent>([
      captured(),
      { ...edited({ title: 'x', value: null }), occurredAt: day(4) },
      { ...edited({ title: 'y' }), occurredAt: day(2) },
      { ...noted, occurredAt: day(-2) },
      { ...qualified(), occurredAt: day(3) },
    ]);
    const asOf = (days: number) => leadEventsAsOf(history, day(days)).map(({ revision }) => revision);
    expect([asOf(-1), asOf(0), asOf(3), asOf(4)]).toEqual([[], [0, 3], [0, 3, 4], [0, 1, 2, 3, 4]]);
    expect(foldLead(history, 'plant-2')?.title).toBe('y');
    expect(foldLead([], 'plant-2')).toBeNull();
  });

  it('is not folded from a history that was never decided', () => {
    const at = { occurredAt: day(0), recordedAt: day(0), revision: 0, actor: ADA };
    expect(() => evolveLead(null, { ...noted, ...at }, 'plant-2')).toThrow(/before LeadCaptured/);
    expect(() => state([captured(), captured()])).toThrow(/again/);
    const unknown = unknownEvent<LeadEvent>('LeadPainted');
    expect(() => state([captured(), unknown])).toThrow(/unknown event/);
    expect(() => leadEventsAsOf([{ ...unknown, ...at }], day(1))).toThrow(/unknown event/);
  });
});
