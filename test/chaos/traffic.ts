import type { Ledger, SentCommand } from './ledger.js';
import type { Random } from './random.js';

const DAY = 86_400_000;
const CRITERIA = ['budget', 'authority', 'need', 'timeline'];

/** One command of a busy day. Writers share leads and deals, so that they get in each other's way. */
export function randomCommand(random: Random, ledger: Ledger): SentCommand {
  const kind = random.integer(1, 100);
  if (ledger.leads.length < 5 || kind <= 14) return capture(random, ledger);
  if (ledger.deals.length < 5 || kind <= 22) return open(random, ledger);
  if (kind <= 34) return qualify(random, ledger);
  if (kind <= 46 && ledger.qualified.length > 0) return convert(random, ledger);
  if (kind <= 50) return note(random, ledger, 'note-lead', `/v1/leads/${random.pick(ledger.leads)}`);
  return onDeal(random, ledger, `/v1/deals/${random.pick(ledger.deals.slice(-60))}`);
}

function capture(random: Random, ledger: Ledger): SentCommand {
  const person = { name: `Person ${random.integer(1, 1e6)}`, emails: [`p${random.integer(1, 1e6)}@acme.test`] };
  const organization = { name: `Organisation ${random.integer(1, 1e6)}` };
  const contacts = random.pick([{ person }, { organization }, { person, organization }]);
  return ledger.sending('capture', '/v1/leads', {
    ...chosenId(random),
    ...past(random),
    ...contacts,
    title: `Lead ${random.integer(1, 1e6)}`,
    source: random.pick(['website', 'referral', 'fair']),
    labels: random.chance(0.3) ? ['hot'] : [],
    ownerId: owner(random),
    ...(random.chance(0.7) && { value: value(random) }),
  });
}

/** Each time with other facts: qualifying a lead again with the same ones changes nothing. */
function qualify(random: Random, ledger: Ledger): SentCommand {
  const lead = random.pick(ledger.leads.slice(-40));
  const facts = `Heard in call ${random.integer(1, 1e9)}`;
  const criteria = Object.fromEntries(CRITERIA.map((name) => [name, { confirmed: true, facts }]));
  return ledger.sending('qualify', `/v1/leads/${lead}/qualify`, { criteria, icpFit: 'strong' });
}

function open(random: Random, ledger: Ledger): SentCommand {
  return ledger.sending('open', '/v1/deals', {
    ...chosenId(random),
    ...past(random),
    title: `Deal ${random.integer(1, 1e6)}`,
    pipelineId: random.pick(ledger.pipelines).id,
    value: value(random),
    ownerId: owner(random),
  });
}

function convert(random: Random, ledger: Ledger): SentCommand {
  const lead = random.pick(ledger.qualified.slice(-15));
  return ledger.sending('convert', `/v1/leads/${lead}/convert`, {
    pipelineId: random.pick(ledger.pipelines).id,
    contacts: { person: { create: true }, organization: { create: true } },
    ...(random.chance(0.4) && { dealId: random.uuid() }),
    ...(random.chance(0.3) && { ownerId: owner(random) }),
  });
}

function onDeal(random: Random, ledger: Ledger, deal: string): SentCommand {
  const kind = random.integer(1, 100);
  if (kind <= 32) {
    const toStageId = random.pick(random.pick(ledger.pipelines).stages);
    return ledger.sending('move-stage', `${deal}/move-stage`, { toStageId });
  }
  if (kind <= 52) return note(random, ledger, 'note-deal', deal);
  if (kind <= 67) return ledger.sending('change-value', `${deal}/change-value`, { value: value(random) });
  if (kind <= 80) return ledger.sending('assign', `${deal}/assign`, { ownerId: owner(random) });
  if (kind <= 86) return ledger.sending('win', `${deal}/win`, {});
  if (kind <= 92) return ledger.sending('lose', `${deal}/lose`, { reason: random.pick(['price', 'timing']) });
  return ledger.sending('reopen', `${deal}/reopen`, {});
}

function note(random: Random, ledger: Ledger, kind: 'note-lead' | 'note-deal', path: string): SentCommand {
  return ledger.sending(kind, `${path}/add-note`, { ...past(random), text: `Note ${random.integer(1, 1e9)}` });
}

function value(random: Random): { readonly amount: string; readonly currency: string } {
  return { amount: `${random.integer(1, 99_999)}.${random.integer(10, 99)}`, currency: random.pick(['EUR', 'USD']) };
}

function owner(random: Random): string {
  return `u-${random.integer(1, 5)}`;
}

/** Half of the creations bring an id of their own; the others get one that is derived from the key. */
function chosenId(random: Random): { readonly id?: string } {
  return random.chance(0.5) ? { id: random.uuid() } : {};
}

/** Half of what may have happened earlier did, so that something is stalled. */
function past(random: Random): { readonly occurredAt?: string } {
  return random.chance(0.5) ? { occurredAt: new Date(Date.now() - random.integer(1, 60) * DAY).toISOString() } : {};
}
