import { TEMPLATES } from '#domain/pipeline/templates.js';
import { ACTIVITY_KINDS, LATEST_DAYS, PROBABILITY_SOURCES } from '#domain/pipeline/pipeline.shape.js';
import type {
  ActivityKind,
  DurationSpec,
  ForecastCategory,
  Gate,
  ProbabilitySource,
} from '#domain/pipeline/pipeline.events.js';
import {
  IsDuration,
  IsFlag,
  IsId,
  IsIds,
  IsOneOf,
  IsPart,
  IsParts,
  IsProbability,
  IsText,
  IsWholeNumber,
  MayBeAbsent,
  Optional,
  Satisfies,
} from '../validation/decorators.js';
import type { JsonSchema } from '../validation/body-schema.js';
import { refersTo } from '../validation/value-schemas.js';

const CATEGORIES = ['pipeline', 'best-case', 'commit', 'omitted'];
/** For each type of gate, what its one field may hold. */
const GATES: Readonly<Record<string, { readonly field: string; readonly values: readonly (string | number)[] }>> = {
  field: { field: 'field', values: ['value', 'expectedClose', 'source', 'labels', 'lineItems', 'probability'] },
  activity: { field: 'kind', values: ['call', 'meeting', 'demo', 'email', 'task', 'proposal'] },
  contact: { field: 'kind', values: ['person', 'organization'] },
  criteria: { field: 'min', values: [1, 2, 3, 4] },
  evidence: { field: 'kind', values: ['signed-contract', 'payment'] },
  proposal: { field: 'status', values: ['accepted'] },
};

const IsGates = (): PropertyDecorator =>
  Satisfies(
    'isGates',
    (value) => {
      if (!Array.isArray(value)) return { path: '', message: 'must be a list' };
      if (value.length > 20) return { path: '', message: 'must hold at most 20' };
      for (const [index, gate] of (value as unknown[]).entries()) {
        const fault = gateFault(gate);
        if (fault !== null) return { path: `/${index}${fault.path}`, message: fault.message };
      }
      return null;
    },
    { type: 'array', maxItems: 20, items: refersTo('Gate') },
  );

/** A gate, as `gateFault` has it. */
export const GATE_SCHEMA: JsonSchema = {
  oneOf: Object.entries(GATES).map(([type, { field, values }]) => ({
    type: 'object',
    properties: { type: { const: type }, [field]: { enum: [...values] } },
    required: ['type', field],
    additionalProperties: false,
  })),
};

function gateFault(gate: unknown): { path: string; message: string } | null {
  if (typeof gate !== 'object' || gate === null || !('type' in gate)) {
    return { path: '/type', message: `must be one of ${Object.keys(GATES).join(', ')}` };
  }
  const fields: Record<string, unknown> = { ...gate };
  const rule = typeof gate.type === 'string' && Object.hasOwn(GATES, gate.type) ? GATES[gate.type] : undefined;
  if (rule === undefined) return { path: '/type', message: `must be one of ${Object.keys(GATES).join(', ')}` };
  const unknown = Object.keys(fields).find((name) => name !== 'type' && name !== rule.field);
  if (unknown !== undefined) return { path: `/${unknown}`, message: 'is not a known field' };
  const given = fields[rule.field];
  return (typeof given === 'string' || typeof given === 'number') && rule.values.includes(given)
    ? null
    : { path: `/${rule.field}`, message: `must be one of ${rule.values.join(', ')}` };
}

/** An activity that is planned on each deal that enters the stage. */
export class PlaybookStepBody {
  @IsOneOf(ACTIVITY_KINDS) kind!: ActivityKind;
  @IsText() subject!: string;
  @IsWholeNumber(0, LATEST_DAYS) afterDays!: number;
}

export class StageBody {
  @Optional() @IsId() id?: string | null;
  @IsText() name!: string;
  @Optional() @IsOneOf(['open', 'post-sale']) kind?: 'open' | 'post-sale' | null;
  @IsProbability() probability!: number;
  @Optional() @IsOneOf(PROBABILITY_SOURCES) probabilityFrom?: ProbabilitySource | null;
  @Optional() @IsDuration() rottenAfter?: DurationSpec | null;
  @Optional() @IsDuration() maxStay?: DurationSpec | null;
  @Optional() @IsDuration() coverHorizon?: DurationSpec | null;
  @Optional() @IsOneOf(CATEGORIES) forecastCategory?: ForecastCategory | null;
  @Optional() @IsGates() gates?: Gate[] | null;
  @Optional() @IsParts(() => PlaybookStepBody, 0, 20) playbook?: PlaybookStepBody[] | null;
}

export class MoveRulesBody {
  @Optional() @IsFlag() skips?: boolean | null;
  @Optional() @IsFlag() stepsBack?: boolean | null;
}

/** Either a template or stages of one's own. */
export class CreatePipelineBody {
  @Optional() @IsId() id?: string | null;
  @IsText() name!: string;
  @Optional() @IsOneOf(Object.keys(TEMPLATES)) template?: keyof typeof TEMPLATES | null;
  @Optional() @IsParts(() => StageBody, 1, 50) stages?: StageBody[] | null;
  @Optional() @IsPart(() => MoveRulesBody) moveRules?: MoveRulesBody | null;
  @Optional() @IsGates() winGates?: Gate[] | null;
}

/** Behind the stage `after`, by default last of its kind. */
export class AddStageBody {
  @IsPart(() => StageBody) stage!: StageBody;
  @Optional() @IsId() after?: string | null;
}

export class RenameStageBody {
  @IsId() stageId!: string;
  @IsText() name!: string;
}

/** Every stage that is not retired, in the new order. */
export class ReorderStagesBody {
  @IsIds(50) stageIds!: string[];
}

/** Win gates that are left out stay. */
export class SetMoveRulesBody {
  @IsFlag() skips!: boolean;
  @IsFlag() stepsBack!: boolean;
  @MayBeAbsent() @IsGates() winGates?: Gate[];
}

/** `relocateTo`: where the deals of the stage go. */
export class RetireStageBody {
  @IsId() stageId!: string;
  @IsId() relocateTo!: string;
}

export class StageMappingBody {
  @IsId() from!: string;
  @IsId() to!: string;
}

/** Every stage that is not retired, and the stage of another pipeline that its deals go to. */
export class RetirePipelineBody {
  @IsParts(() => StageMappingBody, 1, 50) mapping!: StageMappingBody[];
}

export class RenamePipelineBody {
  @IsText() name!: string;
}

/** A field that is left out stays; null clears a duration. */
export class SetStagePolicyBody {
  @IsId() stageId!: string;
  @MayBeAbsent() @IsProbability() probability?: number;
  @MayBeAbsent() @IsOneOf(PROBABILITY_SOURCES) probabilityFrom?: ProbabilitySource;
  @Optional() @IsDuration() rottenAfter?: DurationSpec | null;
  @Optional() @IsDuration() maxStay?: DurationSpec | null;
  @Optional() @IsDuration() coverHorizon?: DurationSpec | null;
  @MayBeAbsent() @IsOneOf(CATEGORIES) forecastCategory?: ForecastCategory;
  @MayBeAbsent() @IsGates() gates?: Gate[];
  @MayBeAbsent() @IsParts(() => PlaybookStepBody, 0, 20) playbook?: PlaybookStepBody[];
}
