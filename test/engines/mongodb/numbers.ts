import { CommandError } from './errors.js';

/** A BSON number: int64 as bigint; int32 and double as number. */
export type Numeric = number | bigint;

const LEAST_LONG = -(2n ** 63n);
const GREATEST_LONG = 2n ** 63n - 1n;

export function isNumeric(value: unknown): value is Numeric {
  return typeof value === 'number' || typeof value === 'bigint';
}

function isInt32(value: number): boolean {
  return Number.isInteger(value) && value >= -(2 ** 31) && value < 2 ** 31;
}

export function isLong(value: bigint): boolean {
  return value >= LEAST_LONG && value <= GREATEST_LONG;
}

type Operation = 'add' | 'subtract' | 'multiply' | 'mod';

/**
 * As the server calculates: whole numbers of 32 bits become 64 when they have to, 64 bits stay exact, a double makes
 * all a double. Null: beyond 64 bits.
 */
export function calculate(operation: Operation, a: Numeric, b: Numeric): Numeric | null {
  const whole = (value: Numeric): boolean => typeof value === 'bigint' || isInt32(value);
  if (!whole(a) || !whole(b)) return inDoubles(operation, Number(a), Number(b));
  if (typeof a === 'number' && typeof b === 'number') {
    const result = inDoubles(operation, a, b);
    if (isInt32(result) || Number.isNaN(result)) return result;
    return inLongs(operation, BigInt(a), BigInt(b));
  }
  const result = inLongs(operation, BigInt(a), BigInt(b));
  return isLong(result) ? result : null;
}

function inDoubles(operation: Operation, a: number, b: number): number {
  switch (operation) {
    case 'add':
      return a + b;
    case 'subtract':
      return a - b;
    case 'multiply':
      return a * b;
    case 'mod':
      return a % b;
  }
}

function inLongs(operation: Operation, a: bigint, b: bigint): bigint {
  switch (operation) {
    case 'add':
      return a + b;
    case 'subtract':
      return a - b;
    case 'multiply':
      return a * b;
    case 'mod':
      return a % b;
  }
}

/** In an expression: what leaves 64 bits goes on as a double. */
export function calculateLoosely(operation: Operation, a: Numeric, b: Numeric): Numeric {
  return calculate(operation, a, b) ?? inDoubles(operation, Number(a), Number(b));
}

/** Exact over any number of whole values; a sum that leaves 64 bits, and one with a double in it, is a double. */
export function sumOf(values: Iterable<unknown>): Numeric {
  let whole = 0n;
  let doubles = 0;
  let hasDouble = false;
  let hasLong = false;
  for (const value of values) {
    if (typeof value === 'bigint') {
      hasLong = true;
      whole += value;
    } else if (typeof value === 'number') {
      if (isInt32(value)) whole += BigInt(value);
      else {
        hasDouble = true;
        doubles += value;
      }
    }
  }
  if (hasDouble || !isLong(whole)) return Number(whole) + doubles;
  const small = Number(whole);
  return !hasLong && isInt32(small) ? small : whole;
}

/** `$toLong`, `$toInt`: towards zero. */
export function toWhole(value: unknown, bits: 32 | 64): Numeric | null {
  if (value === null || value === undefined) return null;
  let whole: bigint;
  if (typeof value === 'bigint') whole = value;
  else if (typeof value === 'boolean') whole = value ? 1n : 0n;
  else if (value instanceof Date) whole = BigInt(value.getTime());
  else if (typeof value === 'string' && /^[+-]?\d+$/.test(value)) whole = BigInt(value);
  else if (typeof value === 'number' && Number.isFinite(value)) whole = BigInt(Math.trunc(value));
  else throw new CommandError(241, `Failed to convert ${typeof value} to a whole number`);
  const limit = 2n ** BigInt(bits - 1);
  if (whole < -limit || whole >= limit) {
    throw new CommandError(241, `Conversion would overflow target type in $convert with no onError value: ${whole}`);
  }
  return bits === 32 ? Number(whole) : whole;
}
