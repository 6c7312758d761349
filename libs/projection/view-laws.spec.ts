import { histories } from './testing/history.js';
import { ENTRIES, OPPORTUNITIES } from './testing/opportunities.view.js';
import { viewLaws } from './testing/view-laws.js';

viewLaws('opportunities', OPPORTUNITIES, histories);
viewLaws('entries', ENTRIES, histories);
