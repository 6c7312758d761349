import { setImmediate as nextTurn } from 'node:timers/promises';
import { Convoy, type Place } from './convoy.js';

/** Pages after these positions can be had without reading. */
const kept = new Set<bigint | null>();
let convoy: Convoy;
let [first, second]: [Place, Place] = [{ position: null }, { position: null }];
beforeEach(() => {
  kept.clear();
  convoy = new Convoy((position) => kept.has(position));
  [first, second] = [{ position: 40n }, { position: 20n }];
  convoy.join(first);
  convoy.join(second);
});

/** How many turns of the event loop the wait takes. */
async function turnsOfWait(place: Place, onTurn: (turn: number) => void = () => undefined): Promise<number> {
  let waiting = true;
  const wait = convoy.waitForOthers(place).then(() => (waiting = false));
  let turns = 0;
  for (; waiting; turns++) {
    onTurn(turns);
    await nextTurn();
  }
  await wait;
  return turns;
}

describe('subscriptions that catch up side by side', () => {
  it('the foremost waits until the others have read what is kept', async () => {
    kept.add(20n);
    const turns = await turnsOfWait(first, (turn) => {
      if (turn === 10) second.position = 40n;
    });
    expect(turns).toBeGreaterThanOrEqual(10);
    expect(turns).toBeLessThan(20);
  });

  it('one that does not move holds the others up for a moment only', async () => {
    kept.add(20n);
    expect(await turnsOfWait(first)).toBeLessThan(200);
  });

  it.each([
    ['its next page is kept', () => kept.add(40n).add(20n)],
    ['the others are too far behind', () => undefined],
    ['the others have left', () => (kept.add(20n), convoy.leave(second))],
  ])('nobody waits when %s', async (_, given) => {
    given();
    expect(await turnsOfWait(first)).toBeLessThan(3);
  });
});
