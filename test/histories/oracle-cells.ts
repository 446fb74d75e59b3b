/** What a cell of a raw file says, by the rules of docs/DATASETS.md; in words and arithmetic of the tests' own. */

/** In its one form; null where it is not of the type. */
export function read(type: string, text: string): string | null {
  const decimal = decimalIn(type);
  if (decimal !== null) return readDecimal(text, decimal.digits, decimal.scale);
  switch (type) {
    case 'integer':
      return readInteger(text);
    case 'boolean':
      return /^(true|True|TRUE|false|False|FALSE)$/.test(text) ? text.toLowerCase() : null;
    case 'date':
      return isDate(text) ? text : null;
    case 'timestamp':
      return readTimestamp(text);
    default:
      return text;
  }
}

export function decimalIn(
  type: string,
): { readonly digits: number; readonly scale: number } | null {
  const [, digits, scale] = /^decimal\((\d+),(\d+)\)$/.exec(type) ?? [];
  return digits === undefined ? null : { digits: Number(digits), scale: Number(scale) };
}

function readInteger(text: string): string | null {
  if (!/^-?\d+(\.0+)?$/.test(text)) return null;
  const value = BigInt(text.replace(/\..*/, ''));
  return BigInt.asIntN(64, value) === value ? String(value) : null;
}

function readDecimal(text: string, digits: number, scale: number): string | null {
  if (!/^-?\d+(\.\d+)?$/.test(text)) return null;
  const [whole = '', fraction = ''] = text.split('.');
  if (/[1-9]/.test(fraction.slice(scale))) return null;
  const units = BigInt(whole + fraction.slice(0, scale).padEnd(scale, '0'));
  return String(units).replace('-', '').length > digits ? null : decimalOf(units, scale);
}

function isDate(text: string): boolean {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return false;
  const time = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(time.getTime()) && time.toISOString().startsWith(text);
}

function readTimestamp(text: string): string | null {
  const [, date = '', time = '', fraction = '', sign, hours = '0', minutes = '0'] =
    /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)(\.\d+)?(?:Z|([+-])(\d\d):?(\d\d)?)?$/.exec(text) ?? [];
  if (!isDate(date)) return null;
  const offsetMs = (Number(hours) * 60 + Number(minutes)) * 60_000;
  const utc = Date.parse(`${date}T${time}Z`) - (sign === '-' ? -offsetMs : offsetMs);
  if (Number.isNaN(utc)) return null;
  return `${new Date(utc).toISOString().slice(0, 19)}${fraction.replace(/\.?0+$/, '')}Z`;
}

// ---------------------------------------------------------------- numbers

/** In the smallest unit of the scale. */
export function unitsOf(cell: string): bigint {
  return BigInt(cell.replace('.', ''));
}

export function decimalOf(units: bigint, scale: number): string {
  if (scale === 0) return String(units);
  const digits = String(units < 0n ? -units : units).padStart(scale + 1, '0');
  return `${units < 0n ? '-' : ''}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

/** Half away from zero. */
export function average(units: readonly bigint[], from: number, to: number): string {
  const sum = units.reduce((a, b) => a + b, 0n);
  const [more, less] = [10n ** BigInt(to), BigInt(units.length) * 10n ** BigInt(from)];
  const size = ((sum < 0n ? -sum : sum) * more * 2n + less) / (2n * less);
  return decimalOf(sum < 0n ? -size : size, to);
}

// ---------------------------------------------------------------- order

/** Nothing comes first, numbers go by what they are, all else by its UTF-8 bytes. */
export function compareCells(type: string, a: string | null, b: string | null): number {
  if (a === null || b === null) return Number(a !== null) - Number(b !== null);
  const isNumber = type === 'integer' || decimalIn(type) !== null;
  if (isNumber) return Number(unitsOf(a) > unitsOf(b)) - Number(unitsOf(a) < unitsOf(b));
  // Between two times of one second the shorter one comes first, and Z is no part of the time.
  const [one, other] = [a, b].map((cell) => (type === 'timestamp' ? cell.replace('Z', '') : cell));
  return Buffer.compare(Buffer.from(one ?? ''), Buffer.from(other ?? ''));
}
