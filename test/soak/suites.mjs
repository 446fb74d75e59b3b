/**
 * What a soak runs, in turn. A suite that tries everything there is to try runs once, in the first round;
 * those that are random go round and round with new seeds.
 */

/**
 * @typedef {object} Suite
 * @property {string} name
 * @property {string[]} files
 * @property {boolean} random
 */

const faults = (...names) => names.map((name) => `test/faults/${name}.test.ts`);

/** @type {Suite[]} */
export const suites = [
  { name: 'crash points', files: faults('crash-points', 'service-crash'), random: false },
  { name: 'failing operations', files: faults('failing-operations', 'answers'), random: false },
  { name: 'power cuts', files: faults('power-cut', 'kill-then-power-cut'), random: false },
  {
    name: 'processes killed and frozen',
    files: faults('killed-process', 'frozen-process'),
    random: false,
  },
  { name: 'sleeping writers', files: faults('sleeping-writer'), random: false },
  {
    name: 'the protocol as a model, and foreign versions',
    files: ['test/histories/protocol.test.ts', ...faults('foreign-version')],
    random: false,
  },
  { name: 'hostile raw files', files: faults('bad-input', 'bad-input-round-trip'), random: false },
  {
    name: 'raw files and temporary folders that change under DuckDB',
    files: ['test/engine/duckdb/changing-files.test.ts', 'test/engine/duckdb/room.test.ts'],
    random: false,
  },
  {
    name: 'DuckDB killed at every moment',
    files: ['test/datasets/duckdb.test.ts', 'test/engine/duckdb/life.test.ts'],
    random: false,
  },
  {
    name: 'histories against the model',
    files: ['test/histories/histories.test.ts', 'test/histories/oracle.test.ts'],
    random: true,
  },
  { name: 'writers over one folder', files: faults('concurrent-processes'), random: true },
  { name: 'two outputs in one folder', files: faults('two-outputs'), random: true },
  {
    name: 'damaged raw files',
    files: [
      ...faults('bad-input-fuzz'),
      'test/engine/scan-random.test.ts',
      'test/engine/scan-damage.test.ts',
      'test/engine/scan-sums.test.ts',
      'test/engine/naive.test.ts',
    ],
    random: true,
  },
  {
    name: 'engines before an outside judge',
    files: [
      'test/engine/judge.test.ts',
      'test/engine/columns/judge.test.ts',
      'test/engine/random-definitions.test.ts',
    ],
    random: true,
  },
  { name: 'a service with DuckDB under fire', files: faults('duckdb-fire'), random: true },
  {
    name: 'DuckDB before the reference',
    files: [
      'test/engine/duckdb/random-days.test.ts',
      'test/engine/duckdb/text-shape.test.ts',
      'test/engine/duckdb/plain/',
      'test/engine/jsonl/',
    ],
    random: true,
  },
  {
    name: 'SQL and Parquet before an outside judge',
    files: [
      'test/engine/duckdb/sql-random.test.ts',
      'test/engine/duckdb/parquet/judge.test.ts',
      'test/engine/duckdb/parquet/flipped.test.ts',
    ],
    random: true,
  },
  {
    name: 'Redis',
    files: ['test/faults/redis-', 'test/checkpoint/', 'test/acceptance/redis-faults.test.ts'],
    random: true,
  },
  { name: 'requests', files: ['test/faults/http-'], random: true },
  {
    name: 'answers and stops in time',
    files: [
      'test/telemetry/tracing.test.ts',
      'test/http/run-events.test.ts',
      'test/http/event-streams.test.ts',
      'test/engine/spark/failures.test.ts',
      'test/dashboard/access.test.ts',
    ],
    random: false,
  },
  { name: 'raw folders', files: ['test/acceptance/raw-changes.test.ts'], random: true },
];

/** Below this there is no time for the long variants: what fits is done in the short ones. */
export const longFromMinutes = 15;

/** What makes every suite long, and new. */
export function settingsOf(seed, minutes) {
  const isLong = minutes >= longFromMinutes;
  return {
    DAYMARK_SOAK: isLong ? '1' : '0',
    DAYMARK_PATIENCE: '6',
    DAYMARK_TIMED: '1',
    DAYMARK_SEED: String(seed),
    DAYMARK_MODEL_RUNS: isLong ? '3000' : '300',
  };
}
