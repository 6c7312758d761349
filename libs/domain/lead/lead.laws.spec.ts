import fc from 'fast-check';
import { DAY, START, folded } from '../shared/testing/given.js';
import { euro } from '../shared/testing/deals.js';
import {
  ACME,
  capture,
  convert,
  criteria,
  disqualify,
  engage,
  lead,
  nurture,
  qualify,
  revertLead,
} from '../shared/testing/leads.js';
import { steps, walk } from '../shared/testing/walk.js';
import { leadEventsAsOf } from './lead.as-of.js';
import type { LeadCommand } from './lead.commands.js';
import type { LeadEvent, LeadStatus } from './lead.events.js';
import type { LeadState } from './lead.state.js';

const value = fc.option(fc.constantFrom('0.00', '100.00', '-1.00').map(euro));
const command: fc.Arbitrary<LeadCommand> = fc.oneof(
  { weight: 1, arbitrary: value.map((v) => capture({ value: v })) },
  {
    weight: 3,
    arbitrary: fc
      .record({ title: fc.constantFrom('x', 'y'), source: fc.constantFrom(null, 'fair'), value }, { requiredKeys: [] })
      .map((change): LeadCommand => ({ type: 'EditLead', ...change })),
  },
  {
    weight: 3,
    arbitrary: fc
      .constantFrom(criteria(), criteria(), criteria('need'))
      .map((answers) => qualify({ criteria: answers })),
  },
  { weight: 2, arbitrary: fc.constantFrom('no-budget', 'weather').map(disqualify) },
  { weight: 2, arbitrary: fc.constantFrom('2026-09-01', '2026-10-01', '2026-01-01').map((on) => nurture(on)) },
  { weight: 2, arbitrary: fc.constant<LeadCommand>({ type: 'ReopenLead' }) },
  { weight: 1, arbitrary: fc.constant<LeadCommand>({ type: 'AddLeadNote', text: 'called' }) },
  {
    weight: 3,
    arbitrary: fc.constantFrom<LeadCommand>(
      { type: 'AssignLead', ownerId: 'u-bo', teamId: null },
      { type: 'AssignLead', ownerId: 'u-ada', teamId: null },
      { type: 'LabelLead', add: ['vip'], remove: ['hot'] },
      { type: 'LabelLead', add: ['hot'], remove: ['vip'] },
      { type: 'LinkLeadContact', organization: ACME },
      { type: 'ArchiveLead' },
      engage('link-clicked'),
    ),
  },
  { weight: 1, arbitrary: fc.constantFrom('boiler', 'other').map((dealId) => convert({ dealId })) },
  { weight: 1, arbitrary: fc.constantFrom('boiler', 'other').map(revertLead) },
);

/** What may follow what; a status may also stay. */
const NEXT: Readonly<Record<LeadStatus, readonly LeadStatus[]>> = {
  new: ['nurturing', 'qualified', 'disqualified', 'archived'],
  nurturing: ['new', 'qualified', 'disqualified', 'archived'],
  qualified: ['nurturing', 'disqualified', 'archived', 'converted'],
  disqualified: ['new', 'archived'],
  archived: ['new'],
  converted: ['qualified'],
};

const OF_STATUS: ReadonlySet<string> = new Set([
  'LeadCaptured',
  'LeadQualified',
  'LeadDisqualified',
  'LeadNurtured',
  'LeadReopened',
  'LeadArchived',
  'LeadConverted',
  'LeadConversionReverted',
]);

/** The property holds for every walk of a lead through random commands, refused ones included. */
function always(holds: (taken: ReturnType<typeof walk<LeadState, LeadCommand, LeadEvent>>) => void) {
  const first = {
    command: capture(),
    wait: 0,
    ago: null,
    actor: { id: 'u-ada', kind: 'user' as const },
    mayOverride: false,
  };
  fc.assert(
    fc.property(steps(command), fc.boolean(), (path, caught) => holds(walk(lead, caught ? [first, ...path] : path))),
    { numRuns: 400 },
  );
}

describe('whatever happens to a lead', () => {
  it('its status changes only as the table says', () => {
    always((taken) => {
      for (const { before, after } of taken) {
        if (before === null || after === null || before.status === after.status) continue;
        expect(NEXT[before.status]).toContain(after.status);
      }
    });
  });

  it('it has a deal, a follow-up and a reason exactly when its status says so', () => {
    always((taken) => {
      const state = taken.at(-1)?.after;
      if (state == null) return;
      expect(state.dealId !== null).toBe(state.status === 'converted');
      expect(state.followUpOn !== null).toBe(state.status === 'nurturing');
      expect(state.disqualification !== null).toBe(state.status === 'disqualified');
      if (state.status === 'qualified' || state.status === 'converted') expect(state.qualification).not.toBeNull();
    });
  });

  it('once converted nothing happens to it, but that the conversion is taken back', () => {
    always((taken) => {
      const whole = taken.at(-1)?.history ?? [];
      // Interest is recorded whatever has become of the lead.
      const history = whole.filter(({ type }) => type !== 'LeadEngagementRecorded');
      for (const [index, { type }] of history.entries()) {
        const next = history[index + 1]?.type;
        if (type === 'LeadConverted') expect([undefined, 'LeadConversionReverted']).toContain(next);
        else expect(next).not.toBe('LeadConversionReverted');
      }
    });
  });

  it('time goes on within the status and within the value', () => {
    always((taken) => {
      const history = taken.at(-1)?.history ?? [];
      const ordered = (events: typeof history) => {
        const times = events.map(({ occurredAt }) => occurredAt);
        expect(times).toEqual([...times].sort((a, b) => a - b));
      };
      ordered(history.filter(({ type }) => OF_STATUS.has(type)));
      ordered(history.filter(({ type }) => type === 'LeadCaptured' || type === 'LeadAssigned'));
      ordered(
        history.filter(({ type, data }) => type === 'LeadCaptured' || (type === 'LeadEdited' && 'value' in data)),
      );
    });
  });

  it('a command sent again at once changes nothing or is refused; only a note or a sign of interest is added again', () => {
    always((taken) => {
      for (const { command: sent, context, after } of taken) {
        if (sent.type === 'AddLeadNote' || sent.type === 'RecordLeadEngagement') continue;
        const again = lead.decide(after, sent, context);
        if (again.ok) expect(again.events).toEqual([]);
      }
    });
  });

  it('as of any instant it is a lead from its capture on, and in the end itself', () => {
    fc.assert(
      fc.property(steps(command), fc.integer({ min: -6, max: 60 }), (path, days) => {
        const { history, after } = walk(lead, path).at(-1) ?? { history: [], after: null };
        const asOf = START + days * DAY;
        const state = folded(lead, leadEventsAsOf(history, asOf));
        expect(state === null).toBe((history[0]?.occurredAt ?? Infinity) > asOf);
        expect(folded(lead, leadEventsAsOf(history, Number.MAX_SAFE_INTEGER))).toEqual(after);
      }),
      { numRuns: 400 },
    );
  });
});
