import type { RecordedEvent } from '#event-store/event.js';
import { derive, type Derived, NOTHING } from './derive.js';
import { type RowChanges, rowChanges } from './row-changes.js';
import type { View } from './view.js';

/** What a key's events have led to. */
export interface Step<State extends object> {
  readonly before: Derived;
  readonly state: State;
  readonly after: Derived;
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
  loaded: State | null,
  events: readonly RecordedEvent[],
): FoldedKey<State> {
  let before: Derived;
  try {
    before = loaded === null ? NOTHING : derive(view, loaded, key);
  } catch (error) {
    return { step: null, failure: { index: 0, error } };
  }
  try {
    return { step: foldAll(view, key, loaded, before, events), failure: null };
  } catch {
    return foldEach(view, key, loaded, before, events);
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
  const after = derive(view, state, key);
  return { before, state, after, rows: rowChanges(view.schema, before.rows, after.rows) };
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
      state = next?.state ?? null;
    } catch (error) {
      return { step, failure: { index, error } };
    }
  }
  return { step, failure: null };
}
