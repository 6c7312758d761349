import { gauge, type Family } from './exposition.js';
import { Histogram } from './instruments.js';

const LOOK_EVERY_MS = 100;
const LAG_BOUNDS = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5];

/** What the process tells of itself: memory, time of the processor, and how late its event loop is. */
export class ProcessMetrics {
  readonly #lag = new Histogram(
    'nodejs_eventloop_lag_seconds',
    `How late a timer of ${LOOK_EVERY_MS} ms comes on the thread that answers requests.`,
    [],
    LAG_BOUNDS,
  );
  readonly #timer: NodeJS.Timeout;

  constructor() {
    let last = performance.now();
    this.#timer = setInterval(() => {
      const now = performance.now();
      this.#lag.observe([], Math.max(0, now - last - LOOK_EVERY_MS) / 1_000);
      last = now;
    }, LOOK_EVERY_MS).unref();
  }

  families(): readonly Family[] {
    const { user, system } = process.cpuUsage();
    const { rss, heapUsed } = process.memoryUsage();
    const cpu = (user + system) / 1_000_000;
    const started = (performance.timeOrigin / 1_000).toFixed(3);
    return [
      this.#lag.family(),
      { name: 'process_cpu_seconds_total', type: 'counter', help: 'Of all threads.', samples: [{ value: cpu }] },
      gauge('process_resident_memory_bytes', 'Of all threads.', rss),
      gauge('nodejs_heap_size_used_bytes', 'Of the thread that answers requests.', heapUsed),
      gauge('process_start_time_seconds', 'Since 1970.', Number(started)),
    ];
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}
