/** Dates and times of the years 0001 to 9999, in the Gregorian calendar. */

const dateForm = /^[0-9]{4}-[0-9]{2}-[0-9]{2}$/;

export function isDate(text: string): boolean {
  if (!dateForm.test(text)) return false;
  const [year, month, day] = [
    Number(text.slice(0, 4)),
    Number(text.slice(5, 7)),
    Number(text.slice(8)),
  ];
  return year >= 1 && month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month);
}

function daysIn(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}

/** Monday is 1, Sunday 7, as in ISO 8601. */
export function weekdayOf(date: string): number {
  return new Date(`${date}T00:00:00Z`).getUTCDay() || 7;
}

const timestampForm =
  /^([0-9]{4}-[0-9]{2}-[0-9]{2})[T ]((?:[01][0-9]|2[0-3]):[0-5][0-9]):([0-5][0-9](?:\.[0-9]{1,9})?)(?:Z|([+-])([0-9]{2})(?::?([0-5][0-9]))?)?$/;

/** The largest offset from UTC, as in XML Schema. */
const mostOffsetMinutes = 14 * 60;
const minuteMs = 60_000;

/**
 * The canonical form of an ISO 8601 time, in UTC; null if the text is not one. A time without an offset is in UTC.
 * Leap seconds and 24:00 are refused, because programs treat them differently.
 */
export function timestampOf(text: string): string | null {
  const parts = timestampForm.exec(text);
  if (parts === null) return null;
  const [, date = '', minute = '', second = '', sign = '+', hours = '0', minutes = '0'] = parts;
  if (!isDate(date)) return null;
  const offset = Number(hours) * 60 + Number(minutes);
  if (offset > mostOffsetMinutes) return null;
  const start =
    offset === 0 ? `${date}T${minute}` : inUtc(date, minute, sign === '-' ? -offset : offset);
  return start && `${start}:${second.includes('.') ? second.replace(/\.?0+$/, '') : second}Z`;
}

function inUtc(date: string, minute: string, offsetMinutes: number): string | null {
  const time = new Date(Date.parse(`${date}T${minute}:00Z`) - offsetMinutes * minuteMs);
  const [text, year] = [time.toISOString(), time.getUTCFullYear()];
  return year < 1 || year > 9999 ? null : text.slice(0, 16);
}
