import { TEMPLATES } from '#domain/pipeline/templates.js';
import { durationMs } from '#domain/shared/duration.js';
import { LINES, type LineOfBusiness, type OpenLine, type OpenStage } from './business.js';
import { history } from './history.js';
import type { DealPlan, LeadPlan, Step } from './plan.js';
import { Calendar, DAY_MS } from './story-time.js';

const NOW = Date.parse('2026-03-01T09:30:12.345Z');
const NO_GATES: readonly object[] = [];
const LATER = Date.parse('2026-07-19T21:05:59.999Z');

/** The line with the stages of its own, or of its template, under readable ids. */
function opened(line: LineOfBusiness): OpenLine {
  const template = Object.entries(TEMPLATES).find(([name]) => name === line.pipeline.template)?.[1];
  const stages = (template ?? line.pipeline.stages ?? []).map((stage) => ({
    kind: 'open',
    gates: NO_GATES,
    name: '',
    rottenAfter: null,
    ...stage,
  }));
  const ofKind = (kind: string): OpenStage[] =>
    stages
      .filter((stage) => stage.kind === kind)
      .map(({ name, gates, rottenAfter }) => ({
        id: name,
        name,
        rottenDays: durationMs(String(rottenAfter)) / DAY_MS,
        needsValue: gates.length > 0,
      }));
  return { ...line, pipelineId: line.key, openStages: ofKind('open'), postSaleStages: ofKind('post-sale') };
}

function dealsOf({ steps, followUp }: DealPlan): (readonly Step[])[] {
  return [steps, ...(followUp === null ? [] : dealsOf(followUp.deal))];
}

function allPlans(now: number): LeadPlan[] {
  return LINES.flatMap((line) => history(opened(line), new Calendar(now)));
}

/** Steps of a lead or deal, each list in the order of one stream. */
function streams(plans: readonly LeadPlan[]): (readonly Step[])[] {
  return plans.flatMap(({ steps, conversion }) => [steps, ...(conversion === null ? [] : dealsOf(conversion.deal))]);
}

describe('the history that the demo tells', () => {
  const plans = allPlans(NOW);

  it('has hundreds of leads of five pipelines, four of them from the templates', () => {
    expect(plans.length).toBeGreaterThan(300);
    expect(LINES.flatMap(({ pipeline }) => pipeline.template ?? []).sort()).toEqual(Object.keys(TEMPLATES).sort());
    expect(new Set(LINES.flatMap(({ sellers }) => sellers.map(({ id }) => id))).size).toBe(12);
  });

  it('is the same every time, relative to the present', () => {
    expect(allPlans(NOW)).toEqual(plans);
    const shape = (from: readonly LeadPlan[]) => JSON.stringify(from).replace(/\d{4}-\d{2}-\d{2}[T\d:Z]*/gu, '');
    expect(shape(allPlans(LATER))).toBe(shape(plans));
  });

  it('never goes back in time, and never beyond the present', () => {
    for (const steps of streams(plans)) {
      const times = steps.map(({ body }) => String(body['occurredAt']));
      expect(times).toEqual([...times].sort());
      for (const time of times) expect(Date.parse(time)).toBeLessThanOrEqual(NOW);
    }
  });

  it('holds everything that can happen', () => {
    const steps = streams(plans).flat();
    expect(new Set(steps.map(({ command }) => command))).toEqual(
      new Set([
        'add-note',
        'qualify',
        'disqualify',
        'nurture',
        'reopen',
        'move-stage',
        'change-value',
        'assign',
        'win',
        'lose',
      ]),
    );
    expect(steps.some(({ body }) => 'override' in body)).toBe(true);
    expect(steps.some(({ body }) => body['toStageId'] === 'In use')).toBe(true);
    expect(plans.some(({ conversion }) => conversion?.deal.followUp)).toBe(true);
    expect(new Set(plans.map(({ capture }) => capture['source'])).size).toBeGreaterThan(5);
  });
});
