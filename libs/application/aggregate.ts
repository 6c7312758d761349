import { decode } from '#event-store/codec.js';
import type { RecordedEvent } from '#event-store/event.js';
import type { Recorded } from '#domain/shared/decision.js';
import { evolveAccess, type AccessEvent, type AccessState } from '#domain/access/access.js';
import { evolveAlert, type AlertState } from '#domain/alert/alert.js';
import type { AlertEvent } from '#domain/alert/alert.events.js';
import { evolveContact } from '#domain/contact/contact.evolve.js';
import type { ContactEvent } from '#domain/contact/contact.events.js';
import type { ContactKind, ContactState } from '#domain/contact/contact.state.js';
import { evolveDeal } from '#domain/deal/deal.evolve.js';
import type { DealEvent } from '#domain/deal/deal.events.js';
import type { DealState } from '#domain/deal/deal.state.js';
import { evolveImport, type ImportEvent, type ImportState } from '#domain/import/import.js';
import { evolveLead } from '#domain/lead/lead.evolve.js';
import type { LeadEvent } from '#domain/lead/lead.events.js';
import type { LeadState } from '#domain/lead/lead.state.js';
import { evolvePipeline } from '#domain/pipeline/pipeline.evolve.js';
import type { PipelineEvent } from '#domain/pipeline/pipeline.events.js';
import type { PipelineState } from '#domain/pipeline/pipeline.state.js';
import type { ProductEvent } from '#domain/product/product.events.js';
import { evolveProduct } from '#domain/product/product.evolve.js';
import type { ProductState } from '#domain/product/product.state.js';
import type { SettingsEvent } from '#domain/settings/settings.events.js';
import { evolveSettings } from '#domain/settings/settings.evolve.js';
import type { SettingsState } from '#domain/settings/settings.state.js';
import type { StandaloneActivityEvent } from '#domain/standalone-activity/standalone.events.js';
import { evolveStandalone } from '#domain/standalone-activity/standalone.evolve.js';
import type { StandaloneActivity } from '#domain/standalone-activity/standalone.state.js';

/** How one kind of stream is named and folded. */
export interface Aggregate<State> {
  readonly category: string;
  /** Whether its decider looks at personal strings; else they stay sealed in the state that it is given. */
  readonly opens: boolean;
  stream(id: string): string;
  evolve(state: State | null, id: string, event: RecordedEvent): State;
}

/**
 * The one place where a stored event becomes a domain event: the stream's category says which union it belongs to,
 * and the codec has upcast it to the shape of today.
 */
function aggregate<State, Event extends { type: string; data: object }>(
  category: string,
  evolve: (state: State | null, event: Recorded<Event>, id: string) => State,
  opens = false,
): Aggregate<State> {
  return {
    category,
    opens,
    stream: (id) => `${category}-${id}`,
    evolve: (state, id, event) => evolve(state, decode(event) as Recorded<Event>, id),
  };
}

export const LEAD = aggregate<LeadState, LeadEvent>('lead', evolveLead, true);
export const DEAL = aggregate<DealState, DealEvent>('deal', evolveDeal);
/** A deal for commands that compare what they bring with the names and texts that it has. */
export const OPENED_DEAL: Aggregate<DealState> = { ...DEAL, opens: true };
export const PIPELINE = aggregate<PipelineState, PipelineEvent>('pipeline', evolvePipeline);
export const PERSON = aggregate<ContactState, ContactEvent>('person', evolveContact, true);
export const ORGANIZATION = aggregate<ContactState, ContactEvent>('organization', evolveContact, true);
export const ACCESS = aggregate<AccessState, AccessEvent>('access', evolveAccess);
export const PRODUCT = aggregate<ProductState, ProductEvent>('product', evolveProduct);
export const SETTINGS = aggregate<SettingsState, SettingsEvent>('settings', evolveSettings);
export const STANDALONE_ACTIVITY = aggregate<StandaloneActivity, StandaloneActivityEvent>('activity', evolveStandalone);
export const ALERT = aggregate<AlertState, AlertEvent>('alert', evolveAlert);
export const IMPORT = aggregate<ImportState, ImportEvent>('import', evolveImport);

/** People and organisations are folded alike, in streams of their own. */
export function contactAggregate(kind: ContactKind): Aggregate<ContactState> {
  return kind === 'person' ? PERSON : ORGANIZATION;
}
