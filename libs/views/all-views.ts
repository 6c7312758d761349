import type { View } from '#projection/view.js';
import { ACTIVITIES_VIEW } from './activities/activities.view.js';
import { CONTACTS_VIEW } from './contacts/contacts.view.js';
import { DEAL_HISTORY_VIEW } from './deal-history/deal-history.view.js';
import { DEALS_VIEW } from './deals/deals.view.js';
import { LEADS_VIEW } from './leads/leads.view.js';
import { PIPELINES_VIEW } from './pipelines/pipelines.view.js';
import { PRODUCTS_VIEW } from './products/products.view.js';
import { TIMELINE_VIEW } from './timeline/timeline.view.js';

/** Every view that a projection engine keeps. */
export const ALL_VIEWS: readonly View[] = [
  LEADS_VIEW,
  DEALS_VIEW,
  DEAL_HISTORY_VIEW,
  TIMELINE_VIEW,
  PIPELINES_VIEW,
  PRODUCTS_VIEW,
  CONTACTS_VIEW,
  ACTIVITIES_VIEW,
];
