import type { ViewReads } from '#view-store/port.js';
import { ENTRIES, OPPORTUNITIES } from './testing/opportunities.view.js';
import { waitForPosition } from './wait-for.js';

const SCHEMAS = [OPPORTUNITIES.schema, ENTRIES.schema];

/** Checkpoints that move on by one each time they are looked at, up to a last one. */
function moving(last: Readonly<Record<string, bigint | null>>): Pick<ViewReads, 'checkpoint'> {
  const at = new Map<string, bigint>();
  return {
    async checkpoint({ view }) {
      const end = last[view] ?? 0n;
      const next = (at.get(view) ?? 0n) + 1n;
      at.set(view, next < end ? next : end);
      return { position: at.get(view) ?? 0n, hash: '' };
    },
  };
}

/** Checkpoints that stay where they are. */
function standing(at: Readonly<Record<string, bigint | null>>): Pick<ViewReads, 'checkpoint'> {
  return {
    async checkpoint({ view }) {
      const position = at[view] ?? null;
      return position === null ? null : { position, hash: '' };
    },
  };
}

describe('waiting for a position', () => {
  it('ends when all views are there, or beyond', async () => {
    expect(await waitForPosition(moving({ opportunities: 9n, entries: 7n }), SCHEMAS, 5n, 5_000)).toEqual({ ok: true });
    expect(await waitForPosition(moving({}), [], 5n, 0)).toEqual({ ok: true });
  });

  it('names the view that does not get there, and where it is', async () => {
    const outcome = await waitForPosition(standing({ opportunities: 9n, entries: 4n }), SCHEMAS, 5n, 60);
    expect(outcome).toEqual({ ok: false, view: 'entries', position: 4n });
    expect(await waitForPosition(standing({ opportunities: null }), SCHEMAS, 5n, 0)).toEqual({
      ok: false,
      view: 'opportunities',
      position: null,
    });
  });

  it('tells an error of the store', async () => {
    const broken = { checkpoint: async () => Promise.reject(new Error('no store')) };
    await expect(waitForPosition(broken, SCHEMAS, 1n, 100)).rejects.toThrow('no store');
  });
});
