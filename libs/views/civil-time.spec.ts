import { CIVIL_TIME } from './civil-time.js';

const BERLIN = 'Europe/Berlin';
const text = (date: string, time: string) => new Date(CIVIL_TIME.instantOf({ date, time }, BERLIN)).toISOString();

describe('clocks of time zones', () => {
  it('show the local date and time, to the millisecond', () => {
    expect(CIVIL_TIME.localOf(Date.parse('2026-03-01T23:30:00.005Z'), BERLIN)).toEqual({
      date: '2026-03-02',
      time: '00:30:00.005',
    });
  });

  it('keep the local time over changes of clocks; in a gap they are past it, of two times they are the first', () => {
    expect(text('2026-03-27', '09:00:00.000')).toBe('2026-03-27T08:00:00.000Z');
    expect(text('2026-03-30', '09:00:00.000')).toBe('2026-03-30T07:00:00.000Z');
    expect(text('2026-03-29', '02:30:00.000')).toBe('2026-03-29T01:30:00.000Z');
    expect(text('2026-10-25', '02:30:00.000')).toBe('2026-10-25T00:30:00.000Z');
  });
});
