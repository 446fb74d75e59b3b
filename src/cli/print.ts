import type { Output } from './console.js';

export function writeJson(out: Output, value: unknown): void {
  out.write(`${JSON.stringify(value, null, 2)}\n`);
}

/** The same answer for machines or for people. */
export function print<Value>(
  out: Output,
  { json }: { readonly json: boolean },
  value: Value,
  view: (value: Value) => string,
): void {
  if (json) writeJson(out, value);
  else out.write(view(value));
}
