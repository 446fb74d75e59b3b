/**
 * Days at random, written as JSON Lines as well as CSV: both readers make the same of them. What CSV comes to is judged
 * by an outside reader in `columns/judge.test.ts`.
 */
import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import {
  aggregateColumns,
  type ColumnsDay,
} from '../../../src/engine/csv/columns/aggregate-columns.js';
import { Groups } from '../../../src/engine/csv/columns/groups.js';
import { readLines } from '../../../src/engine/jsonl/jsonl-file.js';
import { JsonlRowReader } from '../../../src/engine/jsonl/row-reader.js';
import { ProblemLog } from '../../../src/engine/problems.js';
import { columnsOnThread } from '../../../src/engine/threads/columns-on-thread.js';
import { ThreadPool } from '../../../src/engine/threads/thread-pool.js';
import type { ColumnsDefinition } from '../../../src/model/columns-definition.js';
import { createRandom, type Random } from '../../../src/sample/random.js';
import { columnsJob, definitionOf } from '../columns/job.js';
import { type SoundColumnsDay, soundColumnsDay, soundDayText } from '../columns/sound-columns.js';
import { writeFiles } from '../job.js';
import { runs } from '../runs.js';

const job = { day: soundDayText, complete: true };

function sumsOf(day: ColumnsDay) {
  if (day.kind === 'rejected') return day;
  const { records, rows, files } = day;
  return { records, rows, files: files.map(({ rows: count }) => count) };
}

/** With every other column within an object. */
function nested(name: string): string {
  return name.length % 2 === 0 ? name : `in.it.${name}`;
}

function nestedDefinition(definition: ColumnsDefinition): ColumnsDefinition {
  const { columns, by, measures, dayColumn } = definition;
  return {
    ...definition,
    columns: columns.map((column) => ({ ...column, name: nested(column.name) })),
    by: by.map((key) => ({ ...key, column: nested(key.column) })),
    measures: measures.map((each) => ({
      ...each,
      column: each.column === null ? null : nested(each.column),
    })),
    dayColumn: dayColumn === null ? null : nested(dayColumn),
  };
}

function linesOf({ definition, files }: SoundColumnsDay, random: Random): Record<string, string> {
  const all = files.map(({ sheet }, at) => {
    const [header = [], ...rows] = sheet.cells;
    const lines = rows.map((row) => objectOf(definition, header, row, random));
    const end = random.below(2) === 0 ? '\n' : '\r\n';
    return [`${at}.jsonl${['', '.gz', '.zst'][at % 3]}`, lines.map((line) => line + end).join('')];
  });
  return Object.fromEntries(all);
}

function objectOf(
  definition: ColumnsDefinition,
  header: readonly string[],
  row: readonly string[],
  random: Random,
): string {
  const [top, inner]: [string[], string[]] = [[], []];
  for (const [at, name] of header.entries()) {
    const value = writtenValue(definition, name, row[at] as string, random);
    if (value === null) continue;
    const [where, own] = nested(name) === name ? [top, name] : [inner, name];
    where.push(
      `${gap(random)}${stringOf(own, random)}${gap(random)}:${gap(random)}${value}${gap(random)}`,
    );
  }
  if (inner.length > 0 || random.below(2) === 0) {
    top.splice(random.below(top.length + 1), 0, `"in":{"it":{${inner.join()}}, "x":[{}]}`);
  }
  if (random.below(3) === 0) top.push('"in,it":{"it":"]}"}');
  return `{${top.join()}}`;
}

/** Null where the field is left out. */
function writtenValue(
  { columns, csv }: ColumnsDefinition,
  name: string,
  cell: string,
  random: Random,
): string | null {
  const column = columns.find((each) => each.name === name);
  if (column === undefined) return stringOf(cell, random);
  if (column.nullable && ['', ...csv.nulls].includes(cell))
    return random.below(2) === 0 ? null : 'null';
  const { kind } = column.type;
  if (kind === 'boolean') return cell.toLowerCase();
  return kind === 'integer' || kind === 'decimal' ? numberOf(cell, random) : stringOf(cell, random);
}

function numberOf(cell: string, random: Random): string {
  const number = cell.replace(/^(-?)0+(?=[0-9])/, '$1');
  const shift = random.below(4);
  const [, sign = '', whole = '', fraction = ''] =
    /^(-?)([0-9]+)(?:[.]([0-9]+))?$/.exec(number) ?? [];
  if (shift === 0 || random.below(2) === 0) return number;
  // The point moves to the left, and the exponent brings it back.
  const padded = whole.padStart(shift + 1, '0');
  return `${sign}${padded.slice(0, -shift)}.${padded.slice(-shift)}${fraction}e+${shift}`;
}

function stringOf(text: string, random: Random): string {
  const plain = JSON.stringify(text);
  if (random.below(3) > 0) return plain;
  const units = text.split('').map((unit) => unit.charCodeAt(0).toString(16).padStart(4, '0'));
  return `"${units.map((unit) => `\\u${unit}`).join('')}"`;
}

function gap(random: Random): string {
  return random.below(5) === 0 ? ([' ', '\t', '  '][random.below(3)] as string) : '';
}

test('JSON Lines and CSV of the same rows come to the same, here and on a thread', {
  timeout: 1_200_000,
}, async () => {
  const pool = new ThreadPool({ size: 1 });
  onTestFinished(() => pool.close());
  let records = 0;
  await fc.assert(
    fc.asyncProperty(soundColumnsDay, fc.nat(), async (sound, seed) => {
      const asText = await writeFiles(
        Object.fromEntries(sound.files.map(({ name, sheet }) => [name, sheet.text])),
      );
      const expected = sumsOf(await aggregateColumns(columnsJob(asText, sound.definition, job)));
      const files = await writeFiles(linesOf(sound, createRandom(String(seed))));
      const definition = nestedDefinition(sound.definition);
      const jsonJob = columnsJob(files, definition, job);
      expect(sumsOf(await aggregateColumns(jsonJob))).toEqual(expected);
      expect(sumsOf(await columnsOnThread(pool)(jsonJob))).toEqual(expected);
      if ('records' in expected) records += expected.records;
    }),
    runs(150, 5_000),
  );
  expect(records).toBeGreaterThan(1_000);
});

test('however a file is cut into chunks, the same is told of it', async () => {
  const text = Buffer.from(
    '\ufeff{"a":"é","n":1}\r\n\r\n{"a":5}\n{"a":"\ud83d\ude00"\n{"a":"x","n":"1"}\n[\n{"a":"x","A":1}',
  );
  const definition = definitionOf({
    columns: { a: 'text', n: 'integer?' },
    measures: { n: 'sum(n)' },
  });
  const read = async (bytes: Buffer, size: number) => {
    const log = new ProblemLog();
    const groups = new Groups(definition);
    const reader = new JsonlRowReader('a.jsonl', job.day as never, definition, groups, log);
    const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) =>
      bytes.subarray(at * size, (at + 1) * size),
    );
    const form = { format: 'jsonl', compression: 'none' } as const;
    const fault = await readLines(chunks, { name: 'a.jsonl', form }, reader);
    return { fault: fault?.problems, first: log.first, records: groups.records };
  };
  const damaged = Buffer.concat([text, Buffer.from('\n{"a":"\0"}\n{}')]);
  for (const bytes of [text, damaged]) {
    const whole = await read(bytes, bytes.length);
    expect(whole.first).toHaveLength(4);
    for (let size = 1; size < bytes.length; size += 1)
      expect(await read(bytes, size)).toEqual(whole);
  }
});
