import { type Happening, type Standing, standingAfter } from './turns.js';
import type { Place } from './pipelines.js';

export interface Details {
  /** Of one product at 10.00; 0: no line items. */
  readonly items: number;
  readonly labels: readonly string[];
  readonly visibility: string;
  readonly expectedClose: string | null;
  readonly probability: number | null;
  readonly category: string | null;
  readonly criteria: readonly string[];
  /** Until when the deal sleeps. */
  readonly snoozed: string | null;
  readonly files: readonly string[];
  readonly activities: Readonly<Record<string, { readonly status: string; readonly dueAt: string }>>;
  /** By name. Option n, from 0 on, is of n + 1 items. */
  readonly proposals: Readonly<Record<string, { readonly options: number; readonly accepted: number | null }>>;
}

export const NO_DETAILS: Details = {
  items: 0,
  labels: [],
  visibility: 'everyone',
  expectedClose: null,
  probability: null,
  category: null,
  criteria: [],
  snoozed: null,
  files: [],
  activities: {},
  proposals: {},
};

/** A deal as the rules of the domain say it behaves, written from their description and not from the server's code. */
export interface ModelDeal extends Details, Standing {
  /** One for each event: the last one's place is the revision. */
  readonly log: readonly Happening[];
  readonly value: string | null;
  readonly owner: string;
  readonly loss: string | null;
  readonly churn: string | null;
  /** Ids of deals. */
  readonly wonBackBy: string | null;
  readonly previous: string | null;
  readonly mergedInto: string | null;
  readonly merged: readonly string[];
  readonly merging: boolean;
  readonly lead: string | null;
}

export type Result<Model> =
  /** `events`: types of what is stored; none: nothing changes. */
  | { readonly ok: true; readonly next: Model; readonly events: readonly string[] }
  /** Any of the codes is right. */
  | { readonly ok: false; readonly codes: readonly string[] };

export const refused = (...codes: string[]): { readonly ok: false; readonly codes: readonly string[] } => {
  return { ok: false, codes };
};

export function openedDeal(to: Place, given: Partial<ModelDeal>): ModelDeal {
  const { value = null } = given;
  const log: readonly Happening[] = [{ type: 'DealOpened', turn: { kind: 'opened', to }, value }];
  return {
    ...NO_DETAILS,
    ...standingAfter(log),
    log,
    value,
    owner: 'u-0',
    loss: null,
    churn: null,
    wonBackBy: null,
    previous: null,
    mergedInto: null,
    merged: [],
    merging: false,
    lead: null,
    ...given,
  };
}

/** The deal after events of these types; the last of them turns it, or gives it a value, if it does. */
export function after(
  deal: ModelDeal,
  types: readonly string[],
  by: Partial<ModelDeal> = {},
  last: Omit<Happening, 'type'> = {},
): Result<ModelDeal> {
  const happened = types.map((type, index) => (index === types.length - 1 ? { type, ...last } : { type }));
  const log = [...deal.log, ...happened];
  return { ok: true, next: { ...deal, ...by, log, ...standingAfter(log) }, events: types };
}

export function unchanged(deal: ModelDeal): Result<ModelDeal> {
  return { ok: true, next: deal, events: [] };
}

/** Nothing is added to it any more. */
export function isClosedBook({ status }: ModelDeal): boolean {
  return status === 'voided' || status === 'merged';
}
