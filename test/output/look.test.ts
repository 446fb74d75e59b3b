import { appendFile, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Disk, nodeDisk } from '../../src/disk/disk.js';
import { createOutputStore } from '../../src/output/output-store.js';
import type { StateFolder } from '../../src/output/state-folder.js';
import { shape } from '../support/counted.js';
import { createCountingDisk } from '../support/counting-disk.js';
import {
  commit,
  day,
  header,
  listFolder,
  makePlace,
  readText,
  rowsOfDay,
  summary,
  writeOutput,
} from './place.js';

const trusted = (rows: number, items: number) => ({
  rows,
  items,
  doubled: false,
  trusted: true,
  damage: null,
});
const adopted = (rows: number, items: number) => ({ ...trusted(rows, items), trusted: null });

describe('an output that Daymark did not write', () => {
  it('is adopted, in any row order, with zero counts left out', async () => {
    const { folder, store } = await makePlace();
    await writeOutput(folder, `${header}1,5,b,2\n0,23,z,1\n0,2,a,0\n1,4,c,3\n0,3,é,4\n`);
    const state = await store.look();
    expect(summary(state)).toEqual({ 0: adopted(2, 5), 1: adopted(2, 5) });
    expect(state.described).toBe(false);
    await commit(store, {});
    expect(await readText(folder.output)).toBe(`${header}0,3,é,4\n0,23,z,1\n1,4,c,3\n1,5,b,2\n`);
    expect((await store.look()).described).toBe(true);
  });

  it('is adopted as it lies there when it is in our form already', async () => {
    const { folder, store } = await makePlace();
    const text = `${header}0,3,a,4\n10,1,b,2\n`;
    await writeOutput(folder, text);
    const { ino } = (await nodeDisk.identity(folder.output)) ?? {};
    expect(await commit(store, {})).toMatchObject({ kind: 'committed', version: 1 });
    expect((await nodeDisk.identity(folder.output))?.ino).toBe(ino);
    expect((await store.look()).described).toBe(true);
    expect(await commit(store, {})).toEqual({ kind: 'unchanged' });
  });

  it.each([
    ['CRLF', `${header}0,3,a,4\n1,1,b,2\n`.replaceAll('\n', '\r\n')],
    ['a BOM', `\ufeff${header}0,3,a,4\n1,1,b,2\n`],
    ['needless quotes', `${header}0,3,"a",4\n"1",1,b,2\n`],
    ['padded hours', `${header}0,03,a,4\n1,01,b,2\n`],
    ['no last newline', `${header}0,3,a,4\n1,1,b,2`],
    ['a quoted header', `"${header.trim().replaceAll(',', '","')}"\n0,3,a,4\n1,1,b,2\n`],
    ['counts as pandas writes them', `${header}0,3,a,4.0\n1,1,b,2.00\n`],
    ['hours and days as pandas writes them', `${header}0.0,3.0,a,4\n1.0,01.0,b,2\n`],
    ['a blank line before its header', `\n${header}0,3,a,4\n1,1,b,2\n`],
    ['a blank line behind its header', `${header}\n0,3,a,4\n1,1,b,2\n`],
    ['blank lines between days', `${header}0,3,a,4\n\n\n1,1,b,2\n`],
    ['blank lines at its end', `${header}0,3,a,4\n1,1,b,2\n\n\n`],
    ['a blank line within a day', `${header}0,3,0,0\n\n0,3,a,4\n1,1,b,2\n`],
    ['blank lines with CRLF', `${header}0,3,a,4\n\n1,1,b,2\n\n`.replaceAll('\n', '\r\n')],
  ])('may have %s', async (_name, text) => {
    const { folder, store } = await makePlace();
    await writeOutput(folder, text);
    expect(summary(await store.look())).toEqual({ 0: adopted(1, 4), 1: adopted(1, 2) });
    await commit(store, {});
    expect(await readText(folder.output)).toBe(`${header}0,3,a,4\n1,1,b,2\n`);
  });

  it('shows the days that were counted more than once', async () => {
    const { folder, store } = await makePlace();
    const once = '0,3,a,4\n0,4,b,1\n';
    await writeOutput(folder, `${header}${once}1,1,b,2\n${once}${once}`);
    const state = await store.look();
    expect(summary(state)).toEqual({ 0: { ...adopted(6, 15), doubled: true }, 1: adopted(1, 2) });
    expect(await rowsOfDay(store, state, '0')).toHaveLength(6);
  });

  it('of many interleaved days is gathered', async () => {
    const { folder, store } = await makePlace();
    const rows = Array.from(
      { length: 3_000 },
      (_, index) => `${index % 30},${index % 24},c${index},1`,
    );
    await writeOutput(folder, `${header}${rows.join('\n')}\n`);
    const state = await store.look();
    expect(state.days.size).toBe(30);
    expect([...state.days.values()].every(({ rows: count }) => count === 100)).toBe(true);
    await commit(store, {});
    expect((await readText(folder.output)).split('\n')).toHaveLength(3_002);
    expect((await store.look()).described).toBe(true);
  });

  it.each([
    ['another header', 'day,hour,category,items\n0,1,a,1\n', /line 1: the header is "day,hour/],
    ['no header', '0,1,a,1\n', /line 1: the header is "0,1,a,1"/],
    [
      'a day that is none',
      `${header}0,1,a,1\nx,1,a,1\n`,
      /line 3: "x" is not a non-negative integer/,
    ],
    [
      'an hour beyond 23',
      `${header}0,24,a,1\n`,
      /line 2: column "hour_of_day": "24" is not a whole number from 0 to 23/,
    ],
    [
      'a negative count',
      `${header}0,1,a,-1\n`,
      /line 2: column "items_count": "-1" is not a whole number from 0/,
    ],
    ['an empty category', `${header}0,1,,1\n`, /line 2: column "category": it is empty/],
    ['a missing cell', `${header}0,1,a\n`, /line 2: the row has 3 cells, not 4/],
    ['a line that is blank but for a space', `${header} \n`, /line 2: the row has 1 cells, not 4/],
    ['a line of quotes', `${header}""\n0,1,a,1\n`, /line 2: the row has 1 cells, not 4/],
    [
      'a count that is no integer',
      `${header}\n\n0,1,a,1.5\n`,
      /line 4: column "items_count": "1.5" is not/,
    ],
    [
      'a count in another notation',
      `${header}0,1,a,1e3\n`,
      /line 2: column "items_count": "1e3" is not/,
    ],
    ['a count without a value', `${header}0,1,a,\n`, /line 2: column "items_count": it is empty/],
    ['a count of no digits', `${header}0,1,a,.0\n`, /line 2: column "items_count": "\.0" is not/],
    [
      'an hour between hours',
      `${header}0,8.5,a,1\n`,
      /line 2: column "hour_of_day": "8\.5" is not/,
    ],
    ['a day between days', `${header}0.5,8,a,1\n`, /line 2: "0\.5" is not a non-negative/],
    [
      'a count beyond 2^53',
      `${header}0,1,a,9007199254740992.0\n`,
      /line 2: column "items_count": "9007199254740992\.0"/,
    ],
    ['an open quote', `${header}0,1,"a,1\n`, /line 2: a quote is not closed/],
    ['a stray quote', `${header}0,1,a"b,1\n`, /line 2: a quote stands where none may be/],
    ['binary rubbish', '\u0000\u0001\u0002', /line 1: the header is/],
  ])('is not touched when it has %s', async (_name, text, message) => {
    const { folder, store } = await makePlace();
    await writeOutput(folder, text);
    await expect(store.look()).rejects.toMatchObject({
      slug: 'output-unreadable',
      message: expect.stringMatching(message),
    });
    expect(await readText(folder.output)).toBe(text);
  });

  it('is not touched when its categories are not UTF-8, whatever they look like', async () => {
    const { folder, store } = await makePlace();
    const genuine = `${header}0,1,what\ufffd,1\n`;
    await writeOutput(folder, genuine);
    expect(summary(await store.look())).toEqual({ 0: adopted(1, 1) });

    const latin1 = Buffer.concat([Buffer.from(genuine), Buffer.from('0,2,caf\xe9,1\n', 'latin1')]);
    await writeFile(folder.output, latin1);
    await expect(store.look()).rejects.toMatchObject({
      slug: 'output-unreadable',
      message: expect.stringMatching(/line 3: "caf\ufffd" is not UTF-8/),
    });
    expect(await readFile(folder.output)).toEqual(latin1);
  });

  it('is nothing when it is empty', async () => {
    const { folder, store } = await makePlace();
    await writeOutput(folder, '');
    expect(summary(await store.look())).toEqual({});
    await commit(store, { 0: { 1: { a: 1 } } });
    expect(await readText(folder.output)).toBe(`${header}0,1,a,1\n`);
  });
});

describe('an output that was changed behind our back', () => {
  const three = { 0: { 1: { a: 1 } }, 1: { 1: { b: 2 } }, 2: { 1: { c: 3 } } };

  it.each([
    [
      'a row altered',
      (text: string) => text.replace('b,2', 'b,7'),
      { 1: { rows: 1, items: 7, trusted: false } },
    ],
    [
      'a day lost',
      (text: string) => text.replace('1,1,b,2\n', ''),
      { 1: { rows: 0, items: 0, trusted: false } },
    ],
    [
      'a row doubled',
      (text: string) => `${text}1,1,b,2\n`,
      { 1: { rows: 2, items: 4, doubled: true, trusted: false } },
    ],
    ['a day added', (text: string) => `${text}3,1,d,4\n`, { 3: adopted(1, 4) }],
    [
      'its last line cut off',
      (text: string) => text.slice(0, -4),
      { 2: { rows: 0, items: 0, trusted: false } },
    ],
    [
      'its end cut off at a day',
      (text: string) => text.slice(0, -'2,1,c,3\n'.length),
      { 2: { rows: 0, trusted: false } },
    ],
    ['all cut off', () => '', { 0: { rows: 0 }, 1: { rows: 0 }, 2: { rows: 0, trusted: false } }],
    ['only its header left', () => header, { 0: { rows: 0 }, 1: { rows: 0 }, 2: { rows: 0 } }],
    [
      'its rows in another order',
      () => `${header}2,1,c,3\n0,1,a,1\n1,1,b,2\n`,
      { 0: trusted(1, 1), 1: trusted(1, 2), 2: trusted(1, 3) },
    ],
  ])('with %s says of which day', async (_name, change, expected) => {
    const { folder, store } = await makePlace();
    await commit(store, three);
    const all = { 0: trusted(1, 1), 1: trusted(1, 2), 2: trusted(1, 3) };
    expect(summary(await store.look())).toEqual(all);
    await writeOutput(folder, change(await readText(folder.output)));
    const state = await store.look();
    const found = summary(state);
    expect(found).toMatchObject(expected);
    const untouched = Object.keys(all).filter((name) => !(name in expected));
    for (const name of untouched) expect(found[name]).toEqual(trusted(1, Number(name) + 1));
    expect(state.described).toBe(false);
  });

  it('keeps its damage on record until the day is made anew', async () => {
    const { folder, store } = await makePlace();
    await commit(store, three);
    await writeOutput(
      folder,
      (await readText(folder.output)).replace('b,2', 'b,7').replace('0,1,a,1\n', ''),
    );
    await commit(store, { 3: { 1: { d: 4 } } });
    expect(await readText(folder.output)).toBe(`${header}1,1,b,7\n2,1,c,3\n3,1,d,4\n`);
    expect(summary(await store.look())).toMatchObject({
      0: { rows: 0, damage: 'lost' },
      1: { rows: 1, items: 7, damage: 'altered' },
      2: { damage: null },
    });
    await commit(store, { 0: { 1: { a: 1 } }, 1: { 1: { b: 2 } } });
    expect(summary(await store.look())).toMatchObject({ 0: { damage: null }, 1: { damage: null } });
  });
});

describe('a ledger that is lost or broken', () => {
  it('is made up for from the output', async () => {
    const { folder, store, another } = await makePlace();
    await commit(store, { 0: { 1: { a: 1 } }, 1: { 1: { b: 2 } } });
    await rm(folder.root, { recursive: true });
    expect(summary(await (await another()).look())).toEqual({ 0: adopted(1, 1), 1: adopted(1, 2) });
    // The running store sees it too.
    expect(summary(await store.look())).toEqual({ 0: adopted(1, 1), 1: adopted(1, 2) });
  });

  it.each(['', '{', '{"format":1}', '\u0000'])(
    'with a head record of %j is told, and passed over',
    async (bytes) => {
      const { folder, store, another } = await makePlace();
      await commit(store, { 0: { 1: { a: 1 } } });
      const [record = ''] = await listFolder(folder.commits);
      await writeFile(join(folder.commits, record), bytes);
      const fresh = await another();
      const state = await fresh.look();
      expect(summary(state)).toEqual({ 0: adopted(1, 1) });
      expect(state.unreadable).toContain('commit record 1 cannot be read');
      expect(state.record).toBeNull();
      expect(await commit(fresh, { 1: { 1: { b: 1 } } })).toMatchObject({ version: 2 });
      expect(await readText(folder.output)).toBe(`${header}0,1,a,1\n1,1,b,1\n`);
    },
  );
});

describe('a ledger that is lost, and begun anew by another process', () => {
  it('is read anew, though its head has the same number and the output the same bytes', async () => {
    const { folder, store, another } = await makePlace();
    await commit(store, { 0: {} });
    const before = await store.look();
    await rm(folder.commits, { recursive: true });
    const other = await another();
    await commit(other, { 0: {} });
    const after = await store.look();
    expect(after.version).toBe(before.version);
    expect(await nodeDisk.identity(folder.output)).toMatchObject({ sizeBytes: header.length });
    expect(after.ledger.get(day('0'))).toEqual((await other.look()).ledger.get(day('0')));
    expect(after.ledger.get(day('0'))).not.toEqual(before.ledger.get(day('0')));
  });

  it('is not built upon by who was reading the old one', async () => {
    const { folder, store, another } = await makePlace();
    await commit(store, { 0: { 1: { a: 1 } } });
    let isLost = false;
    const disk: Disk = {
      ...nodeDisk,
      // Between the listing that finds the head and the look at its file.
      identity: async (path) => {
        if (path.startsWith(folder.commits) && !isLost) {
          isLost = true;
          await rm(folder.commits, { recursive: true });
          await commit(await another(), { 0: { 1: { a: 1 } } });
        }
        return nodeDisk.identity(path);
      },
    };
    const state = await (await another(disk)).look();
    expect(isLost).toBe(true);
    expect(state.ledger).toEqual((await (await another()).look()).ledger);
  });
});

describe('a look at what did not change', () => {
  it.each([1, 100, 1_000])(
    'costs a readdir and three stats with %i days of output',
    async (days) => {
      const { disk, counts } = createCountingDisk();
      const { folder, store } = await makePlace(disk);
      const names = Array.from({ length: days }, (_, index) => String(index));
      await commit(store, Object.fromEntries(names.map((name) => [name, { 1: { a: 1, b: 2 } }])));
      counts.reset();
      await store.look();
      expect(counts).toMatchObject({
        calls: ['identity', 'list', 'identity', 'identity'],
        bytesRead: 0,
      });

      // A new process verifies the file once, and then knows it too.
      const { disk: freshDisk, counts: fresh } = createCountingDisk();
      const other = await makePlaceOver(folder, freshDisk);
      await other.look();
      expect(fresh.bytesRead).toBeGreaterThanOrEqual((await readFile(folder.output)).length);
      fresh.reset();
      await other.look();
      expect(fresh.calls).toEqual(['identity', 'list', 'identity', 'identity']);
    },
  );
});

describe('an output that is cut while it is read', () => {
  it('is read again', async () => {
    const { folder, store, another } = await makePlace();
    await commit(store, { 0: { 1: { a: 1 } }, 1: { 1: { b: 2 } } });
    let meddled = false;
    const disk: Disk = {
      ...nodeDisk,
      open: async (path) => {
        const file = await nodeDisk.open(path);
        if (path !== folder.output || meddled) return file;
        return {
          ...file,
          read: async (buffer, position) => {
            const count = await file.read(buffer, position);
            if (!meddled) await truncate(folder.output, header.length);
            meddled = true;
            return count;
          },
        };
      },
    };
    const state = await (await another(disk)).look();
    expect(summary(state)).toMatchObject({ 0: { rows: 0 }, 1: { rows: 0 } });
  });
});
async function makePlaceOver(folder: StateFolder, disk: Disk) {
  const store = createOutputStore({ folder, shape, disk });
  await store.open();
  return store;
}

describe('the file as a stream', () => {
  it('ends where it ended when it was opened, whatever is appended meanwhile', async () => {
    const { folder, store } = await makePlace();
    await commit(store, { 0: { 1: { a: 1 } } });
    const before = await readText(folder.output);
    const file = await store.file();
    await appendFile(folder.output, 'appended in place\n'.repeat(10_000));
    let text = '';
    for await (const chunk of file?.read() ?? []) text += chunk;
    expect(text).toBe(before);
    expect(file?.sizeBytes).toBe(Buffer.byteLength(before));
  });

  it('is the version that was opened, though another is committed while it is read', async () => {
    const { folder, store } = await makePlace();
    await commit(store, { 0: { 1: { a: 1 } } });
    const before = await readText(folder.output);
    const file = await store.file();
    await commit(store, { 0: { 1: { a: 2 } }, 1: { 1: { b: 1 } } });
    let text = '';
    for await (const chunk of file?.read() ?? []) text += chunk;
    expect(text).toBe(before);
    const next = await store.file();
    expect(next?.etag).not.toBe(file?.etag);
    await next?.close();
  });
});
