import { afterSale, isSame, type Place } from './pipelines.js';

export type Status = 'open' | 'won' | 'lost' | 'churned' | 'voided' | 'merged';

/** What changes where a deal is, or how it stands. */
export type Turn =
  | { readonly kind: 'opened' | 'moved' | 'switched'; readonly to: Place }
  | { readonly kind: 'won' | 'lost' | 'reopened' | 'churned' | 'voided' | 'merged' | 'unmerged' };

/** An event of the deal's stream, as far as others follow from it. */
export interface Happening {
  readonly type: string;
  readonly turn?: Turn;
  /** Of an event that gives the deal its value. */
  readonly value?: string | null;
  /** A correction has withdrawn it. */
  readonly gone?: true;
}

export interface Visit {
  readonly place: Place;
  readonly entry: string;
  readonly exit: string | null;
}

export interface Standing {
  readonly status: Status;
  readonly place: Place;
  readonly lastOpen: Place;
  readonly visits: readonly Visit[];
}

/** Where a deal of this history is, and how it came there. */
export function standingAfter(log: readonly Happening[]): Standing {
  let standing: Standing | null = null;
  for (const { turn, gone } of log) if (turn !== undefined && gone !== true) standing = turned(standing, turn);
  if (standing === null) throw new Error('a deal begins with its opening');
  return standing;
}

function turned(before: Standing | null, turn: Turn): Standing {
  if (turn.kind === 'opened') {
    const { to } = turn;
    return { status: 'open', place: to, lastOpen: to, visits: [{ place: to, entry: 'opened', exit: null }] };
  }
  if (before === null) throw new Error(`${turn.kind} before the opening`);
  const { status, place, lastOpen, visits } = before;
  const left = (exit: string): readonly Visit[] => {
    const last = visits.at(-1);
    return last === undefined || last.exit !== null ? visits : [...visits.slice(0, -1), { ...last, exit }];
  };
  const entered = (to: Place, entry: string, rest: readonly Visit[]): Standing => {
    const isOpen = status === 'open' || entry === 'reopened' || entry === 'unmerged';
    return {
      status: isOpen ? 'open' : status,
      place: to,
      lastOpen: isOpen ? to : lastOpen,
      visits: [...rest, { place: to, entry, exit: null }],
    };
  };
  switch (turn.kind) {
    case 'moved': {
      const direction = turn.to.stage > place.stage ? 'forward' : 'backward';
      return entered(turn.to, direction, left(direction));
    }
    case 'switched':
      return entered(turn.to, 'switched', left('switched'));
    case 'won': {
      const next = afterSale(place.pipeline);
      const won = { ...before, status: 'won' as const, visits: left('won') };
      return next === null
        ? won
        : { ...won, place: next, visits: [...won.visits, { place: next, entry: 'won', exit: null }] };
    }
    case 'reopened':
      return entered(lastOpen, 'reopened', left('reopened'));
    case 'unmerged':
      return entered(place, 'unmerged', visits);
    default:
      return { ...before, status: turn.kind, visits: left(turn.kind) };
  }
}

/**
 * The history once one of its moves is said to have led elsewhere, or to have been none; null: what came later would not
 * go with it. A move that would now lead to where the deal is already was none either.
 */
export function retold(log: readonly Happening[], revision: number, to: Place | null): readonly Happening[] | null {
  const told = log.map((happening) => ({ ...happening }));
  const withdraw = (index: number): void => {
    Object.assign(told[index] ?? {}, { gone: true });
    if (told[index - 1]?.type === 'GateOverridden') Object.assign(told[index - 1] ?? {}, { gone: true });
  };
  if (to === null) withdraw(revision);
  else Object.assign(told[revision] ?? {}, { turn: { kind: 'moved', to } });
  for (const [index, { turn, gone }] of told.entries()) {
    if (index === 0 || turn === undefined || gone === true) continue;
    const [before, was] = [standingAfter(told.slice(0, index)), standingAfter(log.slice(0, index))];
    if (index > revision && turn.kind === 'moved' && isSame(turn.to, before.place)) withdraw(index);
    const says = turn.kind === 'merged' || turn.kind === 'unmerged';
    if (says && !isSame(before.place, was.place)) return null;
  }
  return told;
}
