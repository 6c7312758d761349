import { setTimeout as sleep } from 'node:timers/promises';
import { ServerSubscription } from './server-subscription.js';
import { appendForeign, appendNotes, startServer, type ServerForTest } from './testing/server.js';

let server: ServerForTest;
beforeEach(async () => {
  server = await startServer();
});
afterEach(async () => {
  await server.client.dispose();
  await server.stop();
});

describe('what a subscription tells ahead of its consumer', () => {
  it.each([1, 3, 16])('is kept until the events before it were taken, %d at a time', async (limit) => {
    const store = await server.open();
    for (let round = 0; round < 4; round += 1) {
      await appendNotes(store, 10);
      await appendForeign(server.client, 300);
    }
    const ours = await store.readAll(null, 100);
    const subscription = new ServerSubscription(server.client, null, 64, 5_000);
    const endless = new AbortController().signal;
    // All has come by now, checkpoints and the word of having caught up included, and waits in the client.
    await sleep(300);
    const checkpoints = [];
    let taken = 0;
    for (let caughtUp = false; !caughtUp;) {
      const step = await subscription.take(limit, endless);
      taken += step?.events.length ?? 0;
      caughtUp = step?.caughtUp ?? true;
      const checkpoint = step?.checkpoint ?? null;
      if (checkpoint === null) continue;
      checkpoints.push(checkpoint);
      expect(ours.filter(({ position }) => position < checkpoint.commit).length).toBeLessThanOrEqual(taken);
    }
    expect(checkpoints.length).toBeGreaterThan(0);
    expect(taken).toBe(ours.length);
    subscription.close();
  });

  it('is not told at all when the subscription is not confirmed in time', async () => {
    await server.open();
    server.standIn.faults.hang = true;
    const subscription = new ServerSubscription(server.client, null, 64, 50);
    await expect(subscription.take(1, new AbortController().signal)).rejects.toThrow(
      'the server did not confirm the subscription in time',
    );
    subscription.close();
  });
});
