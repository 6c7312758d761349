import { StoreUnavailable } from '#event-store/port.js';

/** The time that a command has. It runs on the monotonic clock: setting the wall clock neither cuts nor extends it. */
export class Deadline {
  readonly #end: number;
  #over = false;

  /** @param ms from now */
  constructor(ms: number) {
    this.#end = performance.now() + ms;
  }

  /** Milliseconds that are left; 0 when it is over. */
  get left(): number {
    return this.#over ? 0 : Math.max(0, this.#end - performance.now());
  }

  /**
   * What the work answers, if it answers in time. The work itself is not stopped: it has to look at `left` before each
   * step that must not be taken any more.
   * @throws StoreUnavailable the time is over; otherwise what the work throws
   */
  within<T>(work: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#over = true;
        reject(new StoreUnavailable('the event store did not answer in time', true));
      }, this.left);
      const stop = (): void => clearTimeout(timer);
      work.then(stop, stop);
      work.then(resolve, reject);
    });
  }
}
