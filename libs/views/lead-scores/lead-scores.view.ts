import { scoreOf } from '#domain/lead/lead.score.js';
import type { Settings } from '#domain/settings/settings.js';
import type { View } from '#projection/view.js';
import type { ViewSchema } from '#view-store/port.js';
import { LEADS_VIEW, leadColumns, type InboxEntry } from '../leads/leads.view.js';

/** Of the fold: another one makes other rows under every model. */
const FOLD_VERSION = 2;
const FOLD_VERSIONS = 1_000;

/**
 * The inbox with scores, by which it can be sorted. Each scoring model has a version of the view to itself: a changed
 * model is built beside the one that is read, and events stay as they are.
 * @param model version of the scoring model, from 1
 */
export function leadScoresSchema(model: number): ViewSchema {
  return {
    view: 'lead-scores',
    version: model * FOLD_VERSIONS + FOLD_VERSION,
    tables: {
      lead: {
        id: 'string',
        columns: {
          status: 'string',
          source: 'string',
          owner: 'string',
          labels: 'strings',
          score: 'integer',
          search: 'string',
          /** The folded LeadState. */
          body: 'json',
        },
        indexes: [['score'], ['status', 'score']],
      },
    },
    personal: true,
    counters: {},
  };
}

/** The view of one scoring model. */
export function leadScoresView(model: Settings['scoringModel']): View<InboxEntry> {
  return {
    ...LEADS_VIEW,
    schema: leadScoresSchema(model.version),
    rows: (entry) => {
      const { lead } = entry;
      const { status, source, owner, labels, search } = leadColumns(entry);
      const score = scoreOf(lead, model).total;
      return [{ table: 'lead', row: { id: lead.id, status, source, owner, labels, score, search, body: lead } }];
    },
    counters: () => [],
  };
}
