import { setTimeout as sleep } from 'node:timers/promises';
import type { EventStore } from '#event-store/port.js';
import { runReactor, type Checkpoints, type Reactor } from '../reactors/run-reactor.js';

/** Runs a reactor, as a process would, until what is waited for has come. Answers the errors that it met. */
export async function reactUntil(
  until: () => boolean | Promise<boolean>,
  reactor: Reactor,
  events: EventStore,
  work: Checkpoints,
): Promise<unknown[]> {
  const stop = new AbortController();
  const errors: unknown[] = [];
  const running = runReactor(reactor, events, work, stop.signal, (error) => errors.push(error));
  while (!(await until())) await sleep(5);
  stop.abort();
  await running;
  return errors;
}

/** Runs a reactor until it has handled the log to its end, its own events included. */
export async function reactToEnd(reactor: Reactor, events: EventStore, work: Checkpoints): Promise<unknown[]> {
  let handled = (await work.checkpoint(reactor.name))?.position ?? null;
  const told: Reactor = {
    ...reactor,
    concerns: () => true,
    react: async (event, signal) => {
      const effect = reactor.concerns(event) ? await reactor.react(event, signal) : null;
      handled = event.position;
      return effect;
    },
  };
  return reactUntil(async () => handled === (await events.head()), told, events, work);
}
