import { sameJson } from './equality.js';
import { textProblem } from './text.js';

describe('a text', () => {
  it.each(['', 'Ada', 'Zoë\n\t', '🙂', '\u{10FFFF}'])('can be %j', (text) => {
    expect(textProblem(text)).toBeNull();
  });

  it('has no NUL', () => {
    expect(textProblem('a\0b')).toMatch(/NUL/);
  });

  it('has nothing in it that an answer would open', () => {
    expect(textProblem('sealed:1:t-x:y')).toMatch(/sealed/);
    expect(textProblem('a sealed:1:t-x:y')).toMatch(/sealed/);
  });

  it.each(['\uD83D', '\uDE42', 'a\uD83Db', '\uDE42\uD83D'])('has no lone surrogate: %j', (text) => {
    expect(textProblem(text)).toMatch(/surrogate/);
  });
});

describe('the same JSON', () => {
  it.each([
    [
      { a: 1, b: [1, { c: null }] },
      { b: [1, { c: null }], a: 1 },
    ],
    [{ a: undefined }, {}],
    [[], []],
    [null, null],
  ])('%j is %j', (a, b) => {
    expect(sameJson(a, b)).toBe(true);
  });

  it.each([
    [[], {}],
    [
      [1, 2],
      [2, 1],
    ],
    [[1], [1, 2]],
    [{ a: null }, {}],
    [{ a: 1 }, { b: 1 }],
    [null, {}],
    ['1', 1],
  ])('%j is not %j', (a, b) => {
    expect(sameJson(a, b)).toBe(false);
    expect(sameJson(b, a)).toBe(false);
  });
});
