import { randomBytes } from 'node:crypto';
import { writeSync } from 'node:fs';
import { idsOf, someKeys } from './some-keys.js';
import { openPlace, type Place } from './place.js';

/**
 * A process on a vault, for tests that start, watch and kill it: `node vault.fixture.js <place> <mode> [id...]`.
 * - `churn`: adds keys and destroys some of them, for ever;
 * - `add`: adds keys of these ids, ten at a time, and ends.
 * Writes a line for what it is about to do and for what was answered: `add <id> <hex>`, `added <id>`, `destroy <id>`,
 * `destroyed <id>`; `ready` before the first.
 */
const [place = '', mode, ...ids] = process.argv.slice(2);
const vault = await openPlace(JSON.parse(place) as Place);
const tell = (lines: readonly string[]): void => void writeSync(1, lines.map((line) => `${line}\n`).join(''));
tell(['ready']);

if (mode === 'churn') await Promise.all(Array.from({ length: 4 }, churn));
else if (mode === 'add') {
  for (let at = 0; at < ids.length; at += 10) {
    await vault.add(ids.slice(at, at + 10).map((id) => ({ id, owner: 'deal-of-another', wrapped: randomBytes(60) })));
  }
  await vault.close();
}

async function churn(): Promise<never> {
  for (;;) {
    const keys = someKeys(1 + Math.floor(Math.random() * 20));
    tell(keys.map(({ id, wrapped }) => `add ${id} ${Buffer.from(wrapped).toString('hex')}`));
    await vault.add(keys);
    tell(idsOf(keys).map((id) => `added ${id}`));
    const some = idsOf(keys).filter(() => Math.random() < 0.3);
    tell(some.map((id) => `destroy ${id}`));
    await vault.destroy(some, 'deal-churned');
    tell(some.map((id) => `destroyed ${id}`));
  }
}
