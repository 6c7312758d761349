import { idOf } from '#event-store/streams.js';
import { finishReversion, leadTakenBack } from '../commands/reversion.js';
import type { Streams } from '../streams.js';
import type { Reactor } from './run-reactor.js';

/** On a DealVoided that takes a conversion back: tells the lead if the process died before it could. */
export function finishReversions(streams: Streams): Reactor {
  return {
    name: 'finish-reversions',
    failing: 'a conversion is not taken back entirely yet',
    concerns: (event) => leadTakenBack(event) !== null,
    async react(event) {
      const leadId = leadTakenBack(event);
      if (leadId === null) return null;
      return (await finishReversion(streams, idOf(event.stream), leadId, event)).position;
    },
  };
}
