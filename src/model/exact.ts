/** Exact arithmetic: a number is a count of its smallest unit, as 12.30 of scale 2 is 1230. No float is involved. */

export const least64 = -(2n ** 63n);
export const most64 = 2n ** 63n - 1n;

export const mostDigits = 38;
/** In units of any scale. */
export const mostUnits = 10n ** BigInt(mostDigits) - 1n;

/** The digits of a canonical number, without the point. */
export function digitsOf(cell: string, scale: number): string {
  if (scale === 0) return cell;
  const point = cell.length - scale - 1;
  return cell.slice(0, point) + cell.slice(point + 1);
}

/** The canonical text of the number. */
export function numberOf(units: bigint, scale: number): string {
  if (scale === 0) return String(units);
  const digits = String(units < 0n ? -units : units).padStart(scale + 1, '0');
  return `${units < 0n ? '-' : ''}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

/** `units` of scale `from` over `count`, in units of scale `to`; a half is rounded away from zero. */
export function averageOf(units: bigint, count: number, from: number, to: number): bigint {
  const dividend = (units < 0n ? -units : units) * 10n ** BigInt(to);
  const divisor = BigInt(count) * 10n ** BigInt(from);
  const rounded = (2n * dividend + divisor) / (2n * divisor);
  return units < 0n ? -rounded : rounded;
}
