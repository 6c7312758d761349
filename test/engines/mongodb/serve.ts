import { serveOrders } from '../orders.js';
import type { MongoOrder } from './child.js';
import { MongoDbStandIn } from './stand-in.js';

/**
 * The stand-in as a process of its own: prints its connection string, and ends when its input does or with SIGTERM.
 * The port may be given as the first argument.
 */
const port = process.argv[2];
const standIn = await MongoDbStandIn.start({
  ...(port === undefined ? {} : { port: Number(port) }),
  // As docs/engines/mongodb.md advises, for the sake of takeovers.
  transactionLifetimeMs: 10_000,
});

serveOrders<MongoOrder>(
  standIn.url,
  async (order) => {
    switch (order.kind) {
      case 'refuse':
        return standIn.faults.refuse();
      case 'restart':
        return standIn.restart();
      case 'step-down':
        return standIn.stepDown(order.forMs);
      case 'stand-alone':
        return standIn.faults.standAlone();
      case 'suffer':
        return standIn.faults.fail(order.fault);
      case 'recover':
        return standIn.faults.clear();
    }
  },
  () => standIn.stop(),
);
