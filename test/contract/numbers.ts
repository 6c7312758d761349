import { type Subject } from './session.js';
import { createWorld, type World } from './oracle/world.js';
import { reports } from './reports.js';
import { stocks } from './stocks.js';

/** Some ten thousand numbers of random histories against a plain model of the definitions. */
export function numbers(subject: Subject): void {
  let world: World;
  beforeAll(async () => {
    world = await createWorld(subject(), 20_240_101);
  });
  describe('of stocks', () => stocks(subject, () => world));
  describe('of flows', () => reports(subject, () => world));
}
