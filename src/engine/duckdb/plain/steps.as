/**
 * The inner loop of `plain-kernel.ts`, in AssemblyScript; `npm run kernel` compiles it into `steps-wasm.ts`. What a byte
 * means is a step in the table of `row-table.ts`. Each step waits for the one before, so four parts of the text are
 * followed side by side. No branch depends on a byte, so none is guessed wrong.
 */

/** As `states.row` in row-table.ts: each step to it ends a row. */
const row: u32 = 0;
const odd: i32 = -1;

let table: usize = 0;

/** Where the caller may put its tables. */
export function heapBase(): usize {
  return __heap_base;
}

export function begin(tableAt: usize): void {
  table = tableAt;
}

@inline
function step(state: u32, at: usize): u32 {
  return load<u16>(table + sizeof<u16>() * <usize>((state << 8) | <u32>load<u8>(at)));
}

/** Follows the rest of a part; returns the number of rows that end in it, or `odd`. */
function finish(from: u32, start: usize, end: usize): i32 {
  let state = from;
  let rows = 0;
  for (let at = start; at < end; at++) {
    state = step(state, at);
    rows += i32(state == row);
  }
  return state == row ? rows : odd;
}

/** Of four parts, each of whole lines and behind the one before; returns the number of rows, or `odd`. */
export function add(a: usize, b: usize, c: usize, d: usize, end: usize): i32 {
  let rows = 0;
  let inA = row;
  let inB = row;
  let inC = row;
  let inD = row;
  const shared = min(min(b - a, c - b), min(d - c, end - d));
  for (let at: usize = 0; at < shared; at++) {
    inA = step(inA, a + at);
    inB = step(inB, b + at);
    inC = step(inC, c + at);
    inD = step(inD, d + at);
    rows += i32(inA == row) + i32(inB == row) + i32(inC == row) + i32(inD == row);
  }
  const restA = finish(inA, a + shared, b);
  const restB = finish(inB, b + shared, c);
  const restC = finish(inC, c + shared, d);
  const restD = finish(inD, d + shared, end);
  if ((restA | restB | restC | restD) < 0) return odd;
  return rows + restA + restB + restC + restD;
}
