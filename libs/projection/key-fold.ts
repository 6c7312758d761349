import type { RecordedEvent } from '#event-store/event.js';
import { type Difference, difference } from './derive.js';
import type { View } from './view.js';

/** What a key's events have led to. */
export interface Step<State extends object> extends Difference {
  readonly state: State;
}

/** `step` is null when no event could be folded; `failure` tells the first that could not. */
export interface FoldedKey<State extends object> {
  readonly step: Step<State> | null;
  readonly failure: { readonly index: number; readonly error: unknown } | null;
}

/** Folds one key's events, up to the first that fails. Whatever the view's own code throws ends here. */
export function foldKey<State extends object>(
  view: View<State>,
  key: string,
  loaded: State | null,
  events: readonly RecordedEvent[],
): FoldedKey<State> {
  try {
    return { step: foldAll(view, key, loaded, events), failure: null };
  } catch {
    return foldEach(view, key, loaded, events);
  }
}

function foldAll<State extends object>(
  view: View<State>,
  key: string,
  loaded: State | null,
  events: readonly RecordedEvent[],
): Step<State> | null {
  let state = loaded;
  for (const event of events) state = view.evolve(state, event);
  return state === null ? null : { state, ...difference(view, loaded, state, key) };
}

/** Slower: derives after each event, to tell which one fails. */
function foldEach<State extends object>(
  view: View<State>,
  key: string,
  loaded: State | null,
  events: readonly RecordedEvent[],
): FoldedKey<State> {
  let step: Step<State> | null = null;
  let state = loaded;
  for (const [index, event] of events.entries()) {
    try {
      state = view.evolve(state, event);
      step = { state, ...difference(view, loaded, state, key) };
    } catch (error) {
      return { step, failure: { index, error } };
    }
  }
  return { step, failure: null };
}
