/**
 * Totals: sums of the values of rows. A total is a number if it is an exact integer, otherwise decimal text without
 * trailing zeros. Both are valid JSON, and each total has only one form, so that equal totals are `===`.
 */
export type Total = number | string;

/** Whether it is a total in canonical form. */
export function isTotal(value: unknown): value is Total {
  if (typeof value === 'number') return Number.isSafeInteger(value) && !Object.is(value, -0);
  return (
    typeof value === 'string' && beyondNumbers.test(value) && inOneForm(exactly(value)) === value
  );
}

/** As far as a pattern can tell; some integers of sixteen digits are still numbers. */
export const beyondNumbers = /^-?(?:[1-9][0-9]{15,99}|(?:0|[1-9][0-9]{0,99})\.[0-9]{0,99}[1-9])$/;

export function sumOf(totals: Iterable<Total>): Total {
  const sum = new Sum();
  for (const total of totals) sum.add(total);
  return sum.total;
}

/** Adds up exactly, as a number while the sum is exact. */
export class Sum {
  #exact = 0;
  #beyond: Exact | null = null;

  /** A total, or the text of a cell that is a number. */
  add(value: Total): void {
    const sum = this.#exact + asNumber(value);
    if (Number.isSafeInteger(sum)) this.#exact = sum;
    else this.#beyond = plus(this.#beyond ?? nothing, exactly(value));
  }

  get total(): Total {
    if (this.#beyond === null) return this.#exact;
    return inOneForm(plus(this.#beyond, exactly(this.#exact)));
  }
}

/** Negative if `a` is smaller. */
export function compareTotals(a: Total, b: Total): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  const [left, right] = sameScale(exactly(a), exactly(b));
  return left < right ? -1 : left > right ? 1 : 0;
}

/** How many times `part` goes into `whole`, if it divides evenly; otherwise null. */
export function timesIn(whole: Total, part: Total): number | null {
  const [dividend, divisor] = sameScale(exactly(whole), exactly(part));
  if (divisor === 0n || dividend % divisor !== 0n) return null;
  const times = Number(dividend / divisor);
  return Number.isSafeInteger(times) ? times : null;
}

/** With thousands separators. */
export function formatTotal(total: Total): string {
  const [whole = '', fraction] = String(total).split('.');
  const grouped = whole.replace(/\B(?=(?:[0-9]{3})+$)/g, ',');
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}

/** `digits` × 10^−`scale`. */
interface Exact {
  readonly digits: bigint;
  readonly scale: number;
}

const nothing: Exact = { digits: 0n, scale: 0 };

/** NaN if the number might not be exact: up to this many characters always are. */
function asNumber(value: Total): number {
  if (typeof value === 'number') return value;
  return value.length <= 15 ? Number(value) : Number.NaN;
}

function exactly(total: Total): Exact {
  const [whole = '', fraction = ''] = String(total).split('.');
  return { digits: BigInt(whole + fraction), scale: fraction.length };
}

function sameScale(a: Exact, b: Exact): [bigint, bigint] {
  const scale = Math.max(a.scale, b.scale);
  return [scaled(a, scale), scaled(b, scale)];
}

function scaled({ digits, scale }: Exact, wanted: number): bigint {
  return digits * 10n ** BigInt(wanted - scale);
}

function plus(a: Exact, b: Exact): Exact {
  const [left, right] = sameScale(a, b);
  return { digits: left + right, scale: Math.max(a.scale, b.scale) };
}

function inOneForm({ digits, scale }: Exact): Total {
  const sign = digits < 0n ? '-' : '';
  const text = String(digits < 0n ? -digits : digits).padStart(scale + 1, '0');
  const fraction = text.slice(text.length - scale).replace(/0+$/, '');
  const whole = `${sign}${text.slice(0, text.length - scale)}`;
  if (fraction !== '') return `${whole}.${fraction}`;
  return Number.isSafeInteger(Number(whole)) ? Number(whole) : whole;
}
