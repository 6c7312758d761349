import { serveOrders } from '../orders.js';
import type { EventStoreOrder } from './child.js';
import { EventStoreDbStandIn } from './stand-in.js';

/**
 * The stand-in as a process of its own: prints its connection string, and ends when its input does or with SIGTERM.
 * The port may be given as the first argument.
 */
const port = process.argv[2];
const standIn = await EventStoreDbStandIn.start(port === undefined ? {} : { port: Number(port) });

serveOrders<EventStoreOrder>(
  standIn.url,
  async (order) => {
    switch (order.kind) {
      case 'refuse':
        return standIn.refuse();
      case 'accept':
        return standIn.accept();
      case 'restart':
        return standIn.restart();
      case 'suffer':
        return void Object.assign(standIn.faults, order.faults);
      case 'recover':
        return standIn.faults.clear();
    }
  },
  () => standIn.stop(),
);
