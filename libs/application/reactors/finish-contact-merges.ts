import { categoryOf, idOf } from '#event-store/streams.js';
import { beginsMerge, finishMerge } from '../commands/contact-merge.js';
import { CommandExecutor } from '../execute.js';
import type { Streams } from '../streams.js';
import type { Reactor } from './run-reactor.js';

/** On ContactMergeStarted and ContactUnmergeStarted: takes the steps that the process died before. */
export function finishContactMerges(streams: Streams): Reactor {
  const commands = new CommandExecutor(streams);
  return {
    name: 'finish-contact-merges',
    failing: 'a merge of two contacts is not finished yet',
    concerns: ({ type }) => beginsMerge(type),
    async react(event) {
      const kind = categoryOf(event.stream);
      if ((kind !== 'person' && kind !== 'organization') || !beginsMerge(event.type)) return null;
      return (await finishMerge(commands, kind, idOf(event.stream), event)).position;
    },
  };
}
