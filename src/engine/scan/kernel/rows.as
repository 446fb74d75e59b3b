/**
 * The kernel's inner loop, in AssemblyScript: TypeScript's syntax, but each line below is a handful of
 * WebAssembly instructions on plain memory. `build.mjs` compiles it into `rows-wasm.ts`; `wasm-kernel.ts`
 * is its only caller, and `kernel.ts` says what it must do. `byte-kernel.ts` does the same in TypeScript.
 *
 * Why it is fast: nearly all cells of a row are one digit and a comma, `0,0,0,1,0,`. Sixteen bytes hold
 * eight such cells. One subtraction of `0,0,0,0,0,0,0,0,` leaves, seen as eight 16-bit numbers, the eight
 * counts; one comparison tells whether all of them are digits that commas follow; one addition adds them
 * to eight sums. What breaks the pattern, such as a longer number or the end of the row, is read by byte.
 *
 * Readers take the address of a cell and return the address of the byte that ends it, or `odd`. No reader
 * passes a line feed. Vectors are loaded across the end of a line and of the buffer (where there is room
 * for one), but what lies beyond is never used.
 */

const lineFeed: u32 = 0x0a;
const carriageReturn: u32 = 0x0d;
const quote: u32 = 0x22;
const comma: u32 = 0x2c;
const zero: u32 = 0x30;

/** No cell begins at address 0; the byte there is 0. */
const odd: usize = 0;

// As `lines` in kernel.ts.
const linesOdd: i32 = 0;
const linesPlain: i32 = 1;
const linesText: i32 = 2;

// As `cellKind` in table-plan.ts.
const ignoredCells: u32 = 0;
const dayCell: u32 = 1;
const byCell: u32 = 2;

/** A segment of the plan: kind, columns, first category, 32 bits each. */
const segmentBytes: usize = 12;

/** So many digits fit 32 bits, whatever they are. */
const mostShortDigits: usize = 9;
/** So many digits are below 2^53, whatever they are. */
const mostDigits: usize = 15;
/** Rows of 9 that a 16-bit sum can hold: 7281 × 9 = 65529. */
const mostRows: u32 = 7281;

let segments: usize = 0;
let segmentsEnd: usize = 0;
let day: usize = 0;
let dayBytes: usize = 0;
/** The place of a `by` column that counts come before; negative where there is none. */
let lateBy: i32 = -1;
/** The value of the first bucket. */
let least: i32 = 0;
let buckets: usize = 1;
let categories: usize = 0;

/** 64-bit floats, by bucket, then category. */
let sums: usize = 0;
/** 16-bit sums of single digits in the same order, poured into `sums` before they can overflow. */
let singles: usize = 0;
/** Rows since the last flush. */
let rows: u32 = 0;

/** The row's bucket, as the place of its first category among the sums. */
let bucketAt: usize = 0;
/** Whether an ignored cell of these lines held a byte beyond ASCII. */
let beyondAscii: bool = false;

/** A float, because it counts further than 32 bits. */
export let records: f64 = 0;

/** Where the caller may put its tables. */
export function heapBase(): usize {
  return __heap_base;
}

/** The tables lie where the caller put them. `singles` has room for one vector more. */
export function begin(
  segmentsAt: usize,
  segmentCount: usize,
  dayAt: usize,
  dayLength: usize,
  lateByColumn: i32,
  leastValue: i32,
  bucketCount: usize,
  categoryCount: usize,
  sumsAt: usize,
  singlesAt: usize,
): void {
  segments = segmentsAt;
  segmentsEnd = segmentsAt + segmentBytes * segmentCount;
  day = dayAt;
  dayBytes = dayLength;
  lateBy = lateByColumn;
  least = leastValue;
  buckets = bucketCount;
  categories = categoryCount;
  sums = sumsAt;
  singles = singlesAt;
  rows = 0;
  records = 0;
  bucketAt = 0;
  memory.fill(sums, 0, sizeof<f64>() * buckets * categories);
  memory.fill(singles, 0, sizeof<u16>() * buckets * categories);
}

/** Adds up whole lines: one begins at `from`, and the byte before `to` is a line feed. */
export function add(from: usize, to: usize): i32 {
  beyondAscii = false;
  for (let at = from; at < to; ) {
    const next = addRow(at);
    if (next == odd) {
      // No row is empty: so the others need not be asked whether they are.
      const end: usize = <u32>load<u8>(at) == carriageReturn ? at + 1 : at;
      if (<u32>load<u8>(end) != lineFeed) return linesOdd;
      at = end + 1;
      continue;
    }
    at = next;
    records += 1;
    rows += 1;
    if (rows == mostRows) flush();
  }
  return beyondAscii ? linesText : linesPlain;
}

/** Pours the sums of single digits into `sums`. */
export function flush(): void {
  const count: usize = buckets * categories;
  for (let index: usize = 0; index < count; index++) {
    addTo(index, load<u16>(singles + sizeof<u16>() * index));
  }
  memory.fill(singles, 0, sizeof<u16>() * count);
  rows = 0;
}

@inline
function addTo(index: usize, count: u32): void {
  const place = sums + sizeof<f64>() * index;
  store<f64>(place, load<f64>(place) + <f64>count);
}

/** Returns the address of the next row. */
function addRow(start: usize): usize {
  if (lateBy >= 0 && !findBy(start)) return odd;
  let at = start;
  for (let segment = segments; ; ) {
    at = readSegment(at, segment);
    if (at == odd) return odd;
    const end: u32 = load<u8>(at);
    segment += segmentBytes;
    if (segment == segmentsEnd) {
      if (end == lineFeed) return at + 1;
      return end == carriageReturn && <u32>load<u8>(at, 1) == lineFeed ? at + 2 : odd;
    }
    if (end != comma) return odd;
    at += 1;
  }
  return odd;
}

@inline
function readSegment(at: usize, segment: usize): usize {
  const kind = load<u32>(segment);
  const columns = load<u32>(segment, 4);
  if (kind == dayCell) return readDay(at);
  if (kind == byCell) return readBy(at);
  if (kind == ignoredCells) return readIgnored(at, columns);
  return readCounts(at, bucketAt + load<u32>(segment, 8), columns);
}

/** Looks ahead for the bucket of a row whose counts come before it. */
function findBy(start: usize): bool {
  let at = start;
  for (let commas = 0; commas < lateBy; at++) {
    const byte: u32 = load<u8>(at);
    if (byte == lineFeed) return false;
    if (byte == comma) commas += 1;
  }
  return readBy(at) != odd;
}

function readBy(at: usize): usize {
  const first: u32 = <u32>load<u8>(at) - zero;
  const second: u32 = <u32>load<u8>(at, 1) - zero;
  if (first > 9) return odd;
  const single = second > 9;
  // Less than the least is a large number.
  const bucket: u32 = (single ? first : 10 * first + second) - least;
  if (bucket >= <u32>buckets) return odd;
  bucketAt = <usize>bucket * categories;
  return single ? at + 1 : at + 2;
}

@inline
function readDay(at: usize): usize {
  for (let index: usize = 0; index < dayBytes; index++) {
    if (load<u8>(at + index) != load<u8>(day + index)) return odd;
  }
  return at + dayBytes;
}

/** Skips sixteen bytes at a time what is surely text: from `-` on, which leaves out all that ends a cell. */
@inline
function readIgnored(start: usize, columns: u32): usize {
  let left = columns;
  for (let at = start; ; ) {
    // As signed bytes, those beyond ASCII are negative.
    const doubtful = i8x16.bitmask(i8x16.lt_s(v128.load(at), i8x16.splat(0x2d)));
    if (doubtful == 0) {
      at += 16;
      continue;
    }
    at += ctz(doubtful);
    const byte: u32 = load<u8>(at);
    if (byte == lineFeed || byte == carriageReturn) return left == 1 ? at : odd;
    if (byte == 0 || byte == quote) return odd;
    if (byte == comma) {
      left -= 1;
      if (left == 0) return at;
    }
    if (byte > 0x7f) beyondAscii = true;
    at += 1;
  }
  return odd;
}

/** Sixteen bytes of 0xff, then sixteen of 0: loaded from 16 − n on, n bytes are kept and the rest is not. */
const keepAll: usize = memory.data<u8>([
  0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
]);

/** Adds `columns` cells to the sums from `first` on. */
@inline
function readCounts(start: usize, first: usize, columns: u32): usize {
  // `0,` eight times, and what may be above it.
  const zeros = i16x8.splat(0x2c30);
  const nine = i16x8.splat(0x0009);
  let at = start;
  let sum = first;
  let left: u32 = columns;
  // The last cell stands apart, because no comma need follow it.
  while (left > 1) {
    const digits = i8x16.sub(v128.load(at), zeros);
    const fits = i8x16.le_u(digits, nine);
    const place = singles + sizeof<u16>() * sum;
    if (left > 8 && i8x16.all_true(fits)) {
      v128.store(place, i16x8.add(v128.load(place), digits));
      at += 16;
      sum += 8;
      left -= 8;
      continue;
    }

    // The cells before the first that does not fit.
    const whole = min<u32>(ctz(~i8x16.bitmask(fits)) >> 1, left - 1);
    const kept = v128.and(digits, v128.load(keepAll + 16 - 2 * whole));
    v128.store(place, i16x8.add(v128.load(place), kept));
    at += 2 * whole;
    sum += whole;
    left -= whole;

    // Then that one, and those after it that are longer: where one number is, so may the next be.
    while (left > 1) {
      const empty = emptyCells(at, left - 1);
      at += empty;
      sum += empty;
      left -= empty;
      if (empty == 0) {
        at = readCount(at, sum);
        if (<u32>load<u8>(at) != comma) return odd;
        at += 1;
        sum += 1;
        left -= 1;
      }
      if (<u32>load<u8>(at, 1) == comma) break;
    }
  }
  return readCount(at, sum);
}

/** How many commas there are at `at`, each of which ends an empty cell: 16 at most. */
@inline
function emptyCells(at: usize, most: u32): u32 {
  if (<u32>load<u8>(at) != comma) return 0;
  const commas = i8x16.bitmask(i8x16.eq(v128.load(at), i8x16.splat(0x2c)));
  return min<u32>(ctz(~commas), most);
}

@inline
function readCount(start: usize, sum: usize): usize {
  // Three digits and a comma, judged and read as one number.
  const word: u32 = load<u32>(start) ^ 0x2c303030;
  if ((((word + 0x7f767676) | word) & 0x80808080) == 0) {
    addTo(sum, 100 * (word & 0xff) + 10 * ((word >> 8) & 0xff) + (word >> 16));
    return start + 3;
  }
  let value: u32 = 0;
  let at = start;
  for (let digit = digitAt(at); digit <= 9; digit = digitAt(at)) {
    value = 10 * value + digit;
    at += 1;
  }
  if (at - start > mostShortDigits) return readLongCount(start, sum);
  addTo(sum, value);
  return at;
}

function readLongCount(start: usize, sum: usize): usize {
  let value: u64 = 0;
  let at = start;
  for (let digit = digitAt(at); digit <= 9; digit = digitAt(at)) {
    value = 10 * value + digit;
    at += 1;
  }
  if (at - start > mostDigits) return odd;
  const place = sums + sizeof<f64>() * sum;
  store<f64>(place, load<f64>(place) + <f64>value);
  return at;
}

/** More than 9 where there is no digit. */
@inline
function digitAt(at: usize): u32 {
  return <u32>load<u8>(at) - zero;
}
