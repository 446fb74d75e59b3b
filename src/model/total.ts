/**
 * Totals: what the counts of rows add up to. One count is a number, at most 2^53 − 1; their sum may be larger
 * than a number holds exactly. So a total is a number as long as that is exact, else its decimal digits.
 * JSON takes both as they are, and each total has one form only: equal totals are `===`.
 */
export type Total = number | string;

/** Whether it is a total in its one form. */
export function isTotal(value: unknown): value is Total {
  if (typeof value === 'number') return Number.isSafeInteger(value) && value >= 0;
  return typeof value === 'string' && largeDigits.test(value) && inOneForm(BigInt(value)) === value;
}

/** As far as a pattern can tell; some of sixteen digits are numbers still. */
export const largeDigits = /^[1-9][0-9]{15,99}$/;

export function sumOf(totals: Iterable<Total>): Total {
  let [exact, beyond] = [0, 0n];
  for (const total of totals) {
    const sum = typeof total === 'number' ? exact + total : Number.NaN;
    if (Number.isSafeInteger(sum)) exact = sum;
    else beyond += BigInt(total);
  }
  return beyond === 0n ? exact : inOneForm(beyond + BigInt(exact));
}

/** Negative where `a` is the smaller one. */
export function compareTotals(a: Total, b: Total): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  const [left, right] = [BigInt(a), BigInt(b)];
  return left < right ? -1 : left > right ? 1 : 0;
}

/** How many times `part` goes into `whole` where it goes in evenly; else null. */
export function timesIn(whole: Total, part: Total): number | null {
  const divisor = BigInt(part);
  if (divisor === 0n || BigInt(whole) % divisor !== 0n) return null;
  const times = Number(BigInt(whole) / divisor);
  return Number.isSafeInteger(times) ? times : null;
}

/** With commas between thousands. */
export function formatTotal(total: Total): string {
  return String(total).replace(/\B(?=(?:[0-9]{3})+$)/g, ',');
}

function inOneForm(total: bigint): Total {
  return total <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(total) : String(total);
}
