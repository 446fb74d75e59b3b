/** Bugs in what is written for others to read, and in what is read that others wrote. */
const output = (file) => `src/output/${file}`;
const totals = 'test/model/total.test.ts';
const readBack = 'test/output/read-back.test.ts';
const runFiles = 'test/output/run-files.test.ts';
const ownRows = 'test/output/own-rows.test.ts';
const looks = 'test/output/look.test.ts';
const sparkFolders = 'test/output/spark-folder.test.ts';
const verify = 'test/cli/verify.test.ts';

/** @type {import('./mutation.mjs').Mutation[]} */
export const writtenMutations = [
  // ---------------------------------------------------------------- totals
  {
    id: 'totals-in-floating-point',
    file: 'src/model/total.ts',
    replace: 'if (Number.isSafeInteger(sum)) this.#exact = sum;',
    by: 'if (!Number.isNaN(sum)) this.#exact = sum;',
    why: 'the total of a large day is another number, and its record one that no one can read',
    caughtBy: totals,
  },
  {
    id: 'totals-in-two-forms',
    file: 'src/model/total.ts',
    replace: 'inOneForm(exactly(value)) === value',
    by: 'value.length > 0',
    why: 'equal totals read as different ones',
    caughtBy: totals,
  },
  {
    id: 'inexact-totals-read',
    file: output('totals-file.ts'),
    replace: "z.custom<Total>(isTotal, 'is not an exact total')",
    by: "z.custom<Total>((value) => isTotal(value) || typeof value === 'number')",
    why: 'a total that was rounded when it was written is answered as if it were exact',
    caughtBy: readBack,
  },
  {
    id: 'line-ends-not-quoted',
    file: output('encode.ts'),
    replace: 'const special = /[",\\r\\n]/;',
    by: 'const special = /[",\\n]/;',
    why: 'a category with a carriage return in its name is written as a line end of its own',
    caughtBy: 'test/output/encode.test.ts',
  },
  {
    id: 'day-total-in-floating-point',
    file: output('encode.ts'),
    replace: 'for (const row of some) meter.add(row);',
    by: 'meter.add({ values: [String(some.reduce((sum, { values }) => sum + Number(values[0]), 0))] });',
    why: 'a day whose total is beyond 2^53 − 1 cannot be committed any more',
    caughtBy: readBack,
  },

  // ---------------------------------------------------------------- read back before it is written
  {
    id: 'record-not-read-back',
    file: output('ledger.ts'),
    replace: 'codec.complete(codec.decode(bytes), record.snapshot),',
    by: 'bytes.length > 0 ? record : record,',
    why: 'a record that no reader takes is committed, and the whole ledger is lost with it',
    caughtBy: readBack,
  },
  {
    id: 'read-back-not-compared',
    file: output('read-back.ts'),
    replace: 'if (!isDeepStrictEqual(found, wanted)) throw',
    by: 'if (found === undefined) throw',
    why: 'a record that reads as something else than was committed is committed',
    caughtBy: readBack,
  },
  {
    id: 'run-not-read-back',
    file: output('run-files.ts'),
    replace: 'stored, () => decodeRun(bytes, id));',
    by: 'stored, () => stored);',
    why: 'the next start finds a run that it cannot read',
    caughtBy: runFiles,
  },
  {
    id: 'runs-of-other-names-taken',
    file: output('run-record.ts'),
    replace: 'if (run.id !== runId) throw',
    by: 'if (run.id === null) throw',
    why: 'a copy of a record stands for another run',
    caughtBy: runFiles,
  },
  {
    id: 'run-days-not-checked',
    file: output('run-record.ts'),
    replace: '    run: commonRun.extend({ days: z.array(runDay) }),\n',
    by: '    run: commonRun.extend({ days: z.array(z.any()) }),\n',
    why: 'a damaged record is answered with, and every list of runs is an error',
    caughtBy: runFiles,
  },

  // ---------------------------------------------------------------- what is read
  {
    id: 'rows-shorter-than-ours',
    file: output('encode.ts'),
    replace: 'longestRawRowBytes + 64 * (columns.length + 1)',
    by: 'longestRawRowBytes',
    why: 'an output with a very long category is unreadable to who wrote it, once the ledger is lost',
    caughtBy: ownRows,
  },
  {
    id: 'blank-lines-refused',
    file: output('read-rows.ts'),
    replace: 'if (!isBlank(record, end - start)) {',
    by: 'if (end > start) {',
    why: 'an output with a blank line at its end is no output',
    caughtBy: looks,
  },
  {
    id: 'quotes-are-blank',
    file: output('read-rows.ts'),
    replace: ' && sizeBytes <= 2;',
    by: ';',
    why: 'a row that is not whole is skipped in silence',
    caughtBy: looks,
  },
  {
    id: 'fractions-cut-off',
    file: 'src/model/read-cell.ts',
    replace: '/^(-?[0-9]+)\\.0+$/',
    by: '/^(-?[0-9]+)\\.[0-9]+$/',
    why: '1.5 items are adopted as another count',
    caughtBy: looks,
  },

  {
    id: 'replacement-characters-adopted',
    file: output('read-rows.ts'),
    replace: 'if (isUtf8(bytes)) return row;',
    by: 'if (bytes.length > 0) return row;',
    why: 'a category in Latin-1 is adopted under another name, and written so',
    caughtBy: looks,
  },

  // ---------------------------------------------------------------- what Spark left
  {
    id: 'headers-of-parts-stay',
    file: output('spark-folder.ts'),
    replace: 'NR == 1 || FNR > 1',
    by: 'NR > 0',
    why: 'the command that makes one file of the parts makes one that cannot be read',
    caughtBy: sparkFolders,
  },
  {
    id: 'first-row-taken-for-a-header',
    file: output('spark-folder.ts'),
    replace: "return layoutOf(dayKind).parse(withoutZeros(cell.replaceAll('\"', ''))) === null;",
    by: "return cell !== '' && layoutOf(dayKind) !== null && withoutZeros(cell) !== '';",
    why: 'a row of each part is lost where Spark wrote no header',
    caughtBy: sparkFolders,
  },
  {
    id: 'parts-verified-in-their-place',
    file: 'src/cli/one-file.ts',
    replace: '({ settings }) => settings === redisSettings',
    by: '({ settings }) => settings === redisSettings && context.args.length < 0',
    why: 'a look at the output of another job moves the checkpoint of that job',
    caughtBy: verify,
    only: 'moves no checkpoint',
  },
];
