import { randomUUID } from 'node:crypto';
import type { ContactCommand } from '#domain/contact/contact.commands.js';
import { decideContact } from '#domain/contact/contact.decide.js';
import type { DealCommand } from '#domain/deal/deal.commands.js';
import { decideDeal } from '#domain/deal/deal.decide.js';
import type { LeadCommand } from '#domain/lead/lead.commands.js';
import { decideLead } from '#domain/lead/lead.decide.js';
import { ERASED } from '#domain/personal/sealed-text.js';
import { open } from '#domain/shared/testing/deals.js';
import { capture } from '#domain/shared/testing/leads.js';
import { register } from '#domain/shared/testing/contacts.js';
import { CONTACTS_VIEW } from '#views/contacts/contacts.view.js';
import { DEAL, LEAD, PERSON } from '../aggregate.js';
import { CommandExecutor } from '../execute.js';
import { textKeysIn } from '../personal/erasure.js';
import { SealedTexts } from '../personal/personal-texts.js';
import { Streams } from '../streams.js';
import { MemoryKeys } from '../testing/personal.js';
import { projectedLog, type ProjectedLog } from '../testing/projected-log.js';
import { keyedRequest } from '../testing/requests.js';
import { UnreliableEventStore, type AppendFault } from '../testing/unreliable-event-store.js';
import { erasePersonalData } from './erase-personal-data.js';
import { reactToEnd, reactUntil } from '../testing/reacting.js';

const NAME = 'erase-personal-data';
let rig: ProjectedLog;
let keys: MemoryKeys;
let texts: SealedTexts;
let commands: CommandExecutor;
beforeEach(async () => {
  rig = await projectedLog([CONTACTS_VIEW]);
  keys = new MemoryKeys();
  texts = new SealedTexts(keys);
  commands = new CommandExecutor(new Streams(rig.log.store, texts), undefined, 60_000);
});
afterEach(() => rig.remove());

const request = () => keyedRequest(randomUUID());
const onPerson = (id: string, command: ContactCommand) =>
  commands.execute(PERSON, id, request(), (state, context) => decideContact(state, command, context));
const onLead = (id: string, command: LeadCommand) =>
  commands.execute(LEAD, id, request(), (state, context) => decideLead(state, command, context));
const onDeal = (id: string, command: DealCommand) =>
  commands.execute(DEAL, id, request(), (state, context) => decideDeal(state, command, context));

const erase = (id: string) => onPerson(id, { type: 'EraseContact', kind: 'person', isKnown: true });

/** A person, a lead of his that is not registered anywhere else, and a deal, each with a note. */
async function story() {
  const [person, other, lead, deal] = [randomUUID(), randomUUID(), randomUUID(), randomUUID()];
  await onPerson(person, register());
  await onPerson(other, register({ name: 'Somebody else' }));
  const details = { id: person, name: 'Ada Byron', emails: [], phones: [] };
  await onLead(lead, capture({ id: lead, title: 'Boiler for Ada', person: details }));
  await onLead(lead, { type: 'AddLeadNote', text: 'Ada called' });
  await onDeal(deal, open({ id: deal, title: 'Pump for Ada', personId: person }));
  await onDeal(deal, { type: 'AddNote', text: 'Ada wrote' });
  return { person, other, lead, deal };
}

/** All that can be read of streams. */
async function readable(...streams: readonly string[]): Promise<string> {
  const data = [];
  for (const stream of streams) {
    for (const event of await rig.log.store.readStream(stream)) data.push(await texts.open(event.data));
  }
  return JSON.stringify(data);
}

/** Runs the reactor, in a process of its own, until it has handled the log to its end, or what is waited for has come. */
async function react(store: UnreliableEventStore | null = null, until?: () => boolean): Promise<void> {
  const events = store ?? rig.log.store;
  const deadlineMs = store === null ? 60_000 : 100;
  const reactor = erasePersonalData(new Streams(events, texts), keys, rig.views, rig.work, deadlineMs);
  await (until === undefined ? reactToEnd(reactor, events, rig.work) : reactUntil(until, reactor, events, rig.work));
}

async function erasures(...streams: readonly string[]): Promise<readonly string[]> {
  const types = [];
  for (const stream of streams) {
    for (const { type } of await rig.log.store.readStream(stream)) if (/Eras/u.test(type)) types.push(type);
  }
  return types;
}

describe('the erasure of a contact', () => {
  it('reaches the texts of all its leads and deals, and nobody else', async () => {
    const { person, other, lead, deal } = await story();
    await erase(person);
    await react();
    const left = await readable(`person-${person}`, `lead-${lead}`, `deal-${deal}`);
    expect(left).not.toMatch(/Ada|acme\.test/u);
    expect(left).toContain(ERASED);
    expect(await readable(`person-${other}`)).toContain('Somebody else');
    expect(await erasures(`lead-${lead}`, `deal-${deal}`)).toEqual(['TextsErased', 'TextsErased']);
  });

  it('reaches those that were merged into it, and those merged into them', async () => {
    const { person, other, deal } = await story();
    const third = randomUUID();
    await onPerson(third, register({ name: 'Ada once more' }));
    for (const [survivorId, otherId] of [
      [person, third],
      [other, person],
    ] as const) {
      const mergeId = randomUUID();
      const { state } = await commands.streams.load(PERSON, otherId);
      await onPerson(survivorId, { type: 'MergeContacts', mergeId, otherId, other: state });
      await onPerson(otherId, { type: 'JoinSurvivor', mergeId, survivorId });
      await onPerson(survivorId, { type: 'EndMerge', mergeId, joined: true });
    }
    await erase(other);
    await react();
    const streams = [person, other, third].map((id) => `person-${id}`);
    expect(await readable(...streams, `deal-${deal}`)).not.toMatch(/Ada|Somebody/u);
    expect(await erasures(...streams)).toEqual(['PersonErased', 'PersonErased', 'PersonErased']);
  });

  it('reaches what is linked to it later', async () => {
    const { person } = await story();
    await erase(person);
    await react();
    const late = randomUUID();
    await onDeal(late, open({ id: late, title: 'Decided just before', personId: person }));
    await react();
    expect(await readable(`deal-${late}`)).not.toContain('Decided');
  });

  it('is done once, however often and by however many it is done', async () => {
    const { person, lead, deal } = await story();
    await erase(person);
    await Promise.all([react(), react(), react()]);
    const checkpoint = await rig.work.checkpoint(NAME);
    if (checkpoint !== null) await rig.work.forgetCheckpoint(NAME, checkpoint);
    await react();
    expect(await erasures(`person-${person}`, `lead-${lead}`, `deal-${deal}`)).toHaveLength(3);
  });

  it.each<AppendFault>(['hung-before', 'hung-after', 'lost-after', 'refused'])(
    'is finished after a stop at every point (%s)',
    async (fault) => {
      for (let before = 0; before < 2; before++) {
        const { person, lead, deal } = await story();
        await erase(person);
        const store = new UnreliableEventStore(rig.log.store);
        store.faults.push(...Array<AppendFault>(before).fill('none'), ...Array<AppendFault>(100).fill(fault));
        await react(store, () => store.sent.length > before);
        await react();
        expect(await readable(`person-${person}`, `lead-${lead}`, `deal-${deal}`)).not.toMatch(/Ada|acme\.test/u);
        expect(await erasures(`person-${person}`, `lead-${lead}`, `deal-${deal}`)).toHaveLength(3);
      }
    },
  );

  it('is applied again to keys that came back with a backup, if its checkpoint came back with them', async () => {
    const { person, lead, deal } = await story();
    const backup = keys.copy();
    await erase(person);
    await react();
    const checkpoint = await rig.work.checkpoint(NAME);
    if (checkpoint !== null) await rig.work.forgetCheckpoint(NAME, checkpoint);
    keys.restore(backup);
    expect(await readable(`person-${person}`, `lead-${lead}`)).toContain('Ada');
    await react();
    expect(await readable(`person-${person}`, `lead-${lead}`, `deal-${deal}`)).not.toMatch(/Ada|acme\.test/u);
  });
});

describe('a text that is redacted', () => {
  it('goes with its key, by the reactor if the command did not come to it', async () => {
    const { deal } = await story();
    const [, note] = await rig.log.store.readStream(`deal-${deal}`);
    const noteKeys = textKeysIn(note?.data ?? {});
    expect(noteKeys).toHaveLength(1);
    await onDeal(deal, { type: 'RedactText', revision: 1, keys: noteKeys });
    await react();
    const left = await readable(`deal-${deal}`);
    expect(left).toContain('Pump for Ada');
    expect(left).not.toContain('Ada wrote');
  });
});
