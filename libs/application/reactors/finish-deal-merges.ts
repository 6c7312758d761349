import { categoryOf, idOf } from '#event-store/streams.js';
import { beginsDealMerge, finishDealMerge } from '../commands/deal-merge.js';
import type { Streams } from '../streams.js';
import type { Reactor } from './run-reactor.js';

/** On MergeStarted and UnmergeStarted: takes the steps that the process died before. */
export function finishDealMerges(streams: Streams): Reactor {
  return {
    name: 'finish-deal-merges',
    failing: 'a merge of two deals is not finished yet',
    concerns: beginsDealMerge,
    async react(event) {
      if (categoryOf(event.stream) !== 'deal' || !beginsDealMerge(event)) return null;
      return (await finishDealMerge(streams, idOf(event.stream), event)).position;
    },
  };
}
