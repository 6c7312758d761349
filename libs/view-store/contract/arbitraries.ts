import fc from 'fast-check';
import type { Condition, FindRequest, Row, SumRequest, Where } from '../port.js';
import { fullCard } from './examples.js';

/** Texts that are easily confused: wildcards of SQL and patterns, case, code points against code units, control characters. */
const texts = fc.constantFrom(
  '',
  'a',
  'A',
  'ab',
  'a%',
  'a_c',
  'abc',
  '.*',
  '\u00e9',
  'e\u0301',
  '\u{10000}',
  '\uffff',
  '\ud7ff',
  '\ue000',
  '\u{10ffff}',
  '\u{10ffff}a',
  'a\u0000',
  'a\u0000b',
  'a\u0001',
  '\u0002',
  '\u0003\u0001',
  '"',
  "'",
  '$a',
  '5',
);
const numbers = fc.oneof(
  fc.integer({ min: -3, max: 3 }),
  fc.constantFrom(Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER, 1_000_000_000, -1_000_000_001, 1_700_000_000_000),
);
const orNull = <T>(values: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(values, { freq: 4 });
const sets = fc.uniqueArray(texts, { maxLength: 3 });

const STRINGS = ['kind', 'name', 'from'] as const;
const INTEGERS = ['amount', 'at'] as const;
const PLAIN = [...STRINGS, ...INTEGERS, 'id'] as const;

/** Rows of the table `card` of the example, with distinct ids. */
export const cardRows: fc.Arbitrary<readonly Row[]> = fc.uniqueArray(
  fc
    .record({
      id: texts,
      kind: orNull(texts),
      name: orNull(texts),
      amount: orNull(numbers),
      at: orNull(fc.integer({ min: 0, max: 3 })),
      from: orNull(texts),
      tags: orNull(sets),
      marks: orNull(fc.uniqueArray(numbers, { maxLength: 3 })),
      body: orNull(fc.record({ text: texts, list: fc.array(numbers, { maxLength: 2 }) })),
    })
    .map(fullCard),
  { selector: ({ id }) => id, maxLength: 25 },
);

function conditionOn<T extends string | number>(values: fc.Arbitrary<T>): fc.Arbitrary<Condition> {
  return fc.oneof(
    orNull(values),
    fc.record({ in: fc.array(values, { maxLength: 4 }) }),
    fc.record({ exists: fc.boolean() }),
    fc.record({ gt: values, gte: values, lt: values, lte: values }, { requiredKeys: [] }),
  );
}
const onText: fc.Arbitrary<Condition> = fc.oneof(
  conditionOn(texts),
  fc.record({ prefix: texts }),
  fc.record({ contains: texts }),
  fc.record({ prefix: texts, contains: texts, gt: texts }, { requiredKeys: [] }),
);
const onNumber = conditionOn(numbers);
const onSet: fc.Arbitrary<Condition> = fc.oneof(
  fc.constant(null),
  fc.record({ has: sets, exists: fc.boolean() }, { requiredKeys: [] }),
);

const ranges = fc.record({ gt: numbers, lte: numbers });
const onIntegers: fc.Arbitrary<Condition> = fc.oneof(
  fc.constant(null),
  fc.record({ hasIn: ranges, hasNoneIn: ranges, exists: fc.boolean() }, { requiredKeys: [] }),
);

const conditions = fc.record({
  id: onText,
  kind: onText,
  name: onText,
  from: onText,
  amount: onNumber,
  at: onNumber,
  tags: onSet,
  marks: onIntegers,
  body: fc.oneof(fc.constant(null), fc.record({ exists: fc.boolean() })),
});

/** Few conditions: with many, nothing is ever found. */
const columns = fc
  .tuple(conditions, fc.shuffledSubarray([...PLAIN, 'tags', 'marks', 'body'] as const, { maxLength: 2 }))
  .map(([all, names]) => Object.fromEntries(names.map((name) => [name, all[name]])));

export const wheres: fc.Arbitrary<Where> = fc.letrec<{ where: Where }>((tie) => ({
  where: fc.record({ columns, anyOf: fc.array(tie('where'), { maxLength: 3 }) }, { requiredKeys: ['columns'] }),
})).where;

export const finds: fc.Arbitrary<FindRequest> = fc.record({
  kind: fc.constant('find' as const),
  table: fc.constant('card'),
  where: fc.oneof(fc.constant({}), wheres),
  sort: fc.array(fc.record({ column: fc.constantFrom(...PLAIN), descending: fc.boolean() }), { maxLength: 3 }),
  limit: fc.integer({ min: 1, max: 6 }),
});

export const sums: fc.Arbitrary<SumRequest> = fc.record({
  kind: fc.constant('sum' as const),
  table: fc.constant('card'),
  where: fc.oneof(fc.constant({}), wheres),
  groupBy: fc.uniqueArray(fc.constantFrom(...STRINGS, 'at'), { maxLength: 2 }),
  sums: fc.uniqueArray(fc.constantFrom(...INTEGERS), { maxLength: 2 }),
});
