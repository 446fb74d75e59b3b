/**
 * A naive reading of a raw file, written from the rules and sharing no code with any engine: either what
 * the file adds up to, or null where it breaks a rule. It reads whole files and counts with bigints.
 */
import { gunzipSync } from 'node:zlib';

export interface Verdict {
  readonly orders: number;
  /** `hour,category` and items, in no order; no zeros. */
  readonly sums: ReadonlyMap<string, bigint>;
}

const largest = 2n ** 53n - 1n;
const ignored = [
  ...['order_id', 'user_id', 'eval_set', 'order_number', 'order_dow', 'order_date'],
  ...['order_hour_of_day', 'days_since_prior_order'],
];

export function judge(bytes: Buffer, gzip: boolean, day: string): Verdict | null {
  const plain = gzip ? unpack(bytes) : bytes;
  if (plain === null) return null;
  const text = decode(plain);
  if (text === null) return null;
  const rows = parseCsv(text);
  return rows === null ? null : addUp(rows, day);
}

/** zlib itself knows what is sound; but it leaves out what follows zero bytes without a word. */
function unpack(bytes: Buffer): Buffer | null {
  try {
    const { buffer, engine } = gunzipSync(bytes, { info: true }) as unknown as Unpacked;
    return bytes.subarray(engine.bytesWritten).every((byte) => byte === 0) ? buffer : null;
  } catch {
    return null;
  }
}

interface Unpacked {
  readonly buffer: Buffer;
  readonly engine: { readonly bytesWritten: number };
}

function decode(bytes: Buffer): string | null {
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) return null;
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    if (text.includes('\0')) return null;
    return text.replace(/^\ufeff+/, '');
  } catch {
    return null;
  }
}

/** RFC 4180 with LF or CRLF, to the letter, but lines with nothing on them are no rows; null where it is broken. */
export function parseCsv(text: string): string[][] | null {
  const rows: string[][] = [];
  let rest = text;
  while (rest !== '') {
    const nothing = /^\r?\n/.exec(rest);
    if (nothing !== null) {
      rest = rest.slice(nothing[0].length);
      continue;
    }
    const row: string[] = [];
    for (;;) {
      const cell = /^(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/.exec(rest);
      if (cell === null) return null;
      const [all, quoted, bare, end] = cell;
      row.push(quoted === undefined ? (bare ?? '') : quoted.replaceAll('""', '"'));
      rest = rest.slice(all.length);
      if (end !== ',') break;
    }
    rows.push(row);
  }
  return rows;
}

function addUp([header, ...orders]: readonly string[][], day: string): Verdict | null {
  if (header === undefined || !isHeader(header)) return null;
  if (!orders.every((cells) => isOrder(header, cells, day))) return null;
  const sums = new Map<string, bigint>();
  for (const [key, count] of orders.flatMap((cells) => countsOf(header, cells))) {
    if (count === null) return null;
    sums.set(key, (sums.get(key) ?? 0n) + count);
  }
  if ([...sums.values()].some((sum) => sum > largest)) return null;
  return { orders: orders.length, sums: new Map([...sums].filter(([, sum]) => sum > 0n)) };
}

function countsOf(header: readonly string[], cells: readonly string[]): [string, bigint | null][] {
  const hour = Number(cells[header.indexOf('order_hour_of_day')]);
  return header.flatMap((category, index) =>
    ignored.includes(category) ? [] : [[`${hour},${category}`, countOf(cells[index] ?? '')]],
  );
}

function isHeader(names: readonly string[]): boolean {
  const named = names.every((name) => plainly(name) !== '');
  return (
    named &&
    !names.some(isMisnamed) &&
    new Set(names).size === names.length &&
    names.includes('order_hour_of_day')
  );
}

/** Letters and digits only, in one case. */
function plainly(name: string): string {
  return name
    .normalize('NFKC')
    .replace(/[\p{C}\p{Z}\p{Default_Ignorable_Code_Point}]/gu, '')
    .toLowerCase();
}

/** Nearly the name of a column that is no category, or one that programs give to row numbers. */
function isMisnamed(name: string): boolean {
  if (ignored.includes(name)) return false;
  const withoutSigns = (text: string) => plainly(text).replace(/[\p{Pd}_.]/gu, '');
  if (ignored.some((known) => withoutSigns(known) === withoutSigns(name))) return true;
  return /^(?:unnamed.*\d|level_\d+|__index_level_\d+__|__null_dask_index__|_c\d+|\.{3}\d+)$/.test(
    plainly(name),
  );
}

function isOrder(header: readonly string[], cells: readonly string[], day: string): boolean {
  if (cells.length !== header.length) return false;
  const own = header.indexOf('order_dow');
  if (own >= 0 && !new RegExp(`^${day}(?:[.]0+)?$`).test(cells[own] ?? '')) return false;
  return /^(?:[01]?[0-9]|2[0-3])(?:[.]0+)?$/.test(cells[header.indexOf('order_hour_of_day')] ?? '');
}

function countOf(cell: string): bigint | null {
  if (cell === '') return 0n;
  const digits = /^([0-9]+)(?:\.0+)?$/.exec(cell)?.[1];
  if (digits === undefined) return null;
  const count = BigInt(digits);
  return count <= largest ? count : null;
}
