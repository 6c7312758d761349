import type { RecordedEvent } from '../event.js';
import { StoreUnavailable, WrongExpectedRevision, type EventStore } from '../port.js';
import { Chains } from './chains.js';
import { BEGINNING, ForeignEvents, match, PAGE, type Place } from './match.js';
import { appendsOf, type OrderedAppends } from './ordered-appends.js';
import { patiently } from './patience.js';

/** How far a copy has got; it goes through the log once in each phase. */
export interface CopyProgress {
  readonly phase: 'comparing' | 'copying' | 'verifying';
  /** Of the target so far. */
  readonly events: number;
  /** In the source: the last event that was looked at. */
  readonly position: bigint;
}

export interface CopyResult {
  /** Events and streams that the target holds now. */
  readonly events: number;
  readonly streams: number;
  /** Of the events, those that it held before. */
  readonly before: number;
}

/**
 * Copies a log into another store: the same events with the same ids, hashes and times, at the same revisions, in the
 * same order; only positions are the store's own. It may be ended at any moment and run again: it goes on where the
 * target ends. In the end it reads everything back, compares it with the source, and checks every chain.
 *
 * The source may be written meanwhile: what comes after the copy has reached its end is left for another run. The
 * target must have no other writer.
 *
 * @param append takes what the target is to store
 * @throws ForeignEvents the target holds, or is given by somebody else, what the source does not hold
 * @throws BrokenChain one of the logs is not whole
 * @throws StoreUnavailable one of them is out of reach for a minute
 */
export async function copyLog(
  source: EventStore,
  target: EventStore,
  append: OrderedAppends,
  onProgress: (progress: CopyProgress) => void,
): Promise<CopyResult> {
  const chains = new Chains('The source');
  const progress = (phase: CopyProgress['phase'], position: bigint) =>
    onProgress({ phase, events: chains.events, position });

  let place = await match(source, target, BEGINNING, (like) => {
    chains.follow(like);
    if (chains.events % PAGE === 0) progress('comparing', like.position);
  });
  const before = chains.events;
  for (;;) {
    const { source: after } = place;
    const page = await patiently(() => source.readAll(after, PAGE));
    const last = page.at(-1);
    if (last === undefined) break;
    for (const event of page) chains.follow(event);
    place = await take(source, target, append, page, place, (like) => {
      // Another run of this copy is ahead.
      if (like.position > last.position) chains.follow(like);
    });
    progress('copying', last.position);
  }
  return { ...(await verify(source, target, onProgress)), before };
}

/**
 * Appends one page and reads it back. An earlier run that was ended may still have had some of it on its way to the
 * target.
 */
async function take(
  source: EventStore,
  target: EventStore,
  append: OrderedAppends,
  page: readonly RecordedEvent[],
  from: Place,
  onPair: (source: RecordedEvent) => void,
): Promise<Place> {
  for (let place = from; ;) {
    const { source: after } = place;
    const missing = page.filter(({ position }) => after === null || position > after);
    if (missing.length === 0) return place;
    const refusal = await refusalOf(() => append(appendsOf(missing)));
    // A node that lags behind the one that has taken them shows them later.
    const shown = await patiently(async () => {
      const now = await match(source, target, place, onPair);
      if (refusal === null && now.target === place.target) throw new StoreUnavailable('the copy is not shown', true);
      return now;
    });
    if (shown.target === place.target) {
      throw new ForeignEvents(`The target is written by somebody else: ${refusal?.message ?? ''}.`);
    }
    place = shown;
  }
}

async function refusalOf(append: () => Promise<void>): Promise<WrongExpectedRevision | null> {
  try {
    await append();
    return null;
  } catch (error) {
    if (error instanceof WrongExpectedRevision) return error;
    throw error;
  }
}

async function verify(source: EventStore, target: EventStore, onProgress: (progress: CopyProgress) => void) {
  const chains = new Chains('The target');
  await match(source, target, BEGINNING, (like, event) => {
    chains.follow(event);
    if (chains.events % PAGE === 0) onProgress({ phase: 'verifying', events: chains.events, position: like.position });
  });
  return { events: chains.events, streams: chains.streams };
}
