import type { RecordedEvent } from '#event-store/event.js';
import { derive, type Derived, NOTHING } from './derive.js';
import { type RowChanges, rowChanges } from './row-changes.js';
import type { View } from './view.js';

/** A state with what is stored of it. */
export interface Folded<State extends object> {
  readonly state: State;
  readonly derived: Derived;
}

/** A state as it comes from the store or the cache; what is derived from it may still have to be found out. */
export interface Loaded<State extends object> {
  readonly state: State;
  readonly derived: Derived | null;
}

/** What a key's events have led to. */
export interface Step<State extends object> {
  readonly before: Derived;
  readonly after: Folded<State>;
  readonly rows: RowChanges;
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
  loaded: Loaded<State> | null,
  events: readonly RecordedEvent[],
): FoldedKey<State> {
  let before: Derived;
  try {
    before = loaded === null ? NOTHING : (loaded.derived ?? derive(view, loaded.state, key));
  } catch (error) {
    return { step: null, failure: { index: 0, error } };
  }
  const state = loaded?.state ?? null;
  try {
    return { step: foldAll(view, key, state, before, events), failure: null };
  } catch {
    return foldEach(view, key, state, before, events);
  }
}

function foldAll<State extends object>(
  view: View<State>,
  key: string,
  loaded: State | null,
  before: Derived,
  events: readonly RecordedEvent[],
): Step<State> | null {
  let state = loaded;
  for (const event of events) state = view.evolve(state, event);
  if (state === null) return null;
  const derived = derive(view, state, key);
  return { before, after: { state, derived }, rows: rowChanges(view.schema, before.rows, derived.rows) };
}

/** Slower: derives after each event, to tell which one fails. */
function foldEach<State extends object>(
  view: View<State>,
  key: string,
  loaded: State | null,
  before: Derived,
  events: readonly RecordedEvent[],
): FoldedKey<State> {
  let step: Step<State> | null = null;
  let state = loaded;
  for (const [index, event] of events.entries()) {
    try {
      const next = foldAll(view, key, state, before, [event]);
      step = next;
      state = next?.after.state ?? null;
    } catch (error) {
      return { step, failure: { index, error } };
    }
  }
  return { step, failure: null };
}
