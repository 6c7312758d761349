import { finishConversion } from '../commands/conversion.js';
import type { Streams } from '../streams.js';
import type { Reactor } from './run-reactor.js';

/**
 * On LeadConverted: opens the deal if the process died before it could. A deal that another command opened stays so:
 * the conversion is taken back, and that is reported.
 */
export function finishConversions(streams: Streams): Reactor {
  return {
    name: 'finish-conversions',
    failing: 'a conversion is not finished yet',
    concerns: ({ type }) => type === 'LeadConverted',
    async react(event) {
      if (event.type !== 'LeadConverted') return null;
      return (await finishConversion(streams, event)).deal.position;
    },
  };
}
