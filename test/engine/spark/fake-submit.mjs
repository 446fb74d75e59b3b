#!/usr/bin/env node
/** A `spark-submit` that reads tiny plans by itself, and misbehaves as FAKE says. */
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const planPath = process.argv.at(-1);
const folder = dirname(planPath);
const plan = JSON.parse(readFileSync(planPath, 'utf8'));
const mode = process.env.FAKE ?? 'well';
/** Of the definition `columns`: the rows of a day as the job packs them, null for too many. */
const fakeRows =
  process.env.FAKE_ROWS === undefined ? undefined : JSON.parse(process.env.FAKE_ROWS);

function seen(file) {
  const text = readFileSync(new URL(file.uri), 'utf8');
  const rows = text.trimEnd().split('\n').slice(1);
  const [hour, count] = (rows[0] ?? '5,0').split(',').map(Number);
  return {
    file: file.id,
    sizeBytes: Buffer.byteLength(text),
    trouble: null,
    lines: { header: 1, row: rows.length },
    plainBytes: Buffer.byteLength(text),
    crLines: 0,
    badCells: 0,
    examples: [],
    sums: fakeRows === undefined ? [[hour, 1, count]] : [],
    ...changes[mode],
  };
}

/** Of what it saw of a file. */
const changes = {
  'bad-cells': {
    badCells: 3,
    examples: [
      { column: 1, kind: 'type', value: 'x' },
      { column: 0, kind: 'empty', value: '' },
      { column: 0, kind: 'day', value: '2026' },
    ],
  },
  'example-beyond': { badCells: 1, examples: [{ column: 9, kind: 'type', value: 'x' }] },
  'negative-sum': { sums: [[5, 1, -1]] },
  'unsafe-sum': { sums: [[5, 1, 2 ** 53]] },
  'foreign-column': { sums: [[5, 0, 1]] },
  'sum-twice': {
    sums: [
      [5, 1, 1],
      [5, 1, 1],
    ],
  },
  'other-size': { sizeBytes: 1 },
  'no-file': { sizeBytes: null, trouble: 'it is not there' },
  trouble: { trouble: 'FAILED_READ_FILE: denied' },
  'fewer-bytes': { plainBytes: 3 },
  'no-line': { lines: {}, plainBytes: 0, sums: [] },
  'unknown-field': { surprise: 1 },
};

function write(name, value) {
  return writeBytes(name, Buffer.from(JSON.stringify(value)));
}

function writeBytes(name, content) {
  writeFileSync(join(folder, name), content);
  const sha256 = createHash('sha256').update(content).digest('hex');
  return { name, sizeBytes: content.length, sha256 };
}

function writeRows(day) {
  if (fakeRows === null) return null;
  const written = writeBytes(`day-${day}.rows`, Buffer.from(fakeRows));
  if (mode === 'rows-altered')
    writeFileSync(join(folder, written.name), ' '.repeat(written.sizeBytes));
  return written;
}

function writeResults() {
  const days = [...new Set(plan.files.map(({ day }) => day))];
  const entries = days.map((day) => {
    const files = plan.files.filter((file) => file.day === day).map(seen);
    const rows = fakeRows === undefined ? {} : { rows: writeRows(day) };
    return { day, ...write(`day-${day}.json`, { token: plan.token, day, files, ...rows }) };
  });
  const manifest = {
    format: 1,
    token: plan.token,
    application: 'app-1',
    spark: '4',
    days: entries,
  };
  const damage = {
    altered: () => writeFileSync(join(folder, 'day-0.json'), ' '.repeat(entries[0].sizeBytes)),
    truncated: () => writeFileSync(join(folder, 'day-0.json'), '{'),
    swapped: () => {
      manifest.days = entries.map((entry, at) => ({ ...entries.at(at - 1), day: entry.day }));
    },
    'other-token': () => {
      manifest.token = 'another';
    },
    'fewer-days': () => entries.pop(),
    'other-format': () => {
      manifest.format = 2;
    },
  };
  damage[mode]?.();
  if (mode === 'torn-manifest') writeFileSync(join(folder, 'manifest.json'), '{"format": 1');
  else write('manifest.json', manifest);
}

process.stdout.write('DAYMARK {"application":"app-1","ui":null,"spark":"4"}\n');
process.stdout.write('DAYMARK not json\n');
if (mode === 'secrets') {
  const names = Object.keys(process.env).filter((name) => name.startsWith('DAYMARK_'));
  process.stderr.write(`saw: ${names.join()}\n`);
  process.exit(3);
} else if (mode === 'fails') {
  process.stderr.write('26/11/25 INFO all is well\nJAVA_HOME is not set\n\tat somewhere\n');
  process.exit(3);
} else if (mode === 'killed') {
  process.kill(process.pid, 'SIGKILL');
} else if (mode === 'hangs') {
  process.on('SIGTERM', () => {});
  setInterval(() => {}, 1_000);
} else if (mode === 'silent') {
  process.exit(0);
} else if (mode === 'fails-late') {
  writeResults();
  process.exit(1);
} else {
  writeResults();
}
