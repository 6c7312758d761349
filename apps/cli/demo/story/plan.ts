export type Body = Readonly<Record<string, unknown>>;

/** A command on the lead or deal that the plan is about, by the last part of its path. */
export interface Step {
  readonly command: string;
  readonly body: Body;
}

/** What happens to a deal once it is open, and the next deal with the same contacts, if there is one. */
export interface DealPlan {
  readonly steps: readonly Step[];
  readonly followUp: { readonly opening: Body; readonly deal: DealPlan } | null;
}

/** A lead from its capture on. */
export interface LeadPlan {
  /** Names its commands, so that sending one again does nothing. */
  readonly key: string;
  readonly capture: Body;
  readonly steps: readonly Step[];
  readonly conversion: { readonly body: Body; readonly deal: DealPlan } | null;
}
