import canonicalize from 'canonicalize';
import fc from 'fast-check';
import { canonicalJson, canonicalJsonWithout } from './canonical-json.js';
import type { JsonValue } from './event.js';

/** RFC 8785, appendix B: IEEE 754 bits and the number's canonical form. */
const NUMBERS = [
  ['0000000000000000', '0'],
  ['8000000000000000', '0'],
  ['0000000000000001', '5e-324'],
  ['8000000000000001', '-5e-324'],
  ['7fefffffffffffff', '1.7976931348623157e+308'],
  ['ffefffffffffffff', '-1.7976931348623157e+308'],
  ['4340000000000000', '9007199254740992'],
  ['c340000000000000', '-9007199254740992'],
  ['4430000000000000', '295147905179352830000'],
  ['44b52d02c7e14af5', '9.999999999999997e+22'],
  ['44b52d02c7e14af6', '1e+23'],
  ['44b52d02c7e14af7', '1.0000000000000001e+23'],
  ['444b1ae4d6e2ef4e', '999999999999999700000'],
  ['444b1ae4d6e2ef4f', '999999999999999900000'],
  ['444b1ae4d6e2ef50', '1e+21'],
  ['3eb0c6f7a0b5ed8c', '9.999999999999997e-7'],
  ['3eb0c6f7a0b5ed8d', '0.000001'],
  ['41b3de4355555553', '333333333.3333332'],
  ['41b3de4355555554', '333333333.33333325'],
  ['41b3de4355555555', '333333333.3333333'],
  ['41b3de4355555556', '333333333.3333334'],
  ['41b3de4355555557', '333333333.33333343'],
  ['becbf647612f3696', '-0.0000033333333333333333'],
  ['43143ff3c1cb0959', '1424953923781206.2'],
] as const;

function double(bits: string): number {
  return Buffer.from(bits, 'hex').readDoubleBE();
}

describe('canonical JSON (RFC 8785)', () => {
  it.each(NUMBERS)('writes the number %s as %s', (bits, text) => {
    expect(canonicalJson(double(bits))).toBe(text);
    expect(canonicalJson({ n: [double(bits)] })).toBe(`{"n":[${text}]}`);
  });

  it.each(['7fffffffffffffff', '7ff0000000000000', 'fff0000000000000'])('refuses the number %s', (bits) => {
    expect(() => canonicalJson([double(bits)])).toThrow();
  });

  it('writes strings, literals and numbers as section 3.2.2 does', () => {
    const input = String.raw`{
      "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
      "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
      "literals": [null, true, false]
    }`;
    expect(canonicalJson(JSON.parse(input))).toBe(
      String.raw`{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\u000f\nA'B\"\\\\\"/"}`,
    );
  });

  it('sorts keys by UTF-16 code units, as section 3.2.3 does', () => {
    const input = {
      '\u20ac': 'Euro Sign',
      '\r': 'Carriage Return',
      '\ufb33': 'Hebrew Letter Dalet With Dagesh',
      '1': 'One',
      '\u{1f600}': 'Emoji: Grinning Face',
      '\u0080': 'Control',
      '\u00f6': 'Latin Small Letter O With Diaeresis',
    };
    expect(Object.values(JSON.parse(canonicalJson(input)))).toHaveLength(7);
    expect([...canonicalJson(input).matchAll(/:"([^"]*)"/g)].map(([, value]) => value)).toEqual([
      'Carriage Return',
      'One',
      'Control',
      'Latin Small Letter O With Diaeresis',
      'Euro Sign',
      'Emoji: Grinning Face',
      'Hebrew Letter Dalet With Dagesh',
    ]);
  });

  it('sorts in every object of a nest, keeps the order of lists and knows no language', () => {
    expect(canonicalJson([{ b: { d: [3, { z: 1, y: [] }], c: {} }, a: 'x' }, [2, 1]])).toBe(
      '[{"a":"x","b":{"c":{},"d":[3,{"y":[],"z":1}]}},[2,1]]',
    );
    expect(canonicalJson({ côte: 1, coté: 2, cote: 3, Cote: 4, '10': 5, '9': 6, '': 7 })).toBe(
      '{"":7,"10":5,"9":6,"Cote":4,"cote":3,"coté":2,"côte":1}',
    );
  });

  it('does not normalize Unicode', () => {
    expect(canonicalJson('A\u030a')).toBe('"A\u030a"');
    expect(canonicalJson('\u00c5')).toBe('"\u00c5"');
  });

  it('writes only quotes, backslashes and controls below space as escapes', () => {
    expect(canonicalJson('\b\t\n\f\r\u0000\u001f"\\/\u007f\u2028\u{1f600}')).toBe(
      '"\\b\\t\\n\\f\\r\\u0000\\u001f\\"\\\\/\u007f\u2028\u{1f600}"',
    );
  });

  it('refuses lone surrogates, in values and in keys', () => {
    expect(() => canonicalJson({ text: '\ud800' })).toThrow();
    expect(() => canonicalJson({ '\udfff': 1 })).toThrow();
  });

  it('writes any JSON as the library of the authors of the RFC does', () => {
    const key = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string(),
      fc.constantFrom('10', '9', '__proto__', 'toJSON', ''),
    );
    const { json } = fc.letrec<{ json: JsonValue }>((tie) => ({
      json: fc.oneof(
        { maxDepth: 4 },
        fc.constantFrom(null, true, false),
        fc.double({ noNaN: true, noDefaultInfinity: true }),
        fc.integer(),
        fc.string({ unit: 'binary' }),
        fc.string(),
        fc.array(tie('json'), { maxLength: 5 }),
        fc.dictionary(key, tie('json'), { maxKeys: 30 }),
      ),
    }));
    fc.assert(fc.property(json, (value) => expect(canonicalJson(value)).toBe(canonicalize(value))));
  });

  it('leaves one member out where it is asked to', () => {
    const event = { b: 1, hash: 'x', a: { hash: 'y' } };
    expect(canonicalJsonWithout(event, 'hash')).toBe('{"a":{"hash":"y"},"b":1}');
    expect(canonicalJsonWithout({ hash: 'x' }, 'hash')).toBe('{}');
    expect(canonicalJsonWithout({ a: 1 }, 'hash')).toBe('{"a":1}');
  });

  it('refuses what is no JSON', () => {
    for (const value of [1n, () => 1, Symbol('s')]) {
      expect(() => canonicalJsonWithout({ value }, '')).toThrow(TypeError);
    }
  });
});
