import { viewLaws } from '#projection/testing/view-laws.js';
import { DEAL_HISTORY_VIEW } from './deal-history/deal-history.view.js';
import { DEALS_VIEW } from './deals/deals.view.js';
import { LEADS_VIEW } from './leads/leads.view.js';
import { PIPELINES_VIEW } from './pipelines/pipelines.view.js';
import { PRODUCTS_VIEW } from './products/products.view.js';
import { dealHistories, leadHistories } from './testing/histories.js';
import { pipelineHistories } from './testing/pipeline-histories.js';
import { productHistories } from './testing/product-histories.js';
import { TIMELINE_VIEW } from './timeline/timeline.view.js';

viewLaws('leads', LEADS_VIEW, leadHistories);
viewLaws('deals', DEALS_VIEW, dealHistories);
viewLaws('deal-history', DEAL_HISTORY_VIEW, dealHistories);
viewLaws('timeline', TIMELINE_VIEW, leadHistories);
viewLaws('pipelines', PIPELINES_VIEW, pipelineHistories);
viewLaws('products', PRODUCTS_VIEW, productHistories);
