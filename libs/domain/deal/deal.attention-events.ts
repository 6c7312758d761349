/** Who looks after a deal, and who need not. These names and shapes are the stored format: version them with care. */

/** Not stale until then. A snooze ends at its time, or before by DealWoken, by the next one or by a close. */
export interface DealSnoozed {
  readonly type: 'DealSnoozed';
  readonly data: {
    /** RFC 3339, UTC. */
    readonly until: string;
  };
}

export interface DealWoken {
  readonly type: 'DealWoken';
  readonly data: Readonly<Record<string, never>>;
}

/** Somebody says that the deal is alive: a touch without any other trace. */
export interface DealKeptAlive {
  readonly type: 'DealKeptAlive';
  readonly data: { readonly reason: string | null };
}

export type InteractionKind = 'email' | 'call' | 'meeting' | 'message';

export interface InteractionLogged {
  readonly type: 'InteractionLogged';
  readonly data: {
    readonly kind: InteractionKind;
    /** From the deal's side: `in` came from the contact. */
    readonly direction: 'in' | 'out';
    readonly subject: string | null;
    readonly text: string | null;
    /** Ids of persons. */
    readonly with: readonly string[];
  };
}

export type DealAttentionEvent = DealSnoozed | DealWoken | DealKeptAlive | InteractionLogged;
