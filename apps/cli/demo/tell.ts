import { durationMs } from '#domain/shared/duration.js';
import type { Api, CommandAnswer } from './api.js';
import type { LineOfBusiness, OpenLine, OpenStage } from './story/business.js';
import type { DealPlan, LeadPlan } from './story/plan.js';
import { DAY_MS } from './story/story-time.js';

/** Stories that are told at once: enough for the server's group commit to have groups. */
const AT_ONCE = 16;
/** For a stage that nothing ever stalls in. */
const WITHOUT_THRESHOLD_DAYS = 30;

interface PipelineAnswer {
  readonly stages: readonly {
    readonly id: string;
    readonly name: string;
    readonly kind: 'open' | 'post-sale';
    readonly rottenAfter: string | null;
    readonly gates: readonly { readonly type: string; readonly field?: string }[];
  }[];
}

/** Creates the line's pipeline, and looks up its stages. */
export async function openLine(api: Api, line: LineOfBusiness): Promise<OpenLine> {
  const { id } = await api.command('/v1/pipelines', line.pipeline, `${line.key}/pipeline`);
  const { stages } = await api.get<PipelineAnswer>(`/v1/pipelines/${id}`);
  const ofKind = (kind: 'open' | 'post-sale'): OpenStage[] =>
    stages
      .filter((stage) => stage.kind === kind)
      .map((stage) => ({
        id: stage.id,
        name: stage.name,
        rottenDays: stage.rottenAfter === null ? WITHOUT_THRESHOLD_DAYS : durationMs(stage.rottenAfter) / DAY_MS,
        needsValue: stage.gates.some((gate) => gate.type === 'field' && gate.field === 'value'),
      }));
  return { ...line, pipelineId: id, openStages: ofKind('open'), postSaleStages: ofKind('post-sale') };
}

/**
 * Sends all plans, many at once, each in its own order. The first that is refused ends it.
 * @param onTold called after each plan, with the id of its deal if there is one
 */
export async function tellAll(
  api: Api,
  plans: readonly LeadPlan[],
  onTold: (plan: LeadPlan, dealId: string | null) => void,
): Promise<void> {
  let next = 0;
  let failed = false;
  const lane = async (): Promise<void> => {
    for (let plan = plans[next++]; plan !== undefined && !failed; plan = plans[next++]) {
      onTold(plan, await tellLead(api, plan));
    }
  };
  const lanes = Array.from({ length: AT_ONCE }, () =>
    lane().catch((error: unknown) => {
      failed = true;
      throw error;
    }),
  );
  const [refused] = (await Promise.allSettled(lanes)).filter((settled) => settled.status === 'rejected');
  if (refused !== undefined) throw refused.reason;
}

async function tellLead(api: Api, { key, capture, steps, conversion }: LeadPlan): Promise<string | null> {
  const { id } = await api.command('/v1/leads', capture, `${key}/capture`);
  for (const [index, { command, body }] of steps.entries()) {
    await api.command(`/v1/leads/${id}/${command}`, body, `${key}/${index}`);
  }
  if (conversion === null) return null;
  const converted = await api.command(`/v1/leads/${id}/convert`, conversion.body, `${key}/convert`);
  if (converted.deal === undefined) throw new Error(`the conversion of lead ${id} was answered without a deal`);
  await tellDeal(api, converted.deal.id, converted, conversion.deal, `${key}/deal`);
  return converted.deal.id;
}

async function tellDeal(
  api: Api,
  id: string,
  contacts: CommandAnswer,
  { steps, followUp }: DealPlan,
  key: string,
): Promise<void> {
  for (const [index, { command, body }] of steps.entries()) {
    await api.command(`/v1/deals/${id}/${command}`, body, `${key}/${index}`);
  }
  if (followUp === null) return;
  const { personId = null, organizationId = null } = contacts;
  const opening = { ...followUp.opening, personId, organizationId };
  const opened = await api.command('/v1/deals', opening, `${key}/next`);
  await tellDeal(api, opened.id, contacts, followUp.deal, `${key}/next`);
}
