import { roundHalfEven } from '#domain/shared/money.js';

/** part / whole with 6 decimals, half-even; null for x/0. */
export function ratio(part: number | bigint, whole: number | bigint): number | null {
  const denominator = BigInt(whole);
  if (denominator === 0n) return null;
  return Number(roundHalfEven(BigInt(part) * 1_000_000n, denominator)) / 1_000_000;
}
