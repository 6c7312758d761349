import fc from 'fast-check';
import { exposition, gauge, type Family } from './exposition.js';
import { Counter, Histogram } from './instruments.js';

describe('metrics', () => {
  it('count by their labels', () => {
    const requests = new Counter('requests_total', 'Requests.', ['route', 'status']);
    requests.add(['/a', '200']);
    requests.add(['/b', '200']);
    requests.add(['/a', '200']);
    expect(exposition([requests.family()])).toBe(
      '# HELP requests_total Requests.\n' +
        '# TYPE requests_total counter\n' +
        'requests_total{route="/a",status="200"} 2\n' +
        'requests_total{route="/b",status="200"} 1\n',
    );
  });

  it('tell a distribution by buckets that hold those below', () => {
    const lag = new Histogram('lag_seconds', 'Lag.', [], [0.1, 1]);
    for (const value of [0.05, 0.1, 0.5, 7]) lag.observe([], value);
    expect(exposition([lag.family()]).split('\n').slice(2)).toEqual([
      'lag_seconds_bucket{le="0.1"} 2',
      'lag_seconds_bucket{le="1"} 3',
      'lag_seconds_bucket{le="+Inf"} 4',
      'lag_seconds_sum 7.65',
      'lag_seconds_count 4',
      '',
    ]);
  });

  it('never tell more below a lower bound than below a higher one, and count all', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 20, noNaN: true })), (values) => {
        const bounds = [0.5, 1, 5, 10];
        const histogram = new Histogram('h', 'H.', [], bounds);
        for (const value of values) histogram.observe([], value);
        const found = histogram.family().samples.map(({ value }) => value);
        if (values.length === 0) return expect(found).toEqual([]);
        const below = [...bounds, Infinity].map((bound) => values.filter((value) => value <= bound).length);
        expect(found.slice(0, 5)).toEqual(below);
        expect(found[6]).toBe(values.length);
      }),
    );
  });

  it('are written so that no text breaks out of its place', () => {
    const odd: Family = {
      name: 'odd',
      type: 'gauge',
      help: 'a\\b\nc "d"',
      samples: [{ labels: { x: 'a\\b\n"c"' }, value: Infinity }],
    };
    expect(exposition([odd, gauge('g', 'G.', NaN)])).toBe(
      '# HELP odd a\\\\b\\nc "d"\n# TYPE odd gauge\nodd{x="a\\\\b\\n\\"c\\""} +Inf\n# HELP g G.\n# TYPE g gauge\ng NaN\n',
    );
  });
});
