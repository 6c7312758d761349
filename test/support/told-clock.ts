import crypto from 'node:crypto';
import { Server, type IncomingMessage } from 'node:http';
import { syncBuiltinESMExports } from 'node:module';
import { getEnvironmentData, isMainThread, setEnvironmentData } from 'node:worker_threads';

/**
 * Loaded before a server (`NODE_OPTIONS=--import`), so that two servers can be told the same times: it is the moment
 * (epoch milliseconds) that the last request named in `Test-Clock`, in all threads. What is drawn at random follows from
 * that moment, so that what is sealed is the same as well.
 */
const NAME = 'told-clock';
if (isMainThread) setEnvironmentData(NAME, new SharedArrayBuffer(8));
const shared: unknown = getEnvironmentData(NAME);
if (!(shared instanceof SharedArrayBuffer)) throw new Error('the clock of this thread was not told');
const told = new BigInt64Array(shared);
const now = (): number => Number(Atomics.load(told, 0));

globalThis.Date = new Proxy(Date, {
  construct: (target, args: [], newTarget) =>
    Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget) as Date,
  get: (target, name) => (name === 'now' ? now : (Reflect.get(target, name) as unknown)),
});

const drawn = { at: 0, times: 0 };
Object.defineProperty(crypto, 'randomBytes', {
  value: (size: number): Buffer => {
    if (drawn.at !== now()) Object.assign(drawn, { at: now(), times: 0 });
    drawn.times += 1;
    return crypto.createHash('shake256', { outputLength: size }).update(`${drawn.at} ${drawn.times}`).digest();
  },
});
syncBuiltinESMExports();

if (isMainThread) {
  // The emitter's own signature leaves the arguments open.
  const emit: (this: Server, event: string, ...args: unknown[]) => boolean = Object.getOwnPropertyDescriptor(
    Object.getPrototypeOf(Object.getPrototypeOf(Server.prototype)),
    'emit',
  )?.value;
  Server.prototype.emit = function (this: Server, event: string, ...args: unknown[]): boolean {
    const named = event === 'request' ? (args[0] as IncomingMessage).headers['test-clock'] : undefined;
    const moment = BigInt(typeof named === 'string' ? named : 0);
    if (moment > Atomics.load(told, 0)) Atomics.store(told, 0, moment);
    return emit.call(this, event, ...args);
  };
}
