import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import type { DealOpened } from '#domain/deal/deal.events.js';
import type { LeadCaptured, LeadConverted } from '#domain/lead/lead.events.js';
import { ERASED, keyOfSealed, SEALED } from '#domain/personal/sealed-text.js';
import type { DomainEvent } from '#domain/shared/decision.js';
import { MemoryKeys } from '../testing/personal.js';
import { SealedForms, SealedTexts } from './personal-texts.js';
import { eachString, mapStrings } from './strings.js';

const at = 0;
const captured: LeadCaptured = {
  type: 'LeadCaptured',
  data: {
    title: 'Boiler for Ada',
    source: 'website',
    person: { id: 'p1', name: 'Ada', emails: ['ada@acme.test'], phones: ['+49 30 1234567'] },
    organization: { id: 'o1', name: 'Acme', emails: [], phones: [] },
    value: null,
    labels: ['hot'],
    ownerId: 'ann',
  },
};

function rig() {
  const keys = new MemoryKeys();
  const texts = new SealedTexts(keys);
  const sealed = async <E extends DomainEvent>(stream: string, event: E, forms = new SealedForms()): Promise<E> => {
    const [first] = await texts.seal(stream, [{ ...event, occurredAt: at }], forms);
    if (first === undefined) throw new Error('nothing was sealed');
    return first;
  };
  return { keys, texts, sealed };
}

describe('personal strings', () => {
  it('are sealed where they stand, each under the key of whom it is about, and free texts under one of their own', async () => {
    const { texts, sealed } = rig();
    const { data } = await sealed('lead-l1', captured);
    expect(keyOfSealed(data.person?.name ?? '')).toBe('person-p1');
    expect(keyOfSealed(data.person?.emails[0] ?? '')).toBe('person-p1');
    expect(keyOfSealed(data.organization?.name ?? '')).toBe('organization-o1');
    expect(keyOfSealed(data.title)).toMatch(/^t-[\w-]{22}$/u);
    expect(data).toMatchObject({ source: 'website', labels: ['hot'], ownerId: 'ann', person: { id: 'p1' } });
    expect(await texts.open(data)).toEqual(captured.data);
  });

  it('are sealed anew each time: equal ones cannot be told to be equal', async () => {
    const { sealed } = rig();
    const first = await sealed('lead-l1', captured);
    const second = await sealed('lead-l2', captured);
    expect(first.data.person?.name).not.toBe(second.data.person?.name);
    expect(first.data.title).not.toBe(second.data.title);
  });

  it('cannot be read once their key is destroyed; all others can', async () => {
    const { keys, texts, sealed } = rig();
    const { data } = await sealed('lead-l1', captured);
    await keys.destroy(['person-p1'], 'person-p1');
    expect(await texts.open(data)).toMatchObject({
      title: 'Boiler for Ada',
      person: { name: ERASED, emails: [ERASED] },
      organization: { name: 'Acme' },
    });
    await keys.destroyOwned('lead-l1');
    expect(await texts.open(data)).toMatchObject({ title: ERASED, organization: { name: 'Acme' } });
  });

  it('that are handed on keep their form, so that one erasure reaches all of them', async () => {
    const { keys, texts, sealed } = rig();
    const lead = await sealed('lead-l1', captured);
    const forms = new SealedForms();
    const opened = await texts.open(lead.data, forms);
    // A decider has looked at what was opened and hands it on; meanwhile the contact is erased.
    await keys.destroy(['person-p1'], 'person-p1');
    await keys.destroyOwned('lead-l1');
    const deal = { title: opened.title } as DealOpened['data'];
    const converted: LeadConverted = {
      type: 'LeadConverted',
      data: { dealId: 'd1', deal, contacts: [{ ...opened.person!, kind: 'person', create: true }] },
    };
    const { data } = await sealed('lead-l1', converted, forms);
    expect(data.deal.title).toBe(lead.data.title);
    expect(data.contacts[0]?.name).toBe(lead.data.person?.name);
    expect(await texts.open(data)).toMatchObject({ deal: { title: ERASED }, contacts: [{ name: ERASED }] });
  });

  it('of a contact go under its own key, also when they were read under the key of another', async () => {
    const { texts, sealed } = rig();
    const lead = await sealed('lead-l1', captured);
    const forms = new SealedForms();
    const { person } = await texts.open(lead.data, forms);
    const edited: DomainEvent = { type: 'ContactEdited', data: { emails: person?.emails ?? [] } };
    const taken = await sealed('person-p2', edited, forms);
    eachString(taken.data, (text) => expect(keyOfSealed(text)).toBe('person-p2'));
  });

  it('that are written of somebody who was erased are erased', async () => {
    const { keys, sealed } = rig();
    await keys.destroy(['person-p1'], 'person-p1');
    expect(await sealed('lead-l1', captured)).toMatchObject({
      data: { person: { name: ERASED, emails: [ERASED], phones: [ERASED] }, organization: { id: 'o1' } },
    });
  });

  it('stay as they were stored when they were altered, and are not taken for others', async () => {
    const { texts, sealed } = rig();
    const note = await sealed('deal-d1', { type: 'NoteAdded', data: { text: 'secret' } });
    const other = await sealed('deal-d1', { type: 'NoteAdded', data: { text: 'open' } });
    const altered = `${note.data.text.slice(0, -2)}AA`;
    expect(await texts.open({ text: altered })).toEqual({ text: altered });
    const swapped = note.data.text.replace(keyOfSealed(note.data.text) ?? '', keyOfSealed(other.data.text) ?? '');
    expect(await texts.open({ text: swapped })).toEqual({ text: swapped });
    expect(await texts.open({ text: `${SEALED}t-none:AA` })).toEqual({ text: ERASED });
  });

  it('are opened in the JSON of an answer, whatever they hold', async () => {
    const { texts, sealed } = rig();
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary' }), async (text) => {
        const note = await sealed('deal-d1', { type: 'NoteAdded', data: { text } });
        const answer = { items: [{ text: note.data.text, type: 'NoteAdded' }], next: `Not ${note.data.text}.` };
        expect(JSON.parse(await texts.openJson(JSON.stringify(answer)))).toEqual({
          items: [{ text, type: 'NoteAdded' }],
          next: `Not ${text}.`,
        });
      }),
    );
  });

  it('of stored events of every type are opened to what they were, and what is left plain is known', async () => {
    const { texts, sealed } = rig();
    const file = new URL('../../../../test/fixtures/golden-events.json', import.meta.url);
    const golden = JSON.parse(readFileSync(file, 'utf8')) as { stream: string; type: string; data: object }[];
    const plain = new Set<string>();
    for (const { stream, type, data } of golden) {
      if (JSON.stringify(data).includes(SEALED)) continue;
      const event = await sealed(stream, { type, data });
      expect(await texts.open(event.data)).toEqual(data);
      plainWords(event.data, '', (path) => plain.add(`${type}${path}`));
    }
    expect([...plain].sort()).toEqual([
      'LossReasonsSet.reasons',
      'PipelineCreated.name',
      'PipelineRenamed.name',
      'QualificationPolicySet.questions.text',
      'TargetsSet.targets.key',
    ]);
  });
});

/** Strings with a space between words: what only people write. */
function plainWords(value: unknown, path: string, tell: (path: string) => void): void {
  if (typeof value === 'string' && / /u.test(value) && !value.startsWith(SEALED)) tell(path);
  if (typeof value !== 'object' || value === null) return;
  for (const [name, item] of Object.entries(value))
    plainWords(item, Array.isArray(value) ? path : `${path}.${name}`, tell);
}

describe('strings in a value', () => {
  it('are replaced at any depth, and what does not change is the same object', () => {
    const value = { a: 'x', b: [{ c: 'y' }, 'x'], d: { e: 1, f: null } };
    const changed = mapStrings(value, (text) => (text === 'x' ? 'z' : text));
    expect(changed).toEqual({ a: 'z', b: [{ c: 'y' }, 'z'], d: { e: 1, f: null } });
    expect(changed.d).toBe(value.d);
    expect(mapStrings(value, (text) => text)).toBe(value);
  });
});
