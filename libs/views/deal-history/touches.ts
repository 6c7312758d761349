import type { EpochMs } from '#domain/shared/decision.js';

/**
 * A qualifying event: its time, clamped to its recording, and from when on it counts; one number where both are the
 * same, as they mostly are.
 */
export type TouchTime = EpochMs | readonly [at: EpochMs, from: EpochMs];

export function touchTime(at: EpochMs, from: EpochMs): TouchTime {
  return at === from ? at : [at, from];
}

export function touchedAt(touch: TouchTime): EpochMs {
  return typeof touch === 'number' ? touch : touch[0];
}

export function countsFrom(touch: TouchTime): EpochMs {
  return typeof touch === 'number' ? touch : touch[1];
}

/** Equal ones are kept: a correction takes one of them away. */
export function insertTouch(touches: readonly TouchTime[], touch: TouchTime): readonly TouchTime[] {
  const from = countsFrom(touch);
  let place = touches.length;
  for (let last = touches[place - 1]; last !== undefined && countsFrom(last) > from; last = touches[place - 1]) place--;
  return touches.toSpliced(place, 0, touch);
}

/** As they are stored: each by the time since the one before, and for how long it does not count yet. */
export type PackedTouch = number | readonly [since: number, putOff: number];

export function packTouches(touches: readonly TouchTime[]): readonly PackedTouch[] {
  let before = 0;
  return touches.map((touch) => {
    const at = touchedAt(touch);
    const since = at - before;
    before = at;
    return typeof touch === 'number' ? since : [since, countsFrom(touch) - at];
  });
}

/** The inverse of `packTouches`. */
export function unpackTouches(packed: readonly PackedTouch[]): readonly TouchTime[] {
  let at = 0;
  return packed.map((touch) => {
    if (typeof touch === 'number') return (at += touch);
    at += touch[0];
    return touchTime(at, at + touch[1]);
  });
}
