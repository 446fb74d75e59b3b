/** Bugs around DuckDB: its locks, its processes, and what is taken from them. */
const duckdb = (file) => `src/engine/duckdb/${file}`;
const locks = 'test/engine/duckdb/locks.test.ts';
const answers = 'test/engine/duckdb/answers.test.ts';
const life = 'test/engine/duckdb/life.test.ts';
const bounds = 'test/engine/duckdb/bounds.test.ts';
const failures = 'test/engine/duckdb/failures.test.ts';
const lack = 'test/engine/duckdb/lack.test.ts';

/** @type {import('./mutation.mjs').Mutation[]} */
export const duckDbMutations = [
  {
    id: 'duckdb-reads-any-file',
    file: duckdb('lock.ts'),
    replace: "    'SET enable_external_access = false',\n",
    by: '',
    why: 'a query reads whatever the service may read',
    caughtBy: locks,
  },
  {
    id: 'duckdb-any-table-function',
    file: duckdb('lock.ts'),
    replace: 'if (!tableFunctions.has(name.toLowerCase())) {',
    by: 'if (name === null) {',
    why: 'a query changes where DuckDB logs, or runs a text that was never looked at',
    caughtBy: locks,
  },
  {
    id: 'duckdb-second-statement',
    file: duckdb('lock.ts'),
    replace: 'if (more.length > 0)',
    by: 'if (more.length > 1)',
    why: 'two statements are not refused for what they are',
    caughtBy: locks,
  },
  {
    id: 'duckdb-environment-handed-on',
    file: duckdb('duck-process.ts'),
    replace: '    env: environment,\n',
    by: '    env: { ...process.env, ...environment },\n',
    why: 'tokens and passwords lie in the process that runs other people’s queries',
    caughtBy: locks,
  },
  {
    id: 'duckdb-count-not-checked',
    file: duckdb('open-query.ts'),
    replace: 'if (announced !== rows.length)',
    by: 'if (announced < 0)',
    why: 'a result that was cut short is committed',
    caughtBy: answers,
  },
  {
    id: 'duckdb-answer-of-another-query',
    file: duckdb('duck-process.ts'),
    replace: 'message.id !== id ||',
    by: 'message.id < 0 ||',
    why: 'rows of one query count for the next',
    caughtBy: answers,
  },
  {
    id: 'duckdb-replacement-characters',
    file: duckdb('child.ts'),
    replace: "if (line.includes('\\ufffd')) columns.forEach(refuseReplaced);",
    by: '',
    why: 'bytes that are not UTF-8 become other characters without a word',
    caughtBy: failures,
  },
  {
    id: 'duckdb-places-in-bytes',
    file: duckdb('places.ts'),
    replace: "bytes.toString('utf8', 0, byte).length",
    by: 'byte',
    why: 'a mistake behind an umlaut is shown in the wrong place',
    caughtBy: failures,
  },
  {
    id: 'duckdb-deaf-process-lives',
    file: duckdb('duck-process.ts'),
    replace: 'killing = setTimeout(() => lose(why), options.cancelMs);',
    by: 'killing = setTimeout(() => why, options.cancelMs);',
    why: 'a cancelled run waits for ever for a query that does not end',
    caughtBy: answers,
  },
  {
    id: 'duckdb-silent-process-lives',
    file: duckdb('duck-process.ts'),
    replace: 'silence = setTimeout(() => setImmediate(judgeSilence), options.silentMs);',
    by: 'silence = setTimeout(() => undefined, options.silentMs);',
    why: 'a process that hangs holds up its dataset for ever',
    caughtBy: answers,
  },
  {
    id: 'duckdb-process-dies-of-ctrl-c',
    file: duckdb('child.ts'),
    replace: "for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {",
    by: "for (const signal of ['SIGINT', 'SIGHUP'] as const) {",
    why: 'a supervisor that signals all processes fails the run that the service would have ended in order',
    caughtBy: life,
  },
  {
    id: 'duckdb-process-outlives-service',
    file: duckdb('child.ts'),
    replace: "  process.kill(process.pid, 'SIGKILL');",
    by: '',
    why: 'a query runs on for hours after its service has died',
    caughtBy: life,
  },
  {
    id: 'duckdb-process-never-replaced',
    file: duckdb('child-process.ts'),
    replace: 'process.rssBytes > mostRssBytes',
    by: 'process.rssBytes > Number.MAX_SAFE_INTEGER',
    why: 'memory that DuckDB does not give back is held for ever',
    caughtBy: life,
  },
  {
    id: 'duckdb-memory-for-each',
    file: duckdb('child-process.ts'),
    replace: 'Math.floor(settings.memoryBytes / atOnce)',
    by: 'settings.memoryBytes * 64',
    why: 'queries together take many times the memory that they may',
    caughtBy: bounds,
  },
  {
    id: 'duckdb-lack-of-binary-unseen',
    file: duckdb('lack.ts'),
    replace: 'binaries.some((name) =>',
    by: "binaries.some((name) => name !== '' ||",
    why: 'a machine without the binary is told nothing until its first run fails',
    caughtBy: lack,
  },
];
