/** The history of runs on the disk: what is written is read, and what is not whole stops nothing. */
import { writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import fc from 'fast-check';
import { v7 as uuidv7 } from 'uuid';
import { describe, expect, it } from 'vitest';
import type { RunHistory } from '../../src/core/ports/run-history.js';
import { runSchema } from '../../src/http/schemas/run.js';
import { viewRun } from '../../src/http/views/run.js';
import type { Run, StoredRun } from '../../src/model/run.js';
import { createRunFiles } from '../../src/output/run-files.js';
import { decodeRun, encodeRun } from '../../src/output/run-record.js';
import { stateFolderOf } from '../../src/output/state-folder.js';
import { makeTempDir } from '../support/temp-dir.js';
import { day, listFolder, readText } from './place.js';

async function makeHistory() {
  const folder = stateFolderOf(join(await makeTempDir(), 'processed', 'orders.csv'));
  const told: string[] = [];
  const onUnreadable = (path: string, reason: string) =>
    void told.push(`${basename(path)}: ${reason}`);
  const another = () => createRunFiles({ folder, onUnreadable });
  return { folder, told, history: another(), another };
}

/** As a process finds them that begins to look. */
async function runsIn(history: RunHistory): Promise<StoredRun[]> {
  await history.open();
  const { found } = await history.look();
  return found.map(({ knownBy: _, ...stored }) => stored);
}

/** With everything in it that a run can have. */
function wholeRun(id = uuidv7()): Run {
  const problem = { file: 'a.csv', line: 2, column: 'milk', value: 'two', message: 'no count' };
  const counts = {
    ...{ records: 3, rows: 2, totals: { items_count: 5 }, bytes: 100 },
    engine: 'scan',
  } as const;
  return {
    id,
    request: {
      select: 'days',
      days: ['0', '1', '2'].map(day),
      dryRun: true,
      engine: 'auto',
      engineAsked: true,
      onDayFailure: 'stop',
    },
    key: 'nightly',
    attempt: 2,
    status: 'failed',
    createdAt: '2026-11-23T16:16:26.210Z',
    startedAt: '2026-11-23T16:16:26.310Z',
    finishedAt: '2026-11-23T16:16:27.310Z',
    durationMs: 1000.5,
    checkpoint: { before: null, after: day('0') },
    reading: 'in-sync',
    commit: 7,
    days: [
      {
        day: day('0'),
        state: 'changed',
        outcome: 'replaced',
        ...counts,
        totals: { items_count: '18014398509481982' },
        difference: {
          rowsAdded: 1,
          rowsRemoved: 0,
          rowsChanged: 1,
          totalsBefore: { items_count: 5 },
          totalsAfter: { items_count: '18014398509481982' },
        },
      },
      {
        day: day('1'),
        state: 'new',
        outcome: 'failed',
        ...counts,
        records: null,
        error: { code: 'raw-invalid', detail: 'bad', problems: [problem], problemCount: 1 },
      },
      { day: day('2'), state: 'new', outcome: 'skipped', ...counts, reason: 'an earlier failed' },
      {
        day: day('3'),
        state: 'new',
        outcome: 'failed',
        ...counts,
        error: {
          code: 'raw-invalid',
          detail: 'very bad',
          problems: [problem],
          problemCount: 10_000,
          stoppedAt: { file: 'b.csv', line: 17 },
        },
      },
    ],
    progress: null,
    engineReason: 'few bytes',
    warnings: ['mind the gap'],
    error: { slug: 'engine-failed', detail: 'it broke' },
  };
}

const storedBy = (owner: StoredRun['owner'], run = wholeRun()): StoredRun => ({
  run,
  keys: [
    { key: 'nightly', attempt: 2, request: run.request },
    { key: 'attached', attempt: 1, request: { ...run.request, select: 'new', days: null } },
  ],
  owner,
});

describe('the record of a run', () => {
  it('is read by the next process as it was saved', async () => {
    const { folder, told, history } = await makeHistory();
    const stored = storedBy(history.owner);
    await history.save(stored, true);
    const next = createRunFiles({ folder, onUnreadable: () => {} });
    expect(await runsIn(next)).toEqual([stored]);
    expect(told).toEqual([]);
  });

  it('of the first format had items and orders, and is read', async () => {
    const { folder, told, history, another } = await makeHistory();
    const stored = storedBy(history.owner);
    await history.save(stored, true);
    const path = join(folder.runs, `${stored.run.id}.json`);
    const record = JSON.parse(await readText(path));
    for (const each of record.run.days) {
      [each.items, each.orders] = [each.totals.items_count, each.records];
      delete each.totals;
      delete each.records;
      if (each.difference === undefined) continue;
      const { totalsBefore, totalsAfter, ...counts } = each.difference;
      const items = { itemsBefore: totalsBefore.items_count, itemsAfter: totalsAfter.items_count };
      each.difference = { ...counts, ...items };
    }
    await writeFile(path, JSON.stringify({ ...record, format: 1 }));
    expect(await runsIn(another())).toEqual([stored]);
    await writeFile(path, JSON.stringify({ ...record, format: 2 }));
    expect(await runsIn(another())).toEqual([]);
    expect(told).toHaveLength(1);
  });

  it('of an earlier version lacks what runs have since, and is read', async () => {
    const { folder, told, history, another } = await makeHistory();
    const stored = storedBy(history.owner);
    await history.save(stored, true);
    const { id } = stored.run;
    const record = JSON.parse(await readText(join(folder.runs, `${id}.json`)));
    delete record.run.engineReason;
    delete record.run.progress;
    delete record.run.request.engineAsked;
    for (const each of record.run.days) delete each.engine;
    for (const each of record.keys) delete each.request;
    await writeFile(join(folder.runs, `${id}.json`), JSON.stringify(record));
    const [read] = await runsIn(another());
    expect(read?.run).toMatchObject({
      id,
      engineReason: null,
      progress: null,
      request: { engineAsked: false },
    });
    for (const { request } of read?.keys ?? []) {
      expect(request).toMatchObject({ select: 'days', engineAsked: false });
    }
    expect(told).toEqual([]);
  });

  it.each<[string, (stored: StoredRun) => unknown]>([
    ['a status that is none', ({ run }) => Object.assign(run, { status: 'bogus' })],
    [
      'no number where one must be',
      ({ run }) => Object.assign(run, { durationMs: Number.NaN, attempt: 0 }),
    ],
    [
      'a total that is not exact',
      ({ run }) => Object.assign(run.days[0] ?? {}, { totals: { n: 2 ** 53 } }),
    ],
    ['more than anyone reads', ({ run }) => Object.assign(run, { mood: 'good' })],
  ])('is not written with %s', async (_what, spoil) => {
    const { folder, history } = await makeHistory();
    const stored = storedBy(history.owner);
    spoil(stored);
    await expect(history.save(stored, true)).rejects.toThrow(
      /would not be read back as it is: .+/s,
    );
    expect(await listFolder(folder.runs).catch(() => [])).toEqual([]);
  });
});

type Spoiling = (record: Record<string, unknown> & { run: Record<string, unknown> }) => void;

describe('a record that is not whole', () => {
  it.each<[string, string | Spoiling]>([
    ['null', 'null'],
    ['nothing', ''],
    ['an empty object', '{}'],
    ['a list', '[]'],
    ['a format alone', '{"format":1}'],
    ['an earlier format', (record) => Object.assign(record, { format: 0 })],
    ['a format that is no number', (record) => Object.assign(record, { format: '2' })],
    ['deep', `{"format":1,"run":${'['.repeat(20_000)}${']'.repeat(20_000)}}`],
    ['without a run', (record) => Object.assign(record, { run: null })],
    ['without keys', (record) => delete (record as { keys?: unknown })['keys']],
    ['without an owner', (record) => delete (record as { owner?: unknown })['owner']],
    ['without days', ({ run }) => Object.assign(run, { days: null, status: 'interrupted' })],
    ['with days of junk', ({ run }) => Object.assign(run, { days: [null, 1, {}] })],
    ['without a request', ({ run }) => delete run['request']],
    ['without warnings', ({ run }) => delete run['warnings']],
    ['at no time', ({ run }) => Object.assign(run, { createdAt: 'x' })],
    ['of another run', ({ run }) => Object.assign(run, { id: uuidv7() })],
    [
      'with an inherited slug',
      ({ run }) => Object.assign(run, { error: { slug: 'constructor', detail: '' } }),
    ],
  ])('%s: it is set aside and told, and the others are read', async (_what, damage) => {
    const { folder, told, history, another } = await makeHistory();
    const whole = storedBy(history.owner);
    await history.save(whole, true);
    const spoiled = storedBy(history.owner);
    const record = JSON.parse(encodeRun(spoiled).toString());
    if (typeof damage === 'function') damage(record);
    const name = `${spoiled.run.id}.json`;
    const text = typeof damage === 'string' ? damage : JSON.stringify(record);
    await writeFile(join(folder.runs, name), text);
    expect(await runsIn(another())).toEqual([whole]);
    const where = join(folder.runs, 'unreadable', name);
    expect(told).toEqual([
      expect.stringMatching(new RegExp(`^${name}: .+ moved to ${where}`, 's')),
    ]);
    // For whoever wants to know what it was.
    expect(await readText(where)).toBe(text);
    expect(await runsIn(another())).toEqual([whole]);
    expect(told).toHaveLength(1);
  });

  it('is refused, or can be answered: whatever stands in one of its places', () => {
    const stored = storedBy({ host: 'h', pid: 1, startedAt: 's' });
    const record = JSON.parse(encodeRun(stored).toString());
    const places = placesIn(record);
    const junk = fc.oneof(
      fc.constantFrom(null, '', 'x', 0, -1, 1.5, 2 ** 53, true, [], {}, 'constructor', '0.0'),
      fc.jsonValue(),
    );
    let read = 0;
    fc.assert(
      fc.property(fc.constantFrom(...places), junk, (place, value) => {
        const bytes = Buffer.from(JSON.stringify(withValue(record, place, value)));
        const found = readOrNull(bytes, stored.run.id);
        if (found === null) return;
        read += 1;
        expect(runSchema.safeParse(viewRun(found.run)).error).toBeUndefined();
        // And it can be written again, as those of processes that are gone are.
        expect(decodeRun(encodeRun(found), stored.run.id)).toEqual(found);
      }),
      { numRuns: 3_000 },
    );
    expect(read).toBeGreaterThan(50);
  });
});

function readOrNull(bytes: Buffer, id: string): StoredRun | null {
  try {
    return decodeRun(bytes, id);
  } catch {
    return null;
  }
}

/** The paths to all values within. */
function placesIn(value: unknown, path: readonly string[] = []): (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [path];
  return [
    path,
    ...Object.entries(value).flatMap(([name, each]) => placesIn(each, [...path, name])),
  ];
}

function withValue(record: unknown, [name, ...rest]: readonly string[], value: unknown): unknown {
  if (name === undefined) return value;
  const copy = structuredClone(record) as Record<string, unknown>;
  copy[name] = withValue(copy[name], rest, value);
  return copy;
}
