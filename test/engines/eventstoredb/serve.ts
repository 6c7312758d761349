import { EventStoreDbStandIn } from './stand-in.js';

/**
 * The stand-in as a process of its own: prints its connection string, and ends when its input does or with SIGTERM.
 * The port may be given as the first argument.
 */
const port = process.argv[2];
const standIn = await EventStoreDbStandIn.start(port === undefined ? {} : { port: Number(port) });
process.stdout.write(`${standIn.url}\n`);

const stop = () => void standIn.stop().then(() => process.exit());
process.on('SIGTERM', stop);
if (!process.stdin.isTTY) process.stdin.on('end', stop).resume();
