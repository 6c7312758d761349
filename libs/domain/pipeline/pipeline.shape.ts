import { parseDuration } from '../shared/duration.js';
import { textProblem } from '../shared/text.js';
import type { CreatePipeline } from './pipeline.commands.js';
import type {
  ActivityKind,
  ForecastCategory,
  EvidenceKind,
  Gate,
  GateField,
  PlaybookStep,
  ProbabilitySource,
  StageDefinition,
  StagePolicy,
} from './pipeline.events.js';
import { TEMPLATE_NAMES } from './templates.js';

export const MOST_STAGES = 50;
export const LONGEST_NAME = 255;
/** A playbook looks ten years ahead at most. */
export const LATEST_DAYS = 3650;
export const FORECAST_CATEGORIES = ['pipeline', 'best-case', 'commit', 'omitted'] as const satisfies ForecastCategory[];
export const ACTIVITY_KINDS = [
  'call',
  'meeting',
  'demo',
  'email',
  'task',
  'proposal',
] as const satisfies ActivityKind[];
export const PROBABILITY_SOURCES = ['fixed', 'historical'] as const satisfies ProbabilitySource[];
export const EVIDENCE_KINDS = ['signed-contract', 'payment'] as const satisfies EvidenceKind[];
export const GATE_FIELDS = [
  'value',
  'expectedClose',
  'source',
  'labels',
  'lineItems',
  'probability',
] as const satisfies GateField[];

/** What is wrong and where: `path` is a JSON pointer, `message` the end of a sentence. */
export interface ShapeProblem {
  readonly path: string;
  readonly message: string;
}

/** The first thing that is wrong with a new pipeline. */
export function pipelineProblem(command: CreatePipeline): ShapeProblem | null {
  const { name, template, stages } = command;
  if (template !== null && !has(TEMPLATE_NAMES, template)) {
    return { path: '/template', message: `must be one of ${TEMPLATE_NAMES.join(', ')}` };
  }
  return nameProblem(name, '/name') ?? stagesProblem(stages) ?? gatesProblem(command.winGates, '/winGates');
}

function stagesProblem(stages: readonly StageDefinition[]): ShapeProblem | null {
  if (stages.length < 1 || stages.length > MOST_STAGES) {
    return { path: '/stages', message: `must be 1 to ${MOST_STAGES} stages` };
  }
  if (!stages.some((stage) => stage.kind === 'open')) {
    return { path: '/stages', message: 'must contain at least one open stage' };
  }
  return firstOf(stages, (stage, index) => {
    const path = `/stages/${index}`;
    const before = stages.slice(0, index);
    if (before.some((other) => other.id === stage.id)) return { path: `${path}/id`, message: 'is used twice' };
    if (before.some((other) => other.name === stage.name)) return { path: `${path}/name`, message: 'is used twice' };
    const disorder = kindsProblem(stages.slice(0, index + 1));
    if (disorder !== null) return { path: `${path}/kind`, message: disorder };
    return stageProblem(stage, path);
  });
}

/** The first thing that is wrong with one stage; `path` leads to it. */
export function stageProblem(stage: StageDefinition, path: string): ShapeProblem | null {
  if (stage.id === '') return { path: `${path}/id`, message: 'must not be empty' };
  if (!has(['open', 'post-sale'], stage.kind)) return { path: `${path}/kind`, message: 'must be open or post-sale' };
  return nameProblem(stage.name, `${path}/name`) ?? policyProblem(stage, path);
}

/** What is wrong with the order of the kinds of stages. */
export function kindsProblem(stages: readonly Pick<StageDefinition, 'kind'>[]): string | null {
  const postSale = stages.findIndex(({ kind }) => kind === 'post-sale');
  const disordered = postSale >= 0 && stages.slice(postSale).some(({ kind }) => kind === 'open');
  return disordered ? 'must keep open stages before post-sale ones' : null;
}

/** The first thing that is wrong with the fields of a policy that are given; `path` leads to the policy. */
export function policyProblem(policy: Partial<StagePolicy>, path: string): ShapeProblem | null {
  const { probability, forecastCategory, gates } = policy;
  if (probability !== undefined && !isProbability(probability)) {
    return { path: `${path}/probability`, message: 'must be 0 to 1 with at most 4 decimals' };
  }
  if (policy.probabilityFrom !== undefined && !has(PROBABILITY_SOURCES, policy.probabilityFrom)) {
    return { path: `${path}/probabilityFrom`, message: `must be one of ${PROBABILITY_SOURCES.join(', ')}` };
  }
  for (const field of ['rottenAfter', 'maxStay', 'coverHorizon'] as const) {
    const spec = policy[field];
    const parsed = spec === undefined || spec === null ? null : parseDuration(spec);
    if (parsed?.ok === false) return { path: `${path}/${field}`, message: parsed.message };
  }
  if (forecastCategory !== undefined && !has(FORECAST_CATEGORIES, forecastCategory)) {
    return { path: `${path}/forecastCategory`, message: `must be one of ${FORECAST_CATEGORIES.join(', ')}` };
  }
  return (
    gatesProblem(gates ?? [], `${path}/gates`) ??
    firstOf(policy.playbook ?? [], (step, index) => playbookProblem(step, `${path}/playbook/${index}`))
  );
}

/** The first thing that is wrong with a list of gates; `path` leads to it. */
export function gatesProblem(gates: readonly Gate[], path: string): ShapeProblem | null {
  return firstOf(gates, (gate, index) => gateProblem(gate, `${path}/${index}`));
}

/** 0 to 1 with at most 4 decimals. */
export function isProbability(value: number): boolean {
  return value >= 0 && value <= 1 && Math.round(value * 10_000) / 10_000 === value;
}

function playbookProblem({ kind, subject, afterDays }: PlaybookStep, path: string): ShapeProblem | null {
  if (!has(ACTIVITY_KINDS, kind))
    return { path: `${path}/kind`, message: `must be one of ${ACTIVITY_KINDS.join(', ')}` };
  if (!Number.isInteger(afterDays) || afterDays < 0 || afterDays > LATEST_DAYS) {
    return { path: `${path}/afterDays`, message: `must be 0 to ${LATEST_DAYS} whole days` };
  }
  return nameProblem(subject, `${path}/subject`);
}

function gateProblem(gate: Gate, path: string): ShapeProblem | null {
  switch (gate.type) {
    case 'field':
      if (has(GATE_FIELDS, gate.field)) return null;
      return { path: `${path}/field`, message: `must be one of ${GATE_FIELDS.join(', ')}` };
    case 'activity':
      if (has(ACTIVITY_KINDS, gate.kind)) return null;
      return { path: `${path}/kind`, message: `must be one of ${ACTIVITY_KINDS.join(', ')}` };
    case 'contact':
      if (has(['person', 'organization'], gate.kind)) return null;
      return { path: `${path}/kind`, message: 'must be person or organization' };
    case 'criteria':
      if (has([1, 2, 3, 4], gate.min)) return null;
      return { path: `${path}/min`, message: 'must be 1 to 4 criteria' };
    case 'evidence':
      if (has(EVIDENCE_KINDS, gate.kind)) return null;
      return { path: `${path}/kind`, message: `must be one of ${EVIDENCE_KINDS.join(', ')}` };
    case 'proposal':
      return has(['accepted'], gate.status) ? null : { path: `${path}/status`, message: 'must be accepted' };
    default:
      return unknownGate(gate, path);
  }
}

function unknownGate(_gate: never, path: string): ShapeProblem {
  return { path: `${path}/type`, message: 'must be field, activity, contact, criteria, evidence or proposal' };
}

/** What is wrong with a name; `path` leads to it. */
export function nameProblem(name: string, path: string): ShapeProblem | null {
  if (name.trim() === '') return { path, message: 'must not be empty' };
  if ([...name].length > LONGEST_NAME) return { path, message: `must have at most ${LONGEST_NAME} characters` };
  const message = textProblem(name);
  return message === null ? null : { path, message };
}

function firstOf<T>(
  items: readonly T[],
  problem: (item: T, index: number) => ShapeProblem | null,
): ShapeProblem | null {
  for (const [index, item] of items.entries()) {
    const found = problem(item, index);
    if (found !== null) return found;
  }
  return null;
}

function has<T>(all: readonly T[], value: T): boolean {
  return all.includes(value);
}
