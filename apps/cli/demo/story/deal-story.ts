import type { OpenLine, OpenStage } from './business.js';
import type { Chance } from './chance.js';
import type { Seller } from './people.js';
import type { Body, DealPlan, Step } from './plan.js';
import { postSaleStory } from './post-sale-story.js';
import type { StoryTime } from './story-time.js';
import * as texts from './texts.js';
import { price, priceLike, type Price } from './worth.js';

/** The deal as it is opened. */
export interface Opening {
  readonly stage: number;
  readonly value: Price | null;
  readonly owner: Seller;
  /** What the deal is about, for the next one with the same customer. */
  readonly customer: string;
}

/** How often things go another way than one stage on. */
const FORGOTTEN = 0.09;
const SKIPS = 0.07;
const STEPS_BACK = 0.06;
const LOSS_IN_A_STAGE = 0.09;
const WON_IN_THE_LAST = 0.82;
const REOPENED_LOSS = 0.25;
const WITHDRAWN_WIN = 0.03;
const BUYS_AGAIN = 0.35;

const LOSS_REASONS = [
  ['price', 4],
  ['competitor', 3],
  ['no-budget', 2],
  ['no-decision', 2],
  ['timing', 3],
] as const;

/** Tells a deal from its opening to its end, or to the present. */
export function dealStory(chance: Chance, line: OpenLine, time: StoryTime, opening: Opening): DealPlan {
  const deal = new DealWalk(chance, line, time, opening);
  const won = deal.walk();
  const followUp = won && chance.happens(BUYS_AGAIN) ? nextDeal(chance, line, time.fork(), opening) : null;
  if (won) deal.steps.push(...postSaleStory(chance, line.postSaleStages, time));
  return { steps: deal.steps, followUp };
}

/** Somebody who bought once buys again, after a while. */
function nextDeal(chance: Chance, line: OpenLine, time: StoryTime, { owner, customer }: Opening): DealPlan['followUp'] {
  if (!time.pass(chance.between(40, 160))) return null;
  const { product, value } = price(chance, line);
  return {
    opening: {
      title: `${product}, ${customer}`,
      pipelineId: line.pipelineId,
      value,
      ownerId: owner.id,
      source: 'existing-customer',
      labels: ['repeat'],
      expectedClose: time.dateIn(60),
      occurredAt: time.occurredAt,
    },
    deal: dealStory(chance, line, time, { stage: 0, value, owner, customer }),
  };
}

class DealWalk {
  readonly steps: Step[] = [];
  #stage: number;
  #value: Price | null;
  #owner: Seller;

  constructor(
    private readonly chance: Chance,
    private readonly line: OpenLine,
    private readonly time: StoryTime,
    opening: Opening,
  ) {
    this.#stage = opening.stage;
    this.#value = opening.value;
    this.#owner = opening.owner;
  }

  /** From stage to stage. True: it ended with a win; false: with a loss, or it is still open. */
  walk(): boolean {
    for (;;) {
      if (!this.#stay()) return false;
      const { chance } = this;
      const last = this.#stage === this.line.openStages.length - 1;
      if (chance.happens(LOSS_IN_A_STAGE) || (last && !chance.happens(WON_IN_THE_LAST))) {
        if (!this.#lose(chance.weighted(LOSS_REASONS))) return false;
      } else if (last) {
        if (this.#win()) return true;
      } else {
        this.#move();
      }
    }
  }

  /** Time in one stage, with a touch now and then. False: the present is reached, or the deal is lost of it. */
  #stay(): boolean {
    const { chance, time } = this;
    const { rottenDays } = this.#at(this.#stage);
    let left = chance.around(this.line.tempo[this.#stage] ?? 10);
    for (;;) {
      const pause = chance.between(0.35, 0.8) * rottenDays;
      if (pause >= left) return chance.happens(FORGOTTEN) ? this.#beForgotten() : time.pass(left);
      if (!time.pass(pause)) return false;
      left -= pause;
      this.#do('add-note', { text: chance.pick(texts.DEAL_NOTES) });
    }
  }

  /** Nobody does anything for weeks. Then it is given up, or somebody else takes it up. */
  #beForgotten(): boolean {
    if (!this.time.pass(this.chance.between(35, 110))) return false;
    if (this.chance.happens(0.6)) return this.#lose('no-response');
    this.#handOver();
    this.#do('add-note', { text: texts.TAKEN_UP_NOTE });
    return this.time.pass(this.chance.between(2, 6));
  }

  #move(): void {
    const { chance, line } = this;
    if (chance.happens(0.2) && this.#value !== null) this.#setValue(priceLike(chance, this.#value));
    if (chance.happens(0.05)) this.#handOver();
    const { skips = true, stepsBack = true } = line.pipeline.moveRules ?? {};
    let to = this.#stage + 1;
    if (skips && this.#stage + 2 < line.openStages.length && chance.happens(SKIPS)) to += 1;
    else if (stepsBack && this.#stage > 0 && chance.happens(STEPS_BACK)) to = this.#stage - 1;
    this.#enter(to);
  }

  /** A stage that asks for a value gets one first, or is entered by an override that says why. */
  #enter(stage: number): void {
    const { id, needsValue } = this.#at(stage);
    const missing = needsValue && this.#value === null;
    const overridden = missing && this.chance.happens(0.65);
    if (missing && !overridden) this.#setValue(price(this.chance, this.line).value);
    this.#do('move-stage', {
      toStageId: id,
      ...(overridden ? { override: { reason: texts.OVERRIDE_REASON } } : {}),
    });
    this.#stage = stage;
    if (overridden) this.#setValue(price(this.chance, this.line).value);
  }

  /** True: it was reopened and goes on. */
  #lose(reason: string): boolean {
    const { chance, time } = this;
    this.#do('lose', {
      reason,
      note: texts.LOSS_NOTES[reason] ?? null,
      ...(reason === 'competitor' ? { competitor: chance.pick(texts.COMPETITORS) } : {}),
    });
    const mayReturn = reason === 'timing' || reason === 'no-budget' || reason === 'no-decision';
    if (!mayReturn || !chance.happens(REOPENED_LOSS) || !time.pass(chance.between(20, 70))) return false;
    this.#do('reopen', {});
    this.#do('add-note', { text: texts.REOPENED_NOTE });
    return true;
  }

  /** False: the order was withdrawn and is negotiated again. */
  #win(): boolean {
    const { chance, time } = this;
    if (this.#value === null) this.#setValue(price(chance, this.line).value);
    this.#do('win', {});
    if (!chance.happens(WITHDRAWN_WIN) || !time.pass(chance.between(4, 12))) return true;
    this.#do('reopen', {});
    this.#do('add-note', { text: texts.WITHDRAWN_NOTE });
    return false;
  }

  #handOver(): void {
    const others = this.line.sellers.filter(({ id }) => id !== this.#owner.id);
    this.#owner = this.chance.pick(others);
    this.#do('assign', { ownerId: this.#owner.id });
  }

  #setValue(value: Price): void {
    this.#value = value;
    this.#do('change-value', { value });
  }

  #do(command: string, body: Body): void {
    this.steps.push({ command, body: { ...body, occurredAt: this.time.occurredAt } });
  }

  #at(index: number): OpenStage {
    const stage = this.line.openStages[index];
    if (stage === undefined) throw new RangeError(`${this.line.pipeline.name} has no open stage ${index}`);
    return stage;
  }
}
