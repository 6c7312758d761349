import { curl, days, daysBetween, heading, money, paragraph, percent, table, WIDTH } from './text.js';

const ID = '11111111-2222-4333-8444-555555555555';

describe('what the demo prints', () => {
  it('writes money with its digits in groups', () => {
    expect(money({ amount: '1234567.00', currency: 'EUR' })).toBe('EUR 1,234,567.00');
    expect(money({ amount: '999.50', currency: 'USD' })).toBe('USD 999.50');
  });

  it('writes shares and lengths of time as people do', () => {
    expect([percent(0.3333), percent(1), percent(null)]).toEqual(['33.3 %', '100.0 %', '-']);
    expect([days(1), days(31)]).toEqual(['1 day', '31 days']);
    expect(daysBetween('2026-03-01T12:00:00.000Z', '2026-03-03T11:00:00.000Z')).toBe('1 day');
  });

  it('puts numbers one under another', () => {
    const lines = table(
      [
        ['stage', 'left'],
        ['deals', 'right'],
      ],
      [
        ['Demo', '7'],
        ['Negotiation', '12'],
      ],
    );
    expect(lines).toEqual(['  stage        deals', '  Demo             7', '  Negotiation     12']);
  });

  it('keeps to the width of a terminal', () => {
    const words = 'word '.repeat(60).trim();
    const lines = [
      heading('A title').trim(),
      ...paragraph(words, 4),
      ...table([['text', 'left']], [[words]]),
      ...curl(`/v1/funnel?pipeline=${ID}&from=2025-01-01&to=2026-01-01`),
    ];
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(WIDTH);
    expect(paragraph(words, 4).join(' ').split(/\s+/u).filter(Boolean)).toHaveLength(60);
  });

  it('splits a long command line where a shell goes on reading', () => {
    expect(curl('/v1/deals')).toEqual(['  curl -sH "$AUTH" "$URL/v1/deals"']);
    expect(curl(`/v1/performance?pipeline=${ID}&from=2025-01-01&to=2026-01-01`)).toEqual([
      '  curl -sH "$AUTH" \\',
      `  "$URL/v1/performance?pipeline=${ID}&from=2025-01-01&to=2026-01-01"`,
    ]);
  });
});
