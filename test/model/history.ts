import type { Answer } from '../support/client.js';
import { applied, type DealStep, winBackDeal } from './deal-model.js';
import type { ModelDeal, Result } from './deal-state.js';
import { appliedToLead, dealOf, type LeadStep } from './lead-model.js';
import type { SalesFloor } from './sales-floor.js';
import type { Act, World } from './world.js';

/** A command of a race, as it was sent and answered. */
export interface Sent {
  readonly act: Act;
  readonly correlation: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly answer: Answer;
}

/**
 * Expects that each stream holds what the model says, command by command in the order in which they were stored there,
 * and leaves the world as the histories make it. What was answered with success is stored, or changed nothing; what was
 * refused left nothing but the traces of a merge; and a stored command is answered again as it was.
 */
export async function expectHistory(floor: SalesFloor, world: World, sent: readonly Sent[]): Promise<void> {
  const commands = new Map(sent.map((each) => [each.correlation, each]));
  const stored = new Set<string>();
  /** Deals that the race made, as they began. */
  const made = new Map<string, ModelDeal>();
  /** Deals of win-backs that another one followed. */
  const inVain: string[] = [];

  for (const [id, lead] of world.leads) {
    world.leads.set(
      id,
      await walked(floor, 'leads', id, lead, lead.types.length, (model, act, types) => {
        const step = leadStep(act);
        if (act.on === 'conversion') made.set(act.made, dealOf(model, id, act.to, act.value));
        return [appliedToLead(model, step), types];
      }),
    );
  }
  const onDeal = (id: string) => (model: ModelDeal, act: Act, types: readonly string[]) => {
    const step = dealStep(act, types[0] ?? '');
    if (act.on === 'customer') {
      made.set(act.made, winBackDeal(model, id, act.to, act.value));
      if (model.wonBackBy !== null) inVain.push(model.wonBackBy);
    }
    return [applied(model, step), types] as const;
  };
  for (const [id, deal] of world.deals) {
    world.deals.set(id, await walked(floor, 'deals', id, deal, deal.log.length, onDeal(id)));
  }
  for (const { act, answer, correlation } of sent) {
    if (act.on !== 'opening') continue;
    expect([act, answer.status]).toEqual([act, 201]);
    world.act(act);
    stored.add(correlation);
  }
  for (const [id, deal] of made) world.deals.set(id, await walked(floor, 'deals', id, deal, 1, onDeal(id)));
  for (const id of inVain) expect(world.deals.get(id)).toMatchObject({ status: 'voided' });

  for (const { act, correlation, headers, answer } of sent) {
    const accepted = answer.status === 200 || answer.status === 201;
    expect({ act, status: answer.status, known: [200, 201, 400, 404, 409].includes(answer.status) }).toMatchObject({
      known: true,
    });
    if (!accepted && act.on !== 'pair')
      expect({ act, stored: stored.has(correlation) }).toEqual({ act, stored: false });
    if (!accepted || !stored.has(correlation)) continue;
    const again = await floor.send(act, { headers });
    expect({ act, again: again.body, replayed: again.headers.get('idempotency-replayed') }).toEqual({
      act,
      again: answer.body,
      replayed: 'true',
    });
  }

  async function walked<Model>(
    on: SalesFloor,
    kind: 'deals' | 'leads',
    id: string,
    start: Model,
    from: number,
    step: (model: Model, act: Act, types: readonly string[]) => readonly [Result<Model>, readonly string[]],
  ): Promise<Model> {
    let model = start;
    const events = (await on.events(kind, id)).slice(from);
    while (events.length > 0) {
      const { commandId, correlationId } = events[0].metadata;
      const command = commands.get(correlationId);
      if (command === undefined) throw new Error(`${kind} ${id}: ${String(events[0].type)} is of no command`);
      const length = events.findIndex(({ metadata }) => metadata.commandId !== commandId);
      const types = events.splice(0, length < 0 ? events.length : length).map(({ type }) => type as string);
      const [result] = step(model, command.act, types);
      stored.add(correlationId);
      expect({ act: command.act, result: result.ok ? result.events : result.codes }).toEqual({
        act: command.act,
        result: types,
      });
      if (result.ok) model = result.next;
    }
    return model;
  }
}

function leadStep(act: Act): LeadStep {
  if (act.on === 'lead') return act.command;
  if (act.on === 'reversion') return { name: 'reverted' };
  if (act.on !== 'conversion') throw new Error(`${act.on} is for no lead`);
  const { made: id, to, value } = act;
  return { name: 'convert', id, to, ...(value === undefined ? {} : { value }) };
}

function dealStep(act: Act, type: string): DealStep {
  switch (act.on) {
    case 'deal':
      return act.command;
    case 'reversion':
      return { name: 'revert', lead: act.id };
    case 'customer': {
      const { made: id, to, value } = act;
      // Whether it was depends on another stream; a deal that is voided stays so, and is looked at in the end.
      return { name: 'win-back', id, to, ...(value === undefined ? {} : { value }), inVain: true };
    }
    case 'pair':
      return pairStep(act, type);
    default:
      throw new Error(`${act.on} is for no deal`);
  }
}

function pairStep({ id: survivor, other }: { readonly id: string; readonly other: string }, type: string): DealStep {
  switch (type) {
    case 'MergeStarted':
      return { name: 'begin-merge', other };
    case 'DealMergedInto':
      return { name: 'join', survivor };
    case 'MergeRefused':
      return { name: 'refuse-to-join', survivor };
    case 'MergeCompleted':
      return { name: 'end-merge', other };
    case 'MergeAbandoned':
      return { name: 'abandon-merge', other };
    case 'UnmergeStarted':
      return { name: 'begin-unmerge', other };
    case 'DealUnmerged':
      return { name: 'leave', survivor };
    case 'UnmergeCompleted':
      return { name: 'end-unmerge', other };
    default:
      throw new Error(`${type} is of no merge`);
  }
}
