const CIVIL_DATE = /^(\d{4})-(\d{2})-(\d{2})$/;

export const FIRST_YEAR = 1900;
export const LAST_YEAR = 2200;

/** A real day of the Gregorian calendar as `YYYY-MM-DD`, 1900-01-01 to 2200-12-31. */
export function isCivilDate(text: string): boolean {
  const match = CIVIL_DATE.exec(text);
  if (match === null) return false;
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  return year >= FIRST_YEAR && year <= LAST_YEAR && isRealDay(year, month, day);
}

/** Month and day count from 1. */
export function isRealDay(year: number, month: number, day: number): boolean {
  return month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month);
}

function daysInMonth(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}
