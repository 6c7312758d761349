import fc from 'fast-check';
import type { RecordedEvent } from '#event-store/event.js';
import { dealLives } from './deal-histories.js';
import { leadLives } from './lead-histories.js';
import { interleaved, recorded } from './recorded.js';
import type { Happening } from './recorded.js';

export { interleaved, recorded } from './recorded.js';
export type { Happening } from './recorded.js';
export { PLAY_PIPELINES } from './deal-choices.js';
export type { PlayPipeline } from './deal-choices.js';

const STRANGER: readonly Happening[] = [
  { type: 'PersonRegistered', data: { name: 'Ada', emails: [], phones: [] }, occurredAt: '2026-01-01T00:00:00.000Z' },
];

/** One log with the streams of several deals (`deal-1` …), now and then of a lead, and of a stranger. */
export const dealHistories: fc.Arbitrary<readonly RecordedEvent[]> = fc
  .tuple(fc.array(dealLives, { minLength: 1, maxLength: 4 }), fc.option(leadLives), fc.array(fc.nat(20)))
  .map(([deals, lead, picks]) =>
    interleaved(
      [
        ...deals.map((life, index) => recorded(`deal-${index + 1}`, life)),
        ...(lead ? [recorded('lead-1', lead)] : []),
        recorded('person-1', STRANGER),
      ],
      picks,
    ),
  );

/** One log with the streams of several leads (`lead-1` …), now and then of a deal, and of a stranger. */
export const leadHistories: fc.Arbitrary<readonly RecordedEvent[]> = fc
  .tuple(fc.array(leadLives, { minLength: 1, maxLength: 4 }), fc.option(dealLives), fc.array(fc.nat(20)))
  .map(([leads, deal, picks]) =>
    interleaved(
      [
        ...leads.map((life, index) => recorded(`lead-${index + 1}`, life)),
        ...(deal ? [recorded('deal-1', deal)] : []),
        recorded('person-1', STRANGER),
      ],
      picks,
    ),
  );
