/** Lines of JSON before `JSON.parse`, which takes and refuses the same ones. */
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { digitsOf, JsonText, NotJson, textOf } from '../../../src/engine/jsonl/json-text.js';
import { runs } from '../runs.js';

/** The kind of the value that the whole text is; null if it is none. */
function read(text: string): { readonly kind: string; readonly source: string } | null {
  const json = new JsonText(text);
  try {
    const kind = json.value();
    const { source } = json;
    return json.peek() === '' && json.at === text.length ? { kind, source } : null;
  } catch (error) {
    if (error instanceof NotJson) return null;
    throw error;
  }
}

function parsed(text: string): { readonly value: unknown } | null {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return null;
  }
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}

function compare(text: string): void {
  const [found, expected] = [read(text), parsed(text)];
  expect(found?.kind ?? null, text).toBe(expected === null ? null : kindOf(expected.value));
  if (found?.kind === 'string') expect(textOf(found.source)).toBe(expected?.value);
  if (found?.kind === 'number') {
    const digits = digitsOf(found.source);
    // Zero has no sign.
    if (digits !== null) expect(Number(digits) === expected?.value, text).toBe(true);
  }
}

const pieces = [
  ...['{', '}', '[', ']', ',', ':', '"', '\\', ' ', '\t', '\r', '""', '"a"', '"a":1', '"\\u00e9"'],
  ...['0', '1', '-', '.', 'e', 'E+', '1.5', '1e3', '-0', '01', 'true', 'false', 'null', 'nul'],
  ...['NaN', '\\n', '\\x', '\\ud83d', '\u0001', '\u007f', '\u2028', 'é', '\ud83d\ude00', "'", '/'],
];

test('pieces of JSON in any order', () => {
  const text = fc.array(fc.constantFrom(...pieces), { maxLength: 8 }).map((all) => all.join(''));
  fc.assert(fc.property(text, compare), runs(5_000, 200_000));
});

test('any value, written with blanks, and with one sign changed', () => {
  const blank = fc.constantFrom('', '', ' ', '\t ');
  fc.assert(
    fc.property(
      fc.jsonValue(),
      blank,
      fc.nat(),
      fc.constantFrom(...pieces),
      (value, gap, at, sign) => {
        const text = `${gap}${JSON.stringify(value)}${gap}`;
        compare(text);
        const place = at % text.length;
        compare(`${text.slice(0, place)}${sign}${text.slice(place + 1)}`);
      },
    ),
    runs(2_000, 100_000),
  );
});

describe('numbers in digits', () => {
  it.each<[string, string | null]>([
    ['0', '0'],
    ['-0', '-0'],
    ['12345678901234567890', '12345678901234567890'],
    ['0.10000000000000000001', '0.10000000000000000001'],
    ['1e3', '1000'],
    ['1E+3', '1000'],
    ['1.5e3', '1500'],
    ['1.2345e2', '123.45'],
    ['-1.25e-1', '-0.125'],
    ['5e-3', '0.005'],
    ['12e-1', '1.2'],
    ['1234567890.123456789e-4', '123456.7890123456789'],
    ['0e999999', '0'],
    ['-0.00e-5', '0'],
    ['1e1000', `1${'0'.repeat(1000)}`],
    ['1e1001', null],
    ['1e-99999999999', null],
  ])('%s', (source, digits) => {
    expect(digitsOf(source)).toBe(digits);
  });
});

test('a value ends in its line', () => {
  for (const text of ['"a\nb"', '[1,\n2]', '{"a":\n1}', '\n1']) expect(read(text)).toBeNull();
});

test('deep brackets are passed without recursion', () => {
  const deep = 400_000;
  expect(read(`${'['.repeat(deep)}${']'.repeat(deep)}`)?.kind).toBe('array');
  expect(read('['.repeat(deep))).toBeNull();
});
