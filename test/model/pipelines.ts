/** A stage by its place: of which pipeline, and where in it. */
export interface Place {
  readonly pipeline: number;
  readonly stage: number;
}

export interface ModelStage {
  readonly name: string;
  readonly kind: 'open' | 'post-sale';
  /** What a deal must have to enter: a value, or an accepted proposal. */
  readonly gate: 'value' | 'proposal' | null;
}

export interface ModelPipeline {
  readonly stages: readonly ModelStage[];
  readonly stepsBack: boolean;
}

const open = (name: string, gate: ModelStage['gate'] = null): ModelStage => ({ name, kind: 'open', gate });

/** One without steps back that goes on after the sale, one that ends with the win. */
export const PIPELINES: readonly ModelPipeline[] = [
  {
    stages: [
      open('call'),
      open('offer'),
      open('talks', 'value'),
      { name: 'customer', kind: 'post-sale', gate: null },
      { name: 'friend', kind: 'post-sale', gate: null },
    ],
    stepsBack: false,
  },
  { stages: [open('notice'), open('renewal', 'proposal'), open('terms')], stepsBack: true },
];

export function stageAt({ pipeline, stage }: Place): ModelStage {
  const found = PIPELINES[pipeline]?.stages[stage];
  if (found === undefined) throw new RangeError(`there is no stage ${pipeline}.${stage}`);
  return found;
}

/** Where a deal of the pipeline goes when it is won; null: nowhere. */
export function afterSale(pipeline: number): Place | null {
  const stage = PIPELINES[pipeline]?.stages.findIndex(({ kind }) => kind === 'post-sale') ?? -1;
  return stage < 0 ? null : { pipeline, stage };
}

export function isSame(a: Place, b: Place): boolean {
  return a.pipeline === b.pipeline && a.stage === b.stage;
}
