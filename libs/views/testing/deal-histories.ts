import fc from 'fast-check';
import type { Correction } from '#domain/deal/deal.commands.js';
import type { DealEvent, DealOpened, StagePlace } from '#domain/deal/deal.events.js';
import { decideDeal } from '#domain/deal/deal.decide.js';
import { foldDeal } from '#domain/deal/deal.evolve.js';
import type { ProposalOption } from '#domain/deal/deal.proposal-events.js';
import type { PipelineState } from '#domain/pipeline/pipeline.state.js';
import type { Recorded } from '#domain/shared/decision.js';
import type { Money } from '#domain/shared/money.js';
import { attention, isAttentionOp } from './attentions.js';
import { openings, OWNERS, PLAY_PIPELINES, START, steps, VALUES } from './deal-choices.js';
import type { Opening, PlayPipeline, Step } from './deal-choices.js';
import { Plans } from './plans.js';
import { isDealEvent } from '../domain-event.js';
import type { Happening } from './recorded.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** What happens to one deal: only what the rules allow, with late, early and simultaneous times. */
export const dealLives: fc.Arbitrary<readonly Happening[]> = fc
  .tuple(openings, steps)
  .map(([opening, rest]) => new DealLife(opening).live(rest));

class DealLife {
  private readonly happenings: Happening[] = [];
  private pipeline: PlayPipeline;
  private clock: number;
  private status: 'open' | 'won' | 'lost' | 'churned' | 'voided' | 'merged' = 'open';
  private stageId: string;
  private lastOpenStageId: string;
  private lastOpenPipeline: PlayPipeline;
  private value: Money | null;
  private ownerId: string;
  private readonly opening: DealOpened['data'];
  private readonly plans = new Plans();
  private readonly proposals: { proposalId: string; option: ProposalOption; at: number }[] = [];
  private readonly last: { stage: number; owner: number; value: number };

  constructor(opening: Opening) {
    this.pipeline = this.lastOpenPipeline = opening.pipeline;
    this.stageId = this.lastOpenStageId = pick(this.pipeline.open, opening.stage);
    this.value = opening.value;
    const owner = pick(OWNERS, opening.owner);
    this.ownerId = owner.ownerId;
    this.clock = START + opening.start;
    const openedAt = this.clock - opening.back;
    this.last = { stage: openedAt, owner: openedAt, value: openedAt };
    this.opening = {
      title: 'Boiler',
      kind: 'new',
      pipelineId: this.pipeline.id,
      pipelineVersion: 1,
      stageId: this.stageId,
      rank: this.place(this.stageId).rank,
      value: opening.value,
      lineItems: opening.products.map((productId) => ({
        productId,
        quantity: '1',
        unitPrice: { amount: '10.00', currency: 'EUR' },
        discount: 0,
      })),
      personId: opening.personId,
      organizationId: opening.organizationId,
      ...owner,
      visibility: opening.visibility,
      source: opening.source,
      labels: opening.labels,
      expectedClose: opening.expectedClose,
      probability: opening.probability,
      forecastCategory: null,
      leadId: null,
      capturedAt: null,
      previousDealId: null,
      criteria: [],
    };
    this.happen(openedAt, false, { type: 'DealOpened', data: this.opening });
  }

  live(rest: readonly Step[]): readonly Happening[] {
    for (const step of rest) {
      this.clock += step.wait;
      this.take(step);
    }
    return this.happenings;
  }

  private take(step: Step): void {
    const pipelineVersion = 1 + (step.pick % 2);
    if (this.status === 'voided' && step.op !== 'unknown') return;
    if (this.status === 'merged' && step.op !== 'unknown' && step.op !== 'unmerge') return;
    if (isAttentionOp(step.op)) {
      if (this.status !== 'open') return;
      const event = attention(step.op, step.pick, this.clock);
      return this.happen(this.clock - (step.back ?? 0), step.import, event);
    }
    switch (step.op) {
      case 'move':
      case 'move-overridden':
        return this.move(step, pipelineVersion);
      case 'value': {
        const value = pick(VALUES, step.pick);
        if (this.status !== 'open' || value === this.value) return;
        this.value = value;
        return this.happen(this.at('value', step), step.import, { type: 'DealValueChanged', data: { value } });
      }
      case 'items': {
        if (this.status !== 'open') return;
        const unitPrice = { amount: '10.00', currency: 'EUR' };
        const lineItems = step.pick < 3 ? [] : [{ productId: `p-${step.pick}`, quantity: '2', unitPrice, discount: 0 }];
        if (lineItems.length > 0) this.value = { amount: '20.00', currency: 'EUR' };
        const data = { lineItems, value: this.value };
        return this.happen(this.at('value', step), step.import, { type: 'LineItemsSet', data });
      }
      case 'propose':
      case 'accept':
        return this.propose(step);
      case 'assign': {
        const owner = pick(OWNERS, step.pick);
        if (owner.ownerId === this.ownerId) return;
        this.ownerId = owner.ownerId;
        return this.happen(this.at('owner', step), step.import, { type: 'DealAssigned', data: owner });
      }
      case 'win': {
        if (this.status !== 'open') return;
        const entered = this.pipeline.postSale[0];
        const enters = entered === undefined ? null : this.place(entered);
        const data = { stageId: this.stageId, value: this.value, enters, pipelineVersion };
        this.status = 'won';
        this.stageId = entered ?? this.stageId;
        return this.happen(this.at('stage', step), step.import, { type: 'DealWon', data });
      }
      case 'lose': {
        if (this.status !== 'open') return;
        const note = step.pick % 2 === 0 ? 'went elsewhere' : null;
        const data = { stageId: this.stageId, value: this.value, reason: 'price', note, competitor: null };
        this.status = 'lost';
        return this.happen(this.at('stage', step), step.import, { type: 'DealLost', data });
      }
      case 'reopen': {
        if (this.status !== 'won' && this.status !== 'lost') return;
        this.status = 'open';
        const elsewhere = this.pipeline === this.lastOpenPipeline ? {} : { pipelineId: this.lastOpenPipeline.id };
        this.pipeline = this.lastOpenPipeline;
        this.stageId = this.lastOpenStageId;
        const { rank } = this.place(this.stageId);
        const data = { toStageId: this.stageId, rank, pipelineVersion, ...elsewhere };
        return this.happen(this.at('stage', step), step.import, { type: 'DealReopened', data });
      }
      case 'churn':
        if (this.status !== 'won') return;
        this.status = 'churned';
        return this.happen(this.at('stage', step), step.import, {
          type: 'CustomerChurned',
          data: { reason: 'service' },
        });
      case 'win-back': {
        if (this.status !== 'churned') return;
        const dealId = `again-${step.pick}`;
        const data = { dealId, deal: { ...this.opening, kind: 'win-back', previousDealId: 'deal-1' } } as const;
        this.happen(this.at('stage', step), step.import, { type: 'CustomerWonBack', data });
        if (step.pick % 3 > 0) return;
        return this.happen(this.at('stage', step), false, { type: 'WinBackAbandoned', data: { dealId } });
      }
      case 'void': {
        const data = { reason: 'a test', leadId: null };
        this.status = 'voided';
        return this.happen(this.at('stage', step), step.import, { type: 'DealVoided', data });
      }
      case 'merge':
        if (this.status !== 'open') return;
        this.status = 'merged';
        return this.happen(this.at('stage', step), false, {
          type: 'DealMergedInto',
          data: { mergeId: 'merge-1', survivorId: 'survivor' },
        });
      case 'unmerge': {
        if (this.status !== 'merged') return;
        this.status = 'open';
        const { rank } = this.place(this.stageId);
        const data = { mergeId: 'merge-2', survivorId: 'survivor', toStageId: this.stageId, rank, pipelineVersion };
        return this.happen(this.at('stage', step), false, { type: 'DealUnmerged', data });
      }
      case 'take-in': {
        const data = { mergeId: `merge-${step.pick}`, otherDealId: `other-${step.pick}` };
        this.happen(this.clock, false, { type: 'MergeStarted', data });
        return this.happen(this.clock, false, { type: 'MergeCompleted', data });
      }
      case 'correct':
      case 'correct-move':
        return this.correct(step);
      case 'relocate':
        return this.relocate(step, pipelineVersion);
      case 'switch':
        return this.switch(step, pipelineVersion);
      case 'file':
        return this.happen(this.clock - (step.back ?? 0), step.import, {
          type: 'FileLinked',
          data: { name: `file ${step.pick}`, uri: 'https://files.example/1', sha256: null, kind: 'payment' },
        });
      case 'note':
        return this.happen(this.clock - (step.back ?? 0), step.import, {
          type: 'NoteAdded',
          data: { text: `note ${step.pick}` },
        });
      case 'plan':
      case 'reschedule':
      case 'complete':
      case 'cancel': {
        const event = this.plans.take(step.op, step.pick, this.clock);
        return event === null ? undefined : this.happen(this.clock - (step.back ?? 0), step.import, event);
      }
      case 'unknown':
        this.happenings.push({
          type: 'DealTeleported',
          data: { stageId: 'elsewhere' },
          occurredAt: this.clock,
          recordedAt: this.clock,
        });
    }
  }

  private move(step: Step, pipelineVersion: number): void {
    if (this.status === 'lost' || this.status === 'churned') return;
    const stages = this.status === 'open' ? this.pipeline.open : this.pipeline.postSale;
    if (stages.length === 0) return;
    const to = pick(stages, step.pick);
    if (to === this.stageId) return;
    const at = this.at('stage', step);
    const places = { from: this.place(this.stageId), to: this.place(to) };
    if (step.op === 'move-overridden') {
      const data = { stageId: to, missing: [{ type: 'field', field: 'value' }], reason: 'signed on paper' } as const;
      this.happen(at, step.import, { type: 'GateOverridden', data });
    }
    const direction = places.to.rank > places.from.rank ? 'forward' : 'backward';
    this.happen(at, step.import, { type: 'DealStageMoved', data: { ...places, direction, pipelineVersion } });
    this.stageId = to;
    if (this.status === 'open') this.lastOpenStageId = to;
  }

  /** As the domain decides it; what follows lives on where the correction has left the deal. */
  private correct(step: Step): void {
    const history = this.happenings.map(asRecorded);
    const known = history.filter(isDealEvent);
    const wrong = wrongOne(step, known);
    if (wrong === undefined) return;
    const context = { now: this.clock, actor: { id: this.ownerId, kind: 'user' } } as const;
    const command = {
      type: 'CorrectDeal',
      revision: wrong.revision,
      reason: 'a slip',
      history: known,
      pipelines: new Map(PLAY_PIPELINES.map((each) => [each.id, pipelineState(each)])),
      ...correctionOf(step, wrong, this.pipeline),
    } as const;
    const decision = decideDeal(foldDeal(known, ''), command, context);
    if (!decision.ok) return;
    for (const event of decision.events) this.happen(this.clock - Math.max(step.back ?? 0, 0), false, event);
    const state = foldDeal(this.happenings.map(asRecorded).filter(isDealEvent), '');
    if (state === null) return;
    this.stageId = state.stageId;
    this.lastOpenStageId = state.lastOpenStageId;
    this.value = state.value;
    this.last.stage = state.last.stage.at;
    this.last.owner = state.last.owner.at;
    this.last.value = state.last.value.at;
  }

  private relocate(step: Step, pipelineVersion: number): void {
    if (this.status === 'lost' || this.status === 'churned') return;
    const onVisit = this.status === 'open' || this.pipeline.postSale.length > 0;
    const pipeline = step.pick % 3 === 0 ? pick(PLAY_PIPELINES, step.pick / 3) : this.pipeline;
    const stages = this.status === 'open' ? pipeline.open : pipeline.postSale;
    if (stages.length === 0 || !onVisit) return;
    const to = pick(stages, step.pick);
    if (to === this.stageId) return;
    const from = this.place(this.stageId);
    this.pipeline = pipeline;
    const data = { from, to: this.place(to), pipelineVersion, retirementId: 'retirement-1' };
    this.happen(this.at('stage', step), false, { type: 'DealRelocated', data });
    this.stageId = to;
    if (this.status !== 'open') return;
    this.lastOpenStageId = to;
    this.lastOpenPipeline = pipeline;
  }

  private switch(step: Step, pipelineVersion: number): void {
    if (this.status !== 'open') return;
    const from = this.place(this.stageId);
    this.pipeline = this.lastOpenPipeline = pick(PLAY_PIPELINES, PLAY_PIPELINES.indexOf(this.pipeline) + 1);
    this.stageId = this.lastOpenStageId = pick(this.pipeline.open, step.pick);
    const data = { from, to: this.place(this.stageId), pipelineVersion };
    this.happen(this.at('stage', step), step.import, { type: 'DealPipelineSwitched', data });
  }

  /** Makes a proposal, or has the last one accepted. */
  private propose(step: Step): void {
    if (this.status !== 'open') return;
    const last = this.proposals.at(-1);
    if (step.op === 'propose' || last === undefined) {
      const unitPrice = { amount: '10.00', currency: 'EUR' };
      const lineItems = [{ productId: `p-${step.pick}`, quantity: '3', unitPrice, discount: 0 }];
      const option = { optionId: 'option', name: null, lineItems, value: { amount: '30.00', currency: 'EUR' } };
      const proposalId = `proposal-${this.happenings.length}`;
      const occurredAt = this.clock - (step.back ?? 0);
      this.proposals.push({ proposalId, option, at: occurredAt });
      const data = { proposalId, options: [option], validUntil: null };
      return this.happen(occurredAt, step.import, { type: 'ProposalRecorded', data });
    }
    this.proposals.pop();
    const { proposalId, option, at } = last;
    const { optionId, lineItems, value } = option;
    this.value = value;
    this.last.value = Math.max(this.last.value, at);
    const data = { proposalId, optionId, lineItems, value };
    this.happen(this.at('value', step), step.import, { type: 'ProposalAccepted', data });
  }

  /** A change of a group never precedes the last one of its group. */
  private at(group: 'stage' | 'owner' | 'value', step: Step): number {
    this.last[group] = Math.max(this.last[group], this.clock - (step.back ?? 0));
    return this.last[group];
  }

  private happen(occurredAt: number, byImport: boolean, event: DealEvent): void {
    const actor = byImport ? ({ id: 'i-1', kind: 'import' } as const) : ({ id: this.ownerId, kind: 'user' } as const);
    this.happenings.push({ ...event, occurredAt, recordedAt: this.clock, actor });
  }

  private place(stageId: string): StagePlace {
    const rank = [...this.pipeline.open, ...this.pipeline.postSale].indexOf(stageId) + 1;
    return { pipelineId: this.pipeline.id, stageId, rank };
  }
}

function asRecorded(happening: Happening, revision: number): Recorded<DealEvent> {
  const { type, data, occurredAt, recordedAt, actor } = happening;
  return { type, data, occurredAt, recordedAt, revision, actor } as Recorded<DealEvent>;
}

/** An event that may have what the step corrects. */
function wrongOne({ pick: choice, op }: Step, known: readonly Recorded<DealEvent>[]): Recorded<DealEvent> | undefined {
  const ofMoves = op === 'correct-move';
  const candidates = known.filter(({ type }) => !ofMoves || type === 'DealStageMoved');
  return candidates.at(-1 - (choice % Math.max(1, candidates.length)));
}

/** A correction of it, right or wrong. */
function correctionOf(
  { pick: choice, wait, op }: Step,
  wrong: Recorded<DealEvent>,
  { open, postSale }: PlayPipeline,
): Correction {
  if (op === 'correct-move') {
    if (wait % 7 < 3) return { field: 'withdrawn', value: true };
    return { field: 'toStageId', value: pick([...open, ...postSale], choice + wait) };
  }
  if (wrong.type === 'DealValueChanged') return { field: 'value', value: pick(VALUES, choice + wait) };
  if (wrong.type === 'DealOpened' && wait === 0) return { field: 'value', value: pick(VALUES, choice) };
  return { field: 'occurredAt', value: wrong.occurredAt + pick([-HOUR, -1, 1, HOUR, -9 * DAY], wait + choice) };
}

/** A pipeline as deciders know it, the same in both of its versions. */
function pipelineState({ id, open, postSale }: PlayPipeline): PipelineState {
  const policy = { probability: 0.5, rottenAfter: null, maxStay: null, coverHorizon: null, gates: [] };
  const stages = [...open, ...postSale].map((stageId, index) => ({
    ...policy,
    id: stageId,
    name: stageId,
    kind: index < open.length ? ('open' as const) : ('post-sale' as const),
    forecastCategory: 'pipeline' as const,
    rank: index + 1,
    retired: false,
    relocatedTo: null,
  }));
  const rules = { name: id, from: 0, moveRules: { skips: true, stepsBack: true }, winGates: [], stages };
  return { id, retired: false, versions: [1, 2].map((version) => ({ ...rules, version, revision: version - 1 })) };
}

function pick<T>(list: readonly T[], index: number): T {
  const picked = list[index % list.length];
  if (picked === undefined) throw new RangeError('nothing to pick from');
  return picked;
}
