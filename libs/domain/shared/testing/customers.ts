import type { AbandonWinBack, RecordChurn, WinBackCustomer } from '../../deal/deal.customer-commands.js';
import type { CustomerChurned, CustomerWonBack, WinBackAbandoned } from '../../deal/deal.customer-events.js';
import type { DealOpened } from '../../deal/deal.events.js';
import { DEFAULT_SETTINGS } from '../../settings/settings.js';
import { deal, opened } from './deals.js';
import { pipelineOf } from './pipelines.js';

export function churn(reason = 'service'): RecordChurn {
  return { type: 'RecordChurn', reason, settings: DEFAULT_SETTINGS };
}

export function churned(reason = 'service'): CustomerChurned {
  return { type: 'CustomerChurned', data: { reason } };
}

/** By the deal `again`, in the first stage of the pipeline of `created`. */
export function winBack(change: Partial<WinBackCustomer> = {}): WinBackCustomer {
  return { type: 'WinBackCustomer', dealId: 'again', pipeline: pipelineOf(), stageId: null, inVain: false, ...change };
}

export function wonBack(change: Partial<DealOpened['data']> = {}, dealId = 'again'): CustomerWonBack {
  const { data } = opened({ kind: 'win-back', previousDealId: deal.id, ...change });
  return { type: 'CustomerWonBack', data: { dealId, deal: data } };
}

export function abandon(dealId = 'again'): AbandonWinBack {
  return { type: 'AbandonWinBack', dealId };
}

export function abandoned(dealId = 'again'): WinBackAbandoned {
  return { type: 'WinBackAbandoned', data: { dealId } };
}
