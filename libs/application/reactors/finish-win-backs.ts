import { finishWinBack } from '../commands/win-back.js';
import type { Streams } from '../streams.js';
import type { Reactor } from './run-reactor.js';

/**
 * On CustomerWonBack: opens the deal if the process died before it could. A deal that another command opened stays so:
 * the win-back is given up, and that is reported.
 */
export function finishWinBacks(streams: Streams): Reactor {
  return {
    name: 'finish-win-backs',
    failing: 'a win-back is not finished yet',
    concerns: ({ type }) => type === 'CustomerWonBack',
    async react(event) {
      if (event.type !== 'CustomerWonBack') return null;
      return (await finishWinBack(streams, event)).position;
    },
  };
}
