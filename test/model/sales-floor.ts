import { randomUUID } from 'node:crypto';
import type { Answer, Client, RequestOptions } from '../support/client.js';
import type { Correction } from './corrections.js';
import type { DealCommand } from './deal-model.js';
import type { ModelDeal } from './deal-state.js';
import type { ModelLead } from './lead-model.js';
import { PIPELINES, type Place } from './pipelines.js';
import { derived, leadBody, money, nameOf } from './wire.js';
import type { Act } from './world.js';

/** The server as the model's sessions use it: places, names and amounts in the model's terms. */
export class SalesFloor {
  private readonly pipelineIds: readonly string[] = PIPELINES.map(() => randomUUID());
  private readonly stageIds: readonly (readonly string[])[] = PIPELINES.map(({ stages }) =>
    stages.map(() => randomUUID()),
  );
  private readonly productId = randomUUID();

  constructor(private readonly client: Client) {}

  async open(): Promise<void> {
    await this.client.post('/v1/products', { id: this.productId, name: 'Boiler' });
    for (const [index, { stages, stepsBack }] of PIPELINES.entries()) {
      const body = {
        id: this.pipelineIds[index],
        name: `Model ${index}`,
        stages: stages.map(({ name, kind, gate }, stage) => ({
          id: this.stageIds[index]?.[stage],
          name,
          kind,
          probability: 0.5,
          ...(gate === 'value' ? { gates: [{ type: 'field', field: 'value' }] } : {}),
          ...(gate === 'proposal' ? { gates: [{ type: 'proposal', status: 'accepted' }] } : {}),
        })),
        moveRules: { skips: true, stepsBack },
      };
      await this.client.post('/v1/pipelines', body);
    }
  }

  async captureLead(): Promise<string> {
    const id = randomUUID();
    const body = { id, title: 'Model', source: 'website', person: { name: `Ada ${id}` }, ownerId: 'u-0' };
    const { status } = await this.client.post('/v1/leads', body);
    if (status !== 201) throw new Error(`a lead is not captured: ${status}`);
    return id;
  }

  send(act: Act, options: RequestOptions = {}): Promise<Answer> {
    const [path, body] = this.#request(act);
    return this.client.post(path, body, options);
  }

  #request(act: Act): readonly [path: string, body: object] {
    switch (act.on) {
      case 'opening': {
        const { id, pipeline } = act;
        return ['/v1/deals', { id, title: 'Model', pipelineId: this.pipelineIds[pipeline], ownerId: 'u-0' }];
      }
      case 'deal':
        return [`/v1/deals/${act.id}/${act.command.name}`, this.#dealBody(act.id, act.command)];
      case 'pair':
        return [`/v1/deals/${act.id}/${act.name}`, { otherDealId: act.other }];
      case 'customer':
        return [`/v1/deals/${act.id}/win-back`, this.#madeBody(act)];
      case 'conversion': {
        const contacts = { person: { create: true } };
        return [`/v1/leads/${act.id}/convert`, { ...this.#madeBody(act), contacts }];
      }
      case 'lead':
        return [`/v1/leads/${act.id}/${act.command.name}`, leadBody(act.command)];
      case 'reversion':
        return [`/v1/leads/${act.id}/revert-conversion`, { reason: 'too early' }];
    }
  }

  #madeBody({ made, to, value }: Extract<Act, { made: string }>): object {
    const where = { pipelineId: this.pipelineIds[to.pipeline], stageId: this.#stage(to) };
    return { dealId: made, ...where, ...(value === undefined ? {} : { value: money(value) }) };
  }

  #dealBody(deal: string, command: DealCommand): object {
    const overriding = 'override' in command && command.override ? { override: { reason: 'because' } } : {};
    switch (command.name) {
      case 'move-stage':
        return { toStageId: this.#stage(command.to), ...overriding };
      case 'switch-pipeline': {
        const { pipeline, stage } = command;
        const stageId = stage === undefined ? {} : { stageId: this.#stage({ pipeline, stage }) };
        return { pipelineId: this.pipelineIds[pipeline], ...stageId, ...overriding };
      }
      case 'change-value':
        return { value: money(command.value) };
      case 'assign':
        return { ownerId: command.owner };
      case 'lose':
      case 'record-churn':
        return { reason: command.reason };
      case 'correct':
        return { revision: command.revision, field: command.field, value: this.#right(command), reason: 'a slip' };
      case 'set-line-items':
        return { lineItems: this.#items(command.items) };
      case 'record-proposal': {
        const options = Array.from({ length: command.options }, (_, option) => ({
          optionId: derived(deal, `c${option}`),
          lineItems: this.#items(option + 1),
        }));
        return { proposalId: derived(deal, command.proposal), options };
      }
      case 'accept-proposal':
        return { proposalId: derived(deal, command.proposal), optionId: derived(deal, `c${command.option}`) };
      case 'label':
        return command.remove ? { remove: [command.label] } : { add: [command.label] };
      case 'set-visibility':
        return { visibility: command.visibility };
      case 'set-expected-close':
        return { expectedClose: command.expectedClose };
      case 'set-probability':
        return { probability: command.probability };
      case 'set-forecast-category':
        return { forecastCategory: command.category };
      case 'confirm-criterion':
        return { criterion: command.criterion };
      case 'snooze':
        return { until: command.until };
      case 'link-file':
        return { name: command.file, uri: `https://files.example/${command.file}` };
      case 'log-interaction':
        return { kind: 'call', direction: 'in' };
      case 'add-note':
        return { text: 'noted' };
      case 'void':
        return { reason: 'a test' };
      case 'plan-activity': {
        const { activity, dueAt } = command;
        return { activityId: derived(deal, activity), kind: 'call', subject: 'Call', dueAt };
      }
      case 'reschedule-activity':
        return { activityId: derived(deal, command.activity), dueAt: command.dueAt };
      case 'complete-activity':
      case 'cancel-activity':
        return { activityId: derived(deal, command.activity) };
      default:
        return {};
    }
  }

  #right(correction: Correction): unknown {
    if (correction.field === 'toStageId') return this.#stage(correction.value);
    return correction.field === 'value' ? money(correction.value) : correction.value;
  }

  #items(count: number): readonly object[] {
    const unitPrice = { amount: '10.00', currency: 'EUR' };
    return count === 0 ? [] : [{ productId: this.productId, quantity: String(count), unitPrice }];
  }

  #stage({ pipeline, stage }: Place): string {
    const id = this.stageIds[pipeline]?.[stage];
    if (id === undefined) throw new RangeError(`there is no stage ${pipeline}.${stage}`);
    return id;
  }

  #place({ pipelineId, stageId }: { readonly pipelineId: string; readonly stageId: string }): Place {
    const pipeline = this.pipelineIds.indexOf(pipelineId);
    return { pipeline, stage: this.stageIds[pipeline]?.indexOf(stageId) ?? -1 };
  }

  /** What the server tells of a deal, in the model's terms; what it does not tell is left out. */
  async toldOfDeal(id: string): Promise<object> {
    const { body } = await this.client.get(`/v1/deals/${id}`);
    const events = await this.events('deals', id);
    const named = (key: string, list: readonly any[], tell: (each: any) => object) =>
      Object.fromEntries(list.map((each) => [nameOf(id, each[key]), tell(each)]));
    return {
      types: events.map(({ type }) => type),
      status: body.status,
      place: this.#place(body),
      visits: body.visits.map((visit: any) => ({ place: this.#place(visit), entry: visit.entry, exit: visit.exit })),
      value: body.value?.amount ?? null,
      items: Number(body.lineItems[0]?.quantity ?? 0),
      owner: body.ownerId,
      labels: body.labels,
      visibility: body.visibility,
      expectedClose: body.expectedClose,
      probability: body.probability.from === 'deal' ? body.probability.value : null,
      category: body.forecastCategory.from === 'deal' ? body.forecastCategory.value : null,
      snoozed: body.stall?.snoozedUntil ?? null,
      files: body.files.map((file: any) => file.name),
      activities: named('activityId', body.activities, ({ status, dueAt }) => ({ status, dueAt })),
      proposals: named('proposalId', body.proposals, ({ options, accepted }) => ({
        options: options.length,
        accepted: accepted === null ? null : Number(nameOf(id, accepted.optionId).slice(-1)),
      })),
      loss: body.loss?.reason ?? null,
      churn: body.churn?.reason ?? null,
      wonBackBy: body.wonBackBy,
      previous: body.previousDealId,
      mergedInto: body.mergedInto,
      lead: body.leadId,
    };
  }

  async toldOfLead(id: string): Promise<object> {
    const { body } = await this.client.get(`/v1/leads/${id}`);
    const types = (await this.events('leads', id)).map(({ type }) => type as string);
    const { status, ownerId: owner, labels, dealId: deal } = body;
    return { types, status, owner, labels, deal, value: body.value?.amount ?? null };
  }

  async events(kind: 'deals' | 'leads', id: string): Promise<readonly any[]> {
    return (await this.client.get(`/v1/${kind}/${id}/events?limit=200`)).body.items;
  }
}

/** What the model knows of what `toldOfDeal` tells. */
export function dealAsTold(deal: ModelDeal): object {
  const { log, lastOpen: _, criteria: __, merged: ___, merging: ____, ...told } = deal;
  return { ...told, types: log.map(({ type }) => type), snoozed: deal.status === 'open' ? deal.snoozed : null };
}

export function leadAsTold({ followUpOn: _, ...told }: ModelLead): object {
  return told;
}
