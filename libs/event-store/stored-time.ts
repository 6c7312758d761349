/** `2026-03-01T09:30:00.000Z` */
const LENGTH = 24;
const DAY_LENGTH = 10;

/** No time begins with it. */
let lastDay = 'none yet';
let lastDayMs = Number.NaN;

/**
 * Date.parse for the one form in which times are stored, at a fifth of its cost: a catch-up reads two times of every
 * event for every view, most of them of the day before. Other forms go to Date.parse.
 */
export function parseStoredTime(time: string): number {
  if (time.length !== LENGTH) return Date.parse(time);
  const hours = digits(time, 11, 2);
  const minutes = digits(time, 14, 2);
  const seconds = digits(time, 17, 2);
  const ms = digits(time, 20, 3);
  const isStoredForm =
    hours < 24 && minutes < 60 && seconds < 60 && ms >= 0 && time[10] === 'T' && time[13] === ':' && time[16] === ':';
  if (!isStoredForm || time[19] !== '.' || time[23] !== 'Z') return Date.parse(time);
  if (!time.startsWith(lastDay)) {
    lastDay = time.slice(0, DAY_LENGTH);
    lastDayMs = Date.parse(`${lastDay}T00:00:00.000Z`);
  }
  return lastDayMs + ((hours * 60 + minutes) * 60 + seconds) * 1_000 + ms;
}

/** NaN when one of them is no digit. */
function digits(text: string, from: number, count: number): number {
  let value = 0;
  for (let index = from; index < from + count; index++) {
    const digit = text.charCodeAt(index) - 48;
    if (digit < 0 || digit > 9) return Number.NaN;
    value = value * 10 + digit;
  }
  return value;
}
