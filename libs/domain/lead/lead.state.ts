import type { EpochMs, LastChange } from '../shared/decision.js';
import type { Activity } from '../activity/activity.state.js';
import type { EngagementKind } from '../settings/settings.events.js';
import type { Money } from '../shared/money.js';
import type { Actor } from '../shared/decision.js';
import type { Answer, ContactDetails, Criterion, CriterionAnswer, IcpFit, LeadStatus } from './lead.events.js';

export interface LeadState {
  readonly id: string;
  readonly revision: number;
  readonly status: LeadStatus;
  readonly title: string;
  readonly source: string | null;
  readonly person: ContactDetails | null;
  readonly organization: ContactDetails | null;
  readonly value: Money | null;
  readonly labels: readonly string[];
  readonly ownerId: string;
  readonly teamId: string | null;
  readonly attributes: Readonly<Record<string, string>>;
  /** Ids. */
  readonly products: readonly string[];
  /** Id of a person. */
  readonly referredBy: string | null;
  /** How often each kind of interest was shown, and at which revision last. */
  readonly engagement: Readonly<Partial<Record<EngagementKind, { readonly count: number; readonly revision: number }>>>;
  readonly activities: readonly Activity[];
  readonly capturedAt: EpochMs;
  /** Civil date; null unless nurturing. */
  readonly followUpOn: string | null;
  /** The last qualification, kept when the lead is reopened or nurtured afterwards. */
  readonly qualification: {
    readonly criteria: Readonly<Partial<Record<Criterion, CriterionAnswer>>>;
    readonly icpFit: IcpFit | null;
    readonly answers: readonly Answer[];
    readonly policyVersion: number;
    readonly qualifiedAt: EpochMs;
  } | null;
  /** Null unless disqualified. */
  readonly disqualification: { readonly reason: string; readonly note: string | null; readonly at: EpochMs } | null;
  readonly dealId: string | null;
  readonly notes: readonly {
    readonly text: string;
    readonly actor: Actor;
    readonly occurredAt: EpochMs;
    readonly revision: number;
  }[];
  /** Where the groups {status}, {owner} and {value} stand in time. */
  readonly last: { readonly status: LastChange; readonly owner: LastChange; readonly value: LastChange };
}
