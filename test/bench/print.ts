import type { Load } from './load.js';

export function say(line = ''): void {
  process.stdout.write(`${line}\n`);
}

export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

export function loadLine(loads: readonly Load[]): string {
  const rate = Math.round(median(loads.map((one) => one.requestsPerSecond)));
  const p50 = median(loads.map((one) => one.p50)).toFixed(1);
  const p95 = median(loads.map((one) => one.p95)).toFixed(1);
  return `${String(rate).padStart(6)} requests/s   p50 ${p50} ms   p95 ${p95} ms`;
}
