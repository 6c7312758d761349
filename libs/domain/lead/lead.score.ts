import type { ScoringRule } from '../settings/settings.events.js';
import type { Settings } from '../settings/settings.js';
import type { LeadState } from './lead.state.js';

/** The points that a rule gave, all together. */
export interface ScorePart {
  readonly rule: string;
  readonly points: number;
  /** How often it gave them. */
  readonly count: number;
  /** Of the event that last gave them. */
  readonly revision: number;
}

export interface Score {
  readonly total: number;
  readonly modelVersion: number;
  /** In the order of the model's rules; those that gave nothing are left out. */
  readonly parts: readonly ScorePart[];
}

/** The score of a lead under a model: what was shown and what is known, rule by rule. Nothing of it is ever stored. */
export function scoreOf(lead: LeadState, model: Settings['scoringModel']): Score {
  const parts = model.rules.flatMap((rule) => partOf(lead, rule) ?? []);
  const total = parts.reduce((sum, { points }) => sum + points, 0);
  return { total, modelVersion: model.version, parts };
}

function partOf(lead: LeadState, rule: ScoringRule): ScorePart | null {
  const { count, revision } = 'engagement' in rule ? shown(lead, rule) : known(lead, rule);
  return count === 0 ? null : { rule: rule.rule, points: rule.points * count, count, revision };
}

function shown(lead: LeadState, rule: Extract<ScoringRule, { readonly engagement: unknown }>) {
  const { count, revision } = lead.engagement[rule.engagement] ?? { count: 0, revision: 0 };
  return { count: rule.atMost === null ? count : Math.min(count, rule.atMost), revision };
}

/** What is known of who asks was told at the capture. */
function known(lead: LeadState, rule: Extract<ScoringRule, { readonly attribute: unknown }>) {
  const value = Object.hasOwn(lead.attributes, rule.attribute) ? lead.attributes[rule.attribute] : undefined;
  return { count: value !== undefined && rule.in.includes(value) ? 1 : 0, revision: 0 };
}
