import type { JsonSchema } from '#application/validation/body-schema.js';
import { ACTIVITY_EXAMPLES } from './examples/activities.js';
import { AMENDMENT_EXAMPLES } from './examples/amendments.js';
import { CONTACT_EXAMPLES } from './examples/contacts.js';
import { DEAL_DETAIL_EXAMPLES } from './examples/deal-details.js';
import { DEAL_EXAMPLES } from './examples/deals.js';
import { LEAD_EXAMPLES } from './examples/leads.js';
import { PIPELINE_EXAMPLES } from './examples/pipelines.js';
import { LAST_PRODUCT_EXAMPLES, PRODUCT_EXAMPLES } from './examples/products.js';
import { QUERY_EXAMPLES } from './examples/queries.js';
import { SETTINGS_EXAMPLES } from './examples/settings.js';
import type { RouteName } from './routes.js';

/** One request of the document. */
export interface Example {
  readonly route: RouteName;
  readonly summary: string;
  /** What stands in the places of the path. */
  readonly path?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: JsonSchema;
}

/** One story: each request succeeds when those before it were sent, in this order, to an empty server. */
export const EXAMPLES: readonly Example[] = [
  ...SETTINGS_EXAMPLES,
  ...PIPELINE_EXAMPLES,
  ...PRODUCT_EXAMPLES,
  ...CONTACT_EXAMPLES,
  ...LEAD_EXAMPLES,
  ...DEAL_EXAMPLES,
  ...DEAL_DETAIL_EXAMPLES,
  ...ACTIVITY_EXAMPLES,
  ...AMENDMENT_EXAMPLES,
  ...LAST_PRODUCT_EXAMPLES,
  ...QUERY_EXAMPLES,
];
