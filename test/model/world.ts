import { applied, type DealCommand, type DealStep, obstacleOf, winBackDeal } from './deal-model.js';
import { type ModelDeal, openedDeal, refused, type Result } from './deal-state.js';
import { appliedToLead, dealOf, type LeadCommand, type LeadStep, type ModelLead } from './lead-model.js';
import type { Place } from './pipelines.js';

/** A command of a session. Ids are those on the wire; a new deal's is given with the command. */
export type Act =
  | { readonly on: 'opening'; readonly id: string; readonly pipeline: number }
  | { readonly on: 'deal'; readonly id: string; readonly command: DealCommand }
  | { readonly on: 'pair'; readonly id: string; readonly other: string; readonly name: 'merge' | 'unmerge' }
  | {
      readonly on: 'customer';
      readonly id: string;
      readonly made: string;
      readonly to: Place;
      readonly value?: string | null;
    }
  | { readonly on: 'lead'; readonly id: string; readonly command: LeadCommand }
  | {
      readonly on: 'conversion';
      readonly id: string;
      readonly made: string;
      readonly to: Place;
      readonly value?: string | null;
    }
  | { readonly on: 'reversion'; readonly id: string };

export type Verdict =
  /** `revision`: of the stream that the command is for. */
  { readonly ok: true; readonly revision: number } | { readonly ok: false; readonly codes: readonly string[] };

/** All deals and leads of a session, one command after the other. */
export class World {
  readonly deals = new Map<string, ModelDeal>();
  readonly leads = new Map<string, ModelLead>();

  act(act: Act): Verdict {
    switch (act.on) {
      case 'opening':
        this.deals.set(act.id, openedDeal({ pipeline: act.pipeline, stage: 0 }, {}));
        return { ok: true, revision: 0 };
      case 'deal':
        return this.#on(act.id, act.command);
      case 'pair':
        return act.name === 'merge' ? this.#merge(act.id, act.other) : this.#unmerge(act.id, act.other);
      case 'customer': {
        const { id, made, to, value } = act;
        const churned = this.#deal(id);
        const inVain = churned.wonBackBy !== null && this.#deal(churned.wonBackBy).status === 'voided';
        const given = value === undefined ? {} : { value };
        const verdict = this.#on(id, { name: 'win-back', id: made, to, ...given, inVain });
        if (verdict.ok) this.deals.set(made, winBackDeal(churned, id, to, value));
        return verdict;
      }
      case 'lead':
        return this.#onLead(act.id, act.command);
      case 'conversion': {
        const { id, made, to, value } = act;
        const lead = this.#lead(id);
        const verdict = this.#onLead(id, { name: 'convert', id: made, to, ...(value === undefined ? {} : { value }) });
        if (verdict.ok) this.deals.set(made, dealOf(lead, id, to, value));
        return verdict;
      }
      case 'reversion': {
        const { status, deal } = this.#lead(act.id);
        if (status !== 'converted' || deal === null) return refused('wrong-status');
        const verdict = this.#on(deal, { name: 'revert', lead: act.id });
        return verdict.ok ? this.#onLead(act.id, { name: 'reverted' }) : verdict;
      }
    }
  }

  #merge(id: string, other: string): Verdict {
    if (id === other) return refused('invalid-request');
    const survivor = this.#deal(id);
    if (survivor.merged.includes(other)) return { ok: true, revision: survivor.log.length - 1 };
    const obstacle = obstacleOf(survivor) ?? obstacleOf(this.#deal(other));
    if (obstacle !== null) return obstacle;
    this.#on(id, { name: 'begin-merge', other });
    this.#on(other, { name: 'join', survivor: id });
    return this.#on(id, { name: 'end-merge', other });
  }

  #unmerge(id: string, other: string): Verdict {
    const begun = this.#on(id, { name: 'begin-unmerge', other });
    if (!begun.ok) return begun;
    this.#on(other, { name: 'leave', survivor: id });
    return this.#on(id, { name: 'end-unmerge', other });
  }

  #on(id: string, step: DealStep): Verdict {
    return settle(this.deals, id, applied(this.#deal(id), step), ({ log }) => log.length);
  }

  #onLead(id: string, step: LeadStep): Verdict {
    return settle(this.leads, id, appliedToLead(this.#lead(id), step), ({ types }) => types.length);
  }

  #deal(id: string): ModelDeal {
    return known(this.deals, id);
  }

  #lead(id: string): ModelLead {
    return known(this.leads, id);
  }
}

function settle<Model>(
  models: Map<string, Model>,
  id: string,
  result: Result<Model>,
  length: (model: Model) => number,
): Verdict {
  if (!result.ok) return result;
  models.set(id, result.next);
  return { ok: true, revision: length(result.next) - 1 };
}

function known<Model>(models: ReadonlyMap<string, Model>, id: string): Model {
  const model = models.get(id);
  if (model === undefined) throw new Error(`the session has no ${id}`);
  return model;
}
