/** These names and shapes are the stored format of `pipeline-<id>`: version them with care. */

export type StageKind = 'open' | 'post-sale';
export type ProbabilitySource = 'fixed' | 'historical';
export type ForecastCategory = 'pipeline' | 'best-case' | 'commit' | 'omitted';

/** A length of time as the wire has it: ISO 8601 days or hours (`P14D`, `PT36H`), or business days. */
export type DurationSpec = string | { readonly businessDays: number };

export type Gate =
  | { readonly type: 'field'; readonly field: GateField }
  | { readonly type: 'activity'; readonly kind: ActivityKind }
  | { readonly type: 'contact'; readonly kind: 'person' | 'organization' }
  | { readonly type: 'criteria'; readonly min: number }
  | { readonly type: 'evidence'; readonly kind: EvidenceKind }
  | { readonly type: 'proposal'; readonly status: 'accepted' };
/** Fields of a deal that a gate may require to have a value. */
export type GateField = 'value' | 'expectedClose' | 'source' | 'labels' | 'lineItems' | 'probability';
/** What a linked file can prove. */
export type EvidenceKind = 'signed-contract' | 'payment';
export type ActivityKind = 'call' | 'meeting' | 'demo' | 'email' | 'task' | 'proposal';

export interface StagePolicy {
  /** 0 to 1, at most 4 decimals. */
  readonly probability: number;
  /** Default `fixed`. `historical`: won / closed of the last year, and the fixed one where too few were closed. */
  readonly probabilityFrom?: ProbabilitySource;
  readonly rottenAfter: DurationSpec | null;
  readonly maxStay: DurationSpec | null;
  readonly coverHorizon: DurationSpec | null;
  readonly forecastCategory: ForecastCategory;
  readonly gates: readonly Gate[];
  /** What is planned on a deal that enters; default: nothing. */
  readonly playbook?: readonly PlaybookStep[];
}

/** An activity that falls due so many days (86,400 s) after the entry. */
export interface PlaybookStep {
  readonly kind: ActivityKind;
  readonly subject: string;
  readonly afterDays: number;
}

export interface StageDefinition extends StagePolicy {
  readonly id: string;
  readonly name: string;
  readonly kind: StageKind;
}

export interface MoveRules {
  readonly skips: boolean;
  readonly stepsBack: boolean;
}

/** Stages in order: the open ones first, then the post-sale ones. */
export interface PipelineCreated {
  readonly type: 'PipelineCreated';
  readonly data: {
    readonly name: string;
    readonly template: string | null;
    readonly stages: readonly StageDefinition[];
    readonly moveRules: MoveRules;
    readonly winGates: readonly Gate[];
  };
}

/** The stage's whole policy as it is from now on. */
export interface StagePolicySet {
  readonly type: 'StagePolicySet';
  readonly data: { readonly stageId: string; readonly policy: StagePolicy };
}

/** The stage came behind the stage `after`; null: last of its kind. */
export interface StageAdded {
  readonly type: 'StageAdded';
  readonly data: { readonly stage: StageDefinition; readonly after: string | null };
}

export interface StageRenamed {
  readonly type: 'StageRenamed';
  readonly data: { readonly stageId: string; readonly name: string };
}

/** Every stage that is not retired, in the order from now on. */
export interface StagesReordered {
  readonly type: 'StagesReordered';
  readonly data: { readonly stageIds: readonly string[] };
}

/** The rules as they are from now on. */
export interface MoveRulesSet {
  readonly type: 'MoveRulesSet';
  readonly data: { readonly moveRules: MoveRules; readonly winGates: readonly Gate[] };
}

export interface PipelineRenamed {
  readonly type: 'PipelineRenamed';
  readonly data: { readonly name: string };
}

/** No deal enters the stage from now on; those in it are relocated to `relocateTo`, one by one (a reactor does it). */
export interface StageRetired {
  readonly type: 'StageRetired';
  readonly data: { readonly stageId: string; readonly relocateTo: string };
}

/** Where the deals of a stage go when its pipeline is retired: a stage of another one. */
export interface StageMapping {
  readonly from: string;
  readonly to: { readonly pipelineId: string; readonly stageId: string };
}

/** No deal enters the pipeline from now on; those in it are relocated, one by one (a reactor does it). */
export interface PipelineRetired {
  readonly type: 'PipelineRetired';
  readonly data: { readonly mapping: readonly StageMapping[] };
}

export type PipelineEvent =
  | PipelineCreated
  | StagePolicySet
  | StageAdded
  | StageRenamed
  | StagesReordered
  | MoveRulesSet
  | PipelineRenamed
  | StageRetired
  | PipelineRetired;
