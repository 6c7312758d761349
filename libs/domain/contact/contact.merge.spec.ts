import fc from 'fast-check';
import { context, given, recorded } from '../shared/testing/given.js';
import {
  another,
  merge,
  mergeAbandoned,
  mergeCompleted,
  mergedInto,
  mergeRefused,
  mergeStarted,
  person,
  registered,
  unmergeCompleted,
  unmerged,
  unmergeStarted,
} from '../shared/testing/contacts.js';
import type { ContactCommand } from './contact.commands.js';
import { decideContact } from './contact.decide.js';
import type { ContactEvent } from './contact.events.js';
import { evolveContact } from './contact.evolve.js';
import type { ContactState } from './contact.state.js';

const join: ContactCommand = { type: 'JoinSurvivor', mergeId: 'm-c-1', survivorId: 'c-0' };
const leave: ContactCommand = { type: 'LeaveSurvivor', mergeId: 'u-c-1', survivorId: 'c-0' };
const unmerge: ContactCommand = { type: 'UnmergeContacts', mergeId: 'u-c-2', otherId: 'c-2' };
const end = (mergeId: string, joined = true): ContactCommand => ({ type: 'EndMerge', mergeId, joined });
const MERGED = [registered(), mergeStarted('c-2'), mergeCompleted('c-2')];

describe('a merge, on the survivor', () => {
  it('begins when both are free', () => {
    given(person, [registered()])
      .when(merge('c-2'))
      .then([mergeStarted('c-2')]);
    given(person, MERGED).when(merge('c-2')).thenNothing();
    given(person).when(merge('c-2')).thenRejected('not-found');
    given(person, [registered()])
      .when(merge('c-2', { other: null }))
      .thenRejected('not-found');
    given(person, [registered()]).when(merge('c-1')).thenRejected('invalid-request');
  });

  it('does not begin while either is merged, or being merged', () => {
    given(person, [registered(), mergedInto('c-9')])
      .when(merge('c-2'))
      .thenRejected('already-merged');
    given(person, [registered(), mergeStarted('c-3')])
      .when(merge('c-2'))
      .thenRejected('already-merged');
    for (const event of [mergedInto('c-9'), mergeStarted('c-9')]) {
      given(person, [registered()])
        .when(merge('c-2', { other: another('c-2', event) }))
        .thenRejected('already-merged');
    }
  });

  it('ends once, as the other has decided', () => {
    const started = [registered(), mergeStarted('c-2')];
    given(person, started)
      .when(end('m-c-2'))
      .then([mergeCompleted('c-2')]);
    given(person, started)
      .when(end('m-c-2', false))
      .then([mergeAbandoned('c-2')]);
    given(person, MERGED).when(end('m-c-2')).thenNothing();
    expect(given(person, MERGED).state()).toMatchObject({ merged: ['c-2'], pending: null });
    expect(given(person, [...started, mergeAbandoned('c-2')]).state()).toMatchObject({ merged: [], pending: null });
  });

  it('is undone', () => {
    given(person, MERGED)
      .when(unmerge)
      .then([unmergeStarted('c-2')]);
    given(person, [registered()])
      .when(unmerge)
      .thenRejected('wrong-status', { status: 'active', allowed: ['merged'] });
    given(person, [...MERGED, mergeStarted('c-3')])
      .when(unmerge)
      .thenRejected('already-merged');
    given(person, [...MERGED, unmergeStarted('c-2')])
      .when(end('u-c-2'))
      .then([unmergeCompleted('c-2')]);
    expect(given(person, [...MERGED, unmergeStarted('c-2'), unmergeCompleted('c-2')]).state()).toMatchObject({
      merged: [],
      pending: null,
    });
  });
});

describe('a merge, on the other', () => {
  it('is decided there, and never refused without a trace', () => {
    given(person, [registered()])
      .when(join)
      .then([mergedInto('c-0')]);
    for (const event of [mergedInto('c-9'), mergeStarted('c-9')]) {
      given(person, [registered(), event])
        .when(join)
        .then([mergeRefused('c-0')]);
    }
    const refused = given(person, [registered(), mergeRefused('c-0')]).state();
    expect(refused).toMatchObject({ mergedInto: null, revision: 1 });
  });

  it('is undone only where it stands', () => {
    given(person, [registered(), mergedInto('c-0')])
      .when(leave)
      .then([unmerged('c-0')]);
    given(person, [registered(), mergedInto('c-9')])
      .when(leave)
      .thenNothing();
    expect(given(person, [registered(), mergedInto('c-0'), unmerged('c-0')]).state().mergedInto).toBeNull();
  });
});

/** Three contacts, merged and unmerged at once; each step of each merge happens when the schedule comes to it. */
describe('merges that race', () => {
  const IDS = ['a', 'b', 'c'] as const;
  interface Race {
    readonly mergeId: string;
    readonly survivor: string;
    readonly other: string;
    readonly unmerge: boolean;
    step: 'start' | 'decide' | 'end' | 'over';
    joined: boolean;
  }

  it('never make a circle, and leave nothing pending', () => {
    const wish = fc.record({
      survivor: fc.constantFrom(...IDS),
      other: fc.constantFrom(...IDS),
      unmerge: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(wish, { maxLength: 12 }), fc.array(fc.nat(11), { maxLength: 60 }), (wishes, schedule) => {
        const contacts = new Map<string, ContactState>(IDS.map((id) => [id, another(id)]));
        const act = (id: string, command: ContactCommand): readonly ContactEvent[] => {
          const decision = decideContact(contacts.get(id) ?? null, command, context());
          const events = decision.ok ? decision.events : [];
          for (const event of recorded<ContactEvent>(events)) {
            contacts.set(id, evolveContact(contacts.get(id) ?? null, event, id));
          }
          expectNoCircle(contacts);
          return events;
        };
        const races: Race[] = wishes.map((each, index) => ({
          ...each,
          mergeId: `m-${index}`,
          step: 'start',
          joined: false,
        }));
        const advance = (race: Race): void => {
          const { mergeId, survivor, other } = race;
          if (race.step === 'start') {
            const command: ContactCommand = race.unmerge
              ? { type: 'UnmergeContacts', mergeId, otherId: other }
              : { type: 'MergeContacts', mergeId, otherId: other, other: contacts.get(other) ?? null };
            race.step = act(survivor, command).length > 0 ? 'decide' : 'over';
          } else if (race.step === 'decide') {
            const type = race.unmerge ? 'LeaveSurvivor' : 'JoinSurvivor';
            race.joined = act(other, { type, mergeId, survivorId: survivor })[0]?.type === 'ContactMergedInto';
            race.step = 'end';
          } else if (race.step === 'end') {
            act(survivor, { type: 'EndMerge', mergeId, joined: race.joined });
            race.step = 'over';
          }
        };
        for (const pick of schedule) {
          const race = races[pick];
          if (race !== undefined) advance(race);
        }
        // What was begun is finished by whoever comes; what was not begun stays so.
        for (const race of races) if (race.step !== 'start') for (let i = 0; i < 2; i++) advance(race);
        for (const contact of contacts.values()) {
          expect(contact.pending).toBeNull();
          for (const id of contact.merged) expect(contacts.get(id)?.mergedInto).toBe(contact.id);
          if (contact.mergedInto !== null) expect(contacts.get(contact.mergedInto)?.merged).toContain(contact.id);
        }
      }),
    );
  });

  function expectNoCircle(contacts: ReadonlyMap<string, ContactState>): void {
    for (const start of contacts.keys()) {
      let at: string | null = start;
      for (let hops = 0; at !== null; hops++) {
        expect(hops).toBeLessThanOrEqual(IDS.length);
        at = contacts.get(at)?.mergedInto ?? null;
      }
    }
  }
});
