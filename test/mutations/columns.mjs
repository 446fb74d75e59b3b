/** Bugs in the definition `columns`: how it is read, and what the reference makes of it. */
const model = (file) => `src/model/${file}`;
const engine = (file) => `src/engine/csv/columns/${file}`;
const cells = 'test/model/cell-of.test.ts';
const definitions = 'test/model/read-columns-definition.test.ts';
const accepts = 'test/engine/columns/accepts.test.ts';
const rejects = 'test/engine/columns/rejects.test.ts';
const headers = 'test/engine/columns/headers.test.ts';
const mistakes = 'test/model/columns-mistakes.test.ts';
const threads = 'test/engine/columns/threads.test.ts';
const judge = 'test/engine/columns/judge.test.ts';
const spark = (file) => `src/engine/spark/${file}`;
const sparkRows = 'test/engine/spark/columns.test.ts';

/** @type {import('./mutation.mjs').Mutation[]} */
export const columnsMutations = [
  // ---------------------------------------------------------------- cells
  {
    id: 'integers-without-bounds',
    file: model('cell-of.ts'),
    replace: 'return number < least64 || number > most64 ? null : String(number);',
    by: 'return String(number);',
    why: 'a number that no other engine can hold is counted',
    caughtBy: cells,
  },
  {
    id: 'decimals-cut',
    file: model('cell-of.ts'),
    replace: 'if (fraction.length > scale && !/^0+$/.test(fraction.slice(scale))) return null;',
    by: '',
    why: 'digits that the type has no room for are dropped without a word',
    caughtBy: cells,
  },
  {
    id: 'offsets-the-wrong-way',
    file: model('instant.ts'),
    replace: "sign === '-' ? -offset : offset",
    by: "sign === '-' ? offset : -offset",
    why: 'times with an offset are counted in another hour, or on another day',
    caughtBy: judge,
    only: 'agrees with DuckDB',
  },
  {
    id: 'leap-day-of-1900',
    file: model('instant.ts'),
    replace: 'year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)',
    by: 'year % 4 === 0',
    why: 'a day that never was is taken',
    caughtBy: cells,
  },
  {
    id: 'empty-cells-anywhere',
    file: engine('row-reader.ts'),
    replace: '!(isEmpty && nullable)',
    by: '!isEmpty',
    why: 'a column that must have a value in each row has none in some, and nobody is told',
    caughtBy: rejects,
  },
  {
    id: 'row-with-a-wrong-cell-blamed-elsewhere',
    file: engine('header.ts'),
    replace: 'read: read.sort((a, b) => a.place - b.place),',
    by: 'read,',
    why: 'the cells of a row are told in another order than they stand in',
    caughtBy: rejects,
  },

  // ---------------------------------------------------------------- definitions
  {
    id: 'hash-without-nulls',
    file: model('columns-definition.ts'),
    replace: "[delimiter, quote, [...new Set(['', ...nulls])].sort()]",
    by: '[delimiter, quote]',
    why: 'days made before NA stood for nothing stay as they are beside others',
    caughtBy: definitions,
  },
  {
    id: 'sum-of-text',
    file: model('column-functions.ts'),
    replace: 'sum: { takes: numbers,',
    by: 'sum: { takes: null,',
    why: 'a definition that can have no result is taken',
    caughtBy: mistakes,
  },
  {
    id: 'averages-that-add-up',
    file: model('column-functions.ts'),
    replace: '  avg: {\n    takes: numbers,\n    additive: false,',
    by: '  avg: {\n    takes: numbers,\n    additive: true,',
    why: 'averages of several days are added up',
    caughtBy: definitions,
  },

  // ---------------------------------------------------------------- groups
  {
    id: 'keys-run-together',
    file: engine('groups.ts'),
    replace: "key.join('\\0')",
    by: "key.join('')",
    why: 'the rows of two groups are counted as one',
    caughtBy: accepts,
  },
  {
    id: 'averages-cut-off',
    file: model('exact.ts'),
    replace: '(2n * dividend + divisor) / (2n * divisor)',
    by: 'dividend / divisor',
    why: 'averages are too small by up to one unit',
    caughtBy: judge,
    only: 'agrees with DuckDB',
  },
  {
    id: 'sums-of-columns-in-floating-point',
    file: engine('accumulators.ts'),
    replace: 'const exactDigits = 15;',
    by: 'const exactDigits = 16;',
    also: [['if (Number.isSafeInteger(sum)) {', 'if (Number.isFinite(sum)) {']],
    why: 'large sums are rounded without a word',
    caughtBy: accepts,
  },
  {
    id: 'overflow-not-told',
    file: engine('aggregate-columns.ts'),
    replace: '  if (log.count === 0) groups.complain(log);\n',
    by: '',
    why: 'an integer of more than 64 bits is written into the output',
    caughtBy: rejects,
  },
  {
    id: 'overflow-in-passing',
    file: engine('accumulators.ts'),
    replace: 'if (isWithin(this.#large, this.range)) this.overflow = null;',
    by: 'if (isWithin(this.#large, this.range)) return;',
    why: 'whether a day can be taken depends on the order of its rows',
    caughtBy: accepts,
  },
  {
    id: 'minima-as-text',
    file: engine('accumulators.ts'),
    replace: "compareCellsOf(measureRules[measure].typeOf(type ?? { kind: 'integer' }, 0))",
    by: "compareCellsOf({ kind: type === null ? 'integer' : 'text' })",
    why: '10 is less than 9',
    caughtBy: accepts,
  },
  {
    id: 'groups-without-bound',
    file: engine('groups.ts'),
    replace: 'if (this.#memory.isFull) throw new Error(this.#tooMany(place));',
    by: '',
    why: 'a mistaken key ends the thread, and says nothing of what was wrong',
    caughtBy: rejects,
  },

  // ---------------------------------------------------------------- files
  {
    id: 'quotes-unknown-to-the-guard',
    file: 'src/engine/csv/csv-file.ts',
    replace: 'new TextGuard(file, form?.quote)',
    by: 'new TextGuard(file)',
    why: 'where nothing is quoted, a quote hides the end of its line, and a file of it is refused',
    caughtBy: rejects,
  },
  {
    id: 'delimiter-not-recognised',
    file: engine('row-reader.ts'),
    replace: 'this.#header || sign === undefined ? null',
    by: 'this.#header !== undefined ? null',
    why: 'a quoted file with semicolons is said to have a broken quote',
    caughtBy: headers,
  },
  {
    id: 'day-column-misspelt',
    file: engine('header-problems.ts'),
    replace: "if (day === '' || folded(name) !== day) return null;",
    by: 'if (name.length > 0) return null;',
    why: 'the day of rows is not compared where the name of its column has a blank too many',
    caughtBy: headers,
    only: 'nearly the name of the day column',
  },
  {
    id: 'any-day-column',
    file: engine('row-reader.ts'),
    replace: 'if (holdsDay && cell !== this.day &&',
    by: 'if (holdsDay && cell === null &&',
    why: 'rows of another day are counted for this one',
    caughtBy: judge,
    only: 'a damaged cell is told',
  },
  {
    id: 'packed-nulls-as-text',
    file: 'src/engine/threads/packed-rows.ts',
    replace: "(cell === '' ? null : cell)",
    by: 'cell',
    why: 'rows that come from a thread are others than those made here',
    caughtBy: threads,
    only: 'rows go through as they are',
  },
  // ---------------------------------------------------------------- Spark
  {
    id: 'spark-rows-twice',
    file: 'src/engine/group-rows.ts',
    replace: 'if (last !== undefined && this.#compare(last.key, key) >= 0) throw this.malformed();',
    by: '',
    why: 'a key that an application tells twice stands twice in the output',
    caughtBy: sparkRows,
    only: 'twice',
  },
  {
    id: 'spark-sums-beyond-64-bits',
    file: 'src/engine/group-rows.ts',
    replace:
      'return is64 && (units < least64 || units > most64) ? overflow : numberOf(units, scale);',
    by: 'return numberOf(units, scale);',
    why: 'Spark puts a sum into the output that the reference refuses',
    caughtBy: sparkRows,
    only: '64 bits',
  },
  {
    id: 'spark-rows-lost',
    file: spark('take-columns.ts'),
    replace: 'if (found.records !== records) {',
    by: 'if (found.records > records) {',
    why: 'groups that an application lost are missing from the output, and nobody is told',
    caughtBy: sparkRows,
    only: 'rows are missing',
  },
  {
    id: 'spark-day-cut-in-two',
    file: spark('plan.ts'),
    replace: "const isWhole = file.kind === 'columns' && batch?.at(-1)?.day === file.day;",
    by: 'const isWhole = false;',
    why: 'a day of more files than a query takes has each of its keys twice',
    caughtBy: sparkRows,
    only: 'each as a whole',
  },
  {
    id: 'spark-without-a-cluster',
    file: 'src/config/datasets-file.ts',
    replace: 'if (file.hasSpark || !needsSpark(engine)) continue;',
    by: 'continue;',
    why: 'a dataset that needs Spark starts without one, and each of its runs is refused',
    caughtBy: 'test/config/datasets-file.test.ts',
  },
  {
    id: 'auto-takes-an-engine-that-reads-no-columns',
    file: 'src/core/choose-engine.ts',
    replace: "bytes < sparkFromBytes ? local : 'spark'",
    by: "bytes < sparkFromBytes ? 'scan' : 'spark'",
    why: 'small runs of columns fail where auto is chosen',
    caughtBy: 'test/core/choose-engine.test.ts',
  },
];
